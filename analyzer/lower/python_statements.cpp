#include "analyzer/lower/python_lowering.h"

namespace querylint::lower {
namespace {

using ir::BranchKind;
using ir::ConstantKind;
using ir::JumpKind;
using ir::LoopKind;
using ir::Op;
using ir::Scope;
using syntax::Kind;

bool is_literal(Kind kind) {
  return kind == Kind::string_ || kind == Kind::concatenated_string_ || kind == Kind::ellipsis_;
}

}  // namespace

void PythonLowering::block(NodeIndex node) {
  for (const NodeIndex inner : children(node)) statement(inner);
}

void PythonLowering::statement(NodeIndex node) {
  if (!descend(node)) return;
  statement_inside(node);
  ascend();
}

void PythonLowering::statement_inside(NodeIndex node) {
  switch (tree_[node].kind) {
    case Kind::expression_statement_:
      return expression_statement(node);
    case Kind::if_statement_:
      return if_statement(node);
    case Kind::for_statement_:
      return for_statement(node);
    case Kind::while_statement_:
      return while_statement(node);
    case Kind::try_statement_:
      return try_statement(node);
    case Kind::with_statement_:
      return with_statement(node);
    case Kind::match_statement_:
      return match_statement(node);
    case Kind::function_definition_:
      return function_definition(node, {});
    case Kind::class_definition_:
      return class_definition(node, {});
    case Kind::decorated_definition_:
      return decorated_definition(node);
    case Kind::assert_statement_:
      return assert_statement(node);
    case Kind::import_statement_:
      return import_statement(node);
    case Kind::import_from_statement_:
      return import_from_statement(node);
    case Kind::return_statement_:
    case Kind::raise_statement_: {
      const std::vector<NodeIndex> values = children(node);
      const Operand value = values.empty() ? Operand{} : expression(values.front());
      emit(tree_[node].kind == Kind::return_statement_ ? Op::return_ : Op::raise, node,
           value.value);
      return;
    }
    case Kind::break_statement_:
      emit_detailed(Op::jump, JumpKind::break_, node);
      return;
    case Kind::continue_statement_:
      emit_detailed(Op::jump, JumpKind::continue_, node);
      return;
    case Kind::print_statement_:
    case Kind::exec_statement_:
      for (const NodeIndex argument : children(node)) expression(argument);
      return;
    case Kind::block_:
    case Kind::error:
      return block(node);  // what stands inside a broken piece may still be whole statements
    default:
      return;
  }
}

void PythonLowering::expression_statement(NodeIndex node) {
  for (const NodeIndex inner : children(node)) {
    if (!is_literal(tree_[inner].kind)) expression(inner);
  }
}

ir::Operand PythonLowering::assignment(NodeIndex node) {
  const std::optional<NodeIndex> target = child(node, Field::left_);
  Operand value = optional_expression(child(node, Field::right_));
  if (const auto type = child(node, Field::type_)) {
    const Operand annotation = expression(*type);
    value = emit(Op::annotated, node, value.value, annotation.value);
  }
  if (!target || !value) return unknown(node);
  assign(*target, value);
  return value;
}

ir::Operand PythonLowering::augmented_assignment(NodeIndex node) {
  const std::optional<NodeIndex> target = child(node, Field::left_);
  const std::optional<NodeIndex> right = child(node, Field::right_);
  const std::optional<NodeIndex> token = child(node, Field::operator_);
  if (!target || !right || !token) return unknown(node);
  const Operand old_value = expression(*target);
  const Operand operand = expression(*right);
  const Operand operate = emit_detailed(Op::operate, binary_operator(text_of(*token)), node,
                                        old_value.value, operand.value);
  assign(*target, operate);
  return operate;
}

void PythonLowering::assign(NodeIndex target, Operand value) {
  switch (tree_[target].kind) {
    case Kind::identifier_:
      return store(text_of(target), value, target);
    case Kind::attribute_: {
      const Operand object = optional_expression(child(target, Field::object_));
      const std::optional<NodeIndex> name = child(target, Field::attribute_);
      if (!object || !name) return;
      emit(Op::set_attribute, target, object.value, builder_.text(text_of(*name)).value,
           value.value);
      return;
    }
    case Kind::subscript_: {
      const std::vector<NodeIndex> inner = children(target);
      if (inner.empty()) return;
      const Operand object = expression(inner.front());
      const Operand key = subscript_key(target);
      emit(Op::set_index, target, object.value, key.value, value.value);
      return;
    }
    case Kind::pattern_list_:
    case Kind::tuple_pattern_:
    case Kind::list_pattern_:
    case Kind::tuple_:
    case Kind::list_:
    case Kind::expression_list_:
      return unpack(target, value);
    case Kind::parenthesized_expression_:
    case Kind::as_pattern_target_:
    case Kind::list_splat_pattern_:
    case Kind::list_splat_:
      if (target + 1 < tree_[target].subtree_end) assign(target + 1, value);
      return;
    default:
      return;
  }
}

void PythonLowering::unpack(NodeIndex targets, Operand value) {
  if (!descend(targets)) return;
  const std::vector<NodeIndex> parts = children(targets);
  bool after_star = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Kind kind = tree_[parts[i]].kind;
    const bool starred = kind == Kind::list_splat_pattern_ || kind == Kind::list_splat_;
    const std::size_t position = after_star ? parts.size() - 1 - i : i;
    const int detail = starred ? 1 : after_star ? 2 : 0;
    const Operand part = emit_detailed(Op::unpack, detail, parts[i], value.value,
                                       static_cast<std::uint32_t>(position));
    assign(parts[i], part);
    after_star = after_star || starred;
  }
  ascend();
}

