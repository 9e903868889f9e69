#include "analyzer/lower/python_lowering.h"

namespace querylint::lower {
namespace {

using ir::FunctionKind;
using ir::Op;
using ir::ParameterKind;

}  // namespace

void PythonLowering::decorated_definition(NodeIndex node) {
  std::vector<std::uint32_t> decorators;
  for (const NodeIndex decorator : children(node, Kind::decorator_)) {
    const std::vector<NodeIndex> inner = children(decorator);
    if (!inner.empty()) decorators.push_back(expression(inner.front()).value);
  }
  const std::optional<NodeIndex> definition = child(node, Field::definition_);
  if (!definition) return;
  if (tree_[*definition].kind == Kind::class_definition_) {
    class_definition(*definition, decorators);
  } else {
    function_definition(*definition, decorators);
  }
}

void PythonLowering::function_definition(NodeIndex node,
                                         const std::vector<std::uint32_t>& decorators) {
  const std::optional<NodeIndex> name = child(node, Field::name_);
  const std::optional<NodeIndex> body = child(node, Field::body_);
  if (!name || !body) return;
  const Parameters list = parameters(child(node, Field::parameters_));
  const Operand returns = optional_expression(child(node, Field::return_type_));
  const ir::Function& around = builder_.current();
  FunctionHead head{
      text_of(*name), FunctionKind::function, {}, tree_[node].range, tree_[*name].range};
  if (around.kind == FunctionKind::class_body) head.owner = around.owner;
  const bool skip_body = depth_ == Depth::declarations;
  const ir::FunctionIndex index{static_cast<std::uint32_t>(builder_.module().functions.size())};
  open_function(head, list, skip_body ? BoundNames{} : bound_names(tree_, text_, *body));
  ir::Function& function = builder_.current();
  function.is_async = has_async(node);
  function.is_broken = tree_.has_errors && contains_error(node);
  function.return_annotation = returns;
  if (!skip_body) block(*body);
  close_function();
  store(text_of(*name), define(0, index.value, node, decorators), *name);
}

void PythonLowering::class_definition(NodeIndex node,
                                      const std::vector<std::uint32_t>& decorators) {
  const std::optional<NodeIndex> name = child(node, Field::name_);
  const std::optional<NodeIndex> body = child(node, Field::body_);
  if (!name || !body) return;
  std::vector<std::uint32_t> bases;
  if (const auto list = child(node, Field::superclasses_)) {
    for (const NodeIndex base : children(*list)) {
      if (tree_[base].kind == Kind::keyword_argument_) continue;
      bases.push_back(expression(base).value);
    }
  }
  const ir::ClassIndex index = builder_.new_class();
  ir::Class description;
  description.name = builder_.text(text_of(*name));
  description.qualified_name = builder_.text(builder_.qualified(text_of(*name)));
  description.first_base = builder_.add_to_pool(bases);
  description.base_count = static_cast<std::uint32_t>(bases.size());
  description.range = tree_[node].range;
  description.name_range = tree_[*name].range;
  description.body = {static_cast<std::uint32_t>(builder_.module().functions.size())};
  builder_.class_at(index) = description;
  open_function(
      {text_of(*name), FunctionKind::class_body, index, tree_[node].range, tree_[*name].range}, {},
      bound_names(tree_, text_, *body));
  block(*body);
  close_function();
  store(text_of(*name), define(1, index.value, node, decorators), *name);
}

PythonLowering::Parameters PythonLowering::parameters(std::optional<NodeIndex> list) {
  Parameters result;
  if (!list) return result;
  ParameterKind kind = ParameterKind::positional;
  for (const NodeIndex node : children(*list)) {
    if (tree_[node].kind == Kind::keyword_separator_) kind = ParameterKind::keyword_only;
    add_parameter(node, kind, result);
    const bool starred =
        !result.entries.empty() && result.entries.back().kind == ParameterKind::rest;
    if (starred) kind = ParameterKind::keyword_only;
  }
  return result;
}

void PythonLowering::add_parameter(NodeIndex node, ParameterKind kind, Parameters& list) {
  NodeIndex name = node;
  if (const auto named = child(node, Field::name_)) {
    name = *named;
  } else if (tree_[node].kind == Kind::typed_parameter_) {
    name = node + 1;
  }
  if (tree_[name].kind == Kind::list_splat_pattern_) {
    kind = ParameterKind::rest;
    ++name;
  } else if (tree_[name].kind == Kind::dictionary_splat_pattern_) {
    kind = ParameterKind::rest_keywords;
    ++name;
  }
  if (name >= tree_[node].subtree_end || tree_[name].kind != Kind::identifier_) return;
  ir::Parameter parameter;
  parameter.name = builder_.text(text_of(name));
  parameter.kind = kind;
  parameter.default_value = optional_expression(child(node, Field::value_));
  parameter.annotation = optional_expression(child(node, Field::type_));
  list.entries.push_back(parameter);
  list.names.push_back(text_of(name));
}

void PythonLowering::open_function(const FunctionHead& head, const Parameters& parameters,
                                   const BoundNames& names) {
  builder_.open_function(head);
  for (const ir::Parameter& parameter : parameters.entries) builder_.add_parameter(parameter);
  scopes_.enter(head.kind, parameters.names, names);
}

void PythonLowering::close_function() {
  scopes_.leave();
  builder_.close_function();
}

ir::Operand PythonLowering::define(std::uint8_t what, std::uint32_t index, NodeIndex node,
                                   const std::vector<std::uint32_t>& decorators) {
  const Operand operand = emit_pooled(Op::define, what, node, index, decorators, 1);
  return operand;
}

bool PythonLowering::contains_error(NodeIndex node) const {
  for (NodeIndex i = node; i < tree_[node].subtree_end; ++i) {
    if (tree_[i].kind == Kind::error || tree_[i].missing) return true;
  }
  return false;
}

}  // namespace querylint::lower
