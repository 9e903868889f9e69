#include "analyzer/lower/python_lowering.h"

#include <algorithm>
#include <limits>

namespace querylint::lower {

using ir::Op;

namespace {

/// Comments are kept only when they can be a suppression.
bool speaks_to_us(std::string_view comment) { return comment.find("querylint:") != comment.npos; }

}  // namespace

ir::Module lower_python(const syntax::Tree& tree, std::string_view text, Depth depth) {
  return PythonLowering(tree, text, depth).run();
}

ir::Module PythonLowering::run() {
  const auto length = static_cast<std::uint32_t>(text_.size());
  open_function({"", ir::FunctionKind::module, {}, {0, length}, {}}, {},
                bound_names(tree_, text_, 0));
  block(0);
  close_function();
  ir::Module& module = builder_.module();
  module.has_errors = tree_.has_errors;
  for (const base::ByteRange comment : tree_.comments) {
    if (speaks_to_us(text_.substr(comment.begin, comment.end - comment.begin))) {
      module.comments.push_back(comment);
    }
  }
  return builder_.take();
}

std::string_view PythonLowering::text_of(NodeIndex node) const {
  const base::ByteRange range = tree_[node].range;
  return text_.substr(range.begin, range.end - range.begin);
}

std::optional<syntax::NodeIndex> PythonLowering::child(NodeIndex parent, Field field) const {
  for (NodeIndex i = parent + 1; i < tree_[parent].subtree_end; i = tree_.next_sibling(i)) {
    if (tree_[i].field == field) return i;
  }
  return std::nullopt;
}

std::vector<syntax::NodeIndex> PythonLowering::children(NodeIndex parent) const {
  std::vector<NodeIndex> found;
  for (NodeIndex i = parent + 1; i < tree_[parent].subtree_end; i = tree_.next_sibling(i)) {
    if (tree_[i].kind != Kind::token) found.push_back(i);
  }
  return found;
}

std::vector<syntax::NodeIndex> PythonLowering::children(NodeIndex parent, Field field) const {
  std::vector<NodeIndex> found;
  for (NodeIndex i = parent + 1; i < tree_[parent].subtree_end; i = tree_.next_sibling(i)) {
    if (tree_[i].field == field) found.push_back(i);
  }
  return found;
}

std::vector<syntax::NodeIndex> PythonLowering::children(NodeIndex parent, Kind kind) const {
  std::vector<NodeIndex> found;
  for (NodeIndex i = parent + 1; i < tree_[parent].subtree_end; i = tree_.next_sibling(i)) {
    if (tree_[i].kind == kind) found.push_back(i);
  }
  return found;
}

bool PythonLowering::has_async(NodeIndex node) const {
  const NodeIndex first = node + 1;
  return first < tree_[node].subtree_end && tree_[first].kind == Kind::token &&
         tree_[first].field == Field::none;
}

ir::Operand PythonLowering::emit(Op op, NodeIndex node, std::uint32_t a, std::uint32_t b,
                                 std::uint32_t c) {
  return builder_.emit({op, 0, 0, a, b, c, tree_[node].range});
}

ir::Operand PythonLowering::emit_pooled(Op op, std::uint8_t detail, NodeIndex node, std::uint32_t a,
                                        const std::vector<std::uint32_t>& operands,
                                        std::size_t operands_per_entry) {
  const std::size_t most = std::numeric_limits<std::uint16_t>::max();
  const std::size_t entries = std::min(operands.size() / operands_per_entry, most);
  const Operand operand = emit(op, node, a, builder_.add_to_pool(operands));
  builder_.at(operand).detail = detail;
  builder_.at(operand).count = static_cast<std::uint16_t>(entries);
  return operand;
}

ir::Operand PythonLowering::unknown(NodeIndex node) {
  return emit_detailed(Op::constant, ir::ConstantKind::unknown, node);
}

ir::Operand PythonLowering::load(std::string_view name, NodeIndex node) {
  const Variable variable = scopes_.resolve(name);
  const std::uint32_t a =
      variable.scope == ir::Scope::global ? builder_.text(name).value : variable.index;
  return emit_detailed(Op::load, variable.scope, node, a);
}

ir::Operand PythonLowering::load_slot(std::uint32_t slot, NodeIndex node) {
  return emit_detailed(Op::load, ir::Scope::local, node, slot);
}

void PythonLowering::store(std::string_view name, Operand value, NodeIndex node) {
  const Variable variable = scopes_.resolve(name);
  const std::uint32_t a =
      variable.scope == ir::Scope::global ? builder_.text(name).value : variable.index;
  emit_detailed(Op::store, variable.scope, node, a, value.value);
}

void PythonLowering::store_slot(std::uint32_t slot, Operand value, NodeIndex node) {
  emit_detailed(Op::store, ir::Scope::local, node, slot, value.value);
}

bool PythonLowering::descend(NodeIndex node) {
  if (nesting_ >= depth_limit) {
    builder_.module().cut.push_back(tree_[node].range);
    builder_.current().is_broken = true;
    return false;
  }
  ++nesting_;
  return true;
}

}  // namespace querylint::lower