void PythonLowering::if_statement(NodeIndex node) {
  std::vector<NodeIndex> clauses = {node};
  for (const NodeIndex clause : children(node, Field::alternative_)) clauses.push_back(clause);
  alternatives(clauses, 0);
}

/// One `if` or `elif` and, in its else-region, those after it.
void PythonLowering::alternatives(const std::vector<NodeIndex>& clauses, std::size_t next) {
  if (next == clauses.size()) return;
  const NodeIndex clause = clauses[next];
  if (!descend(clause)) return;
  if (tree_[clause].kind == Kind::else_clause_) {
    if (const auto body = child(clause, Field::body_)) block(*body);
  } else {
    const Operand condition = optional_expression(child(clause, Field::condition_));
    const Operand branch = emit_detailed(Op::branch, BranchKind::if_, clause, condition.value);
    if (const auto body = child(clause, Field::consequence_)) block(*body);
    end_first_region(branch);
    alternatives(clauses, next + 1);
    end_regions(branch);
  }
  ascend();
}

void PythonLowering::for_statement(NodeIndex node) {
  const std::optional<NodeIndex> left = child(node, Field::left_);
  const std::optional<NodeIndex> right = child(node, Field::right_);
  if (!left || !right) return;
  const Operand iterable = expression(*right);
  const Operand loop = emit_detailed(Op::loop, LoopKind::for_, node, iterable.value);
  builder_.at(loop).count = has_async(node) ? 1 : 0;
  assign(*left, loop);
  if (const auto body = child(node, Field::body_)) block(*body);
  end_first_region(loop);
  for (const NodeIndex clause : children(node, Field::alternative_)) {
    if (const auto body = child(clause, Field::body_)) block(*body);
  }
  end_regions(loop);
}

void PythonLowering::while_statement(NodeIndex node) {
  const Operand loop = emit_detailed(Op::loop, LoopKind::while_, node);
  const Operand condition = optional_expression(child(node, Field::condition_));
  const Operand branch = emit_detailed(Op::branch, BranchKind::while_, node, condition.value);
  if (const auto body = child(node, Field::body_)) block(*body);
  end_first_region(branch);
  emit_detailed(Op::jump, JumpKind::break_, node);
  end_regions(branch);
  end_first_region(loop);
  for (const NodeIndex clause : children(node, Field::alternative_)) {
    if (const auto body = child(clause, Field::body_)) block(*body);
  }
  end_regions(loop);
}

void PythonLowering::try_statement(NodeIndex node) {
  const Operand opened = emit(Op::try_, node);
  if (const auto body = child(node, Field::body_)) block(*body);
  for (const NodeIndex clause : children(node, Kind::else_clause_)) {
    if (const auto body = child(clause, Field::body_)) block(*body);
  }
  end_first_region(opened);
  for (const NodeIndex clause : children(node, Kind::except_clause_)) except_clause(clause);
  end_regions(opened);
  for (const NodeIndex clause : children(node, Kind::finally_clause_)) {
    for (const NodeIndex body : children(clause)) block(body);
  }
}

void PythonLowering::except_clause(NodeIndex node) {
  const std::optional<NodeIndex> value = child(node, Field::value_);
  const Operand type = optional_expression(value);
  const Operand handler = emit(Op::handler, node, type.value);
  std::optional<NodeIndex> name = child(node, Field::alias_);
  if (value && tree_[*value].kind == Kind::as_pattern_) name = child(*value, Field::alias_);
  if (name) assign(*name, handler);
  for (const NodeIndex body : children(node, Kind::block_)) block(body);
  end_regions(handler);
}

void PythonLowering::with_statement(NodeIndex node) {
  std::vector<Operand> opened;
  for (const NodeIndex clause : children(node, Kind::with_clause_)) {
    for (const NodeIndex item : children(clause, Kind::with_item_)) {
      const std::optional<NodeIndex> value = child(item, Field::value_);
      if (!value) continue;
      const Operand context = expression(*value);
      opened.push_back(emit(Op::with, item, context.value));
      if (tree_[*value].kind != Kind::as_pattern_) continue;
      if (const auto alias = child(*value, Field::alias_)) assign(*alias, opened.back());
    }
  }
  if (const auto body = child(node, Field::body_)) block(*body);
  for (auto open = opened.rbegin(); open != opened.rend(); ++open) end_regions(*open);
}

void PythonLowering::match_statement(NodeIndex node) {
  for (const NodeIndex subject : children(node, Field::subject_)) expression(subject);
  if (const auto body = child(node, Field::body_)) {
    case_clauses(children(*body, Kind::case_clause_), 0);
  }
}

/// Patterns are not followed: each case may be the one, and what it binds is unknown.
void PythonLowering::case_clauses(const std::vector<NodeIndex>& clauses, std::size_t next) {
  if (next == clauses.size()) return;
  const NodeIndex clause = clauses[next];
  if (!descend(clause)) return;
  const Operand condition = unknown(clause);
  const Operand branch = emit_detailed(Op::branch, BranchKind::case_, clause, condition.value);
  std::vector<std::string_view> names;
  for (const NodeIndex pattern : children(clause, Kind::case_pattern_)) {
    pattern_names(tree_, text_, pattern, names);
  }
  for (const std::string_view name : names) store(name, unknown(clause), clause);
  if (const auto guard = child(clause, Field::guard_)) {
    for (const NodeIndex part : children(*guard)) expression(part);
  }
  if (const auto body = child(clause, Field::consequence_)) block(*body);
  end_first_region(branch);
  case_clauses(clauses, next + 1);
  end_regions(branch);
  ascend();
}

void PythonLowering::assert_statement(NodeIndex node) {
  const std::vector<NodeIndex> parts = children(node);
  if (parts.empty()) return;
  const Operand condition = expression(parts.front());
  const Operand branch = emit_detailed(Op::branch, BranchKind::assert_, node, condition.value);
  end_first_region(branch);
  emit(Op::raise, node);
  end_regions(branch);
}

void PythonLowering::import_statement(NodeIndex node) {
  for (const NodeIndex name : children(node, Field::name_)) {
    if (tree_[name].kind == Kind::aliased_import_) {
      const std::optional<NodeIndex> path = child(name, Field::name_);
      const std::optional<NodeIndex> alias = child(name, Field::alias_);
      if (!path || !alias) continue;
      const Operand module = emit(Op::import, name, builder_.text(text_of(*path)).value);
      store(text_of(*alias), module, name);
    } else {
      const Operand module = emit_detailed(Op::import, 1, name, builder_.text(text_of(name)).value);
      store(text_of(name + 1), module, name);
    }
  }
}

void PythonLowering::import_from_statement(NodeIndex node) {
  const std::optional<NodeIndex> path = child(node, Field::module_name_);
  if (!path) return;
  const std::uint32_t module = builder_.text(text_of(*path)).value;
  for (const NodeIndex name : children(node, Field::name_)) {
    const bool aliased = tree_[name].kind == Kind::aliased_import_;
    const std::optional<NodeIndex> member = aliased ? child(name, Field::name_) : name;
    const std::optional<NodeIndex> alias = aliased ? child(name, Field::alias_) : name;
    if (!member || !alias) continue;
    const Operand value = emit(Op::import, name, module, builder_.text(text_of(*member)).value);
    store(text_of(*alias), value, name);
  }
  for (const NodeIndex all : children(node, Kind::wildcard_import_)) {
    emit(Op::import, all, module, builder_.text("*").value);
  }
}

}  // namespace querylint::lower
