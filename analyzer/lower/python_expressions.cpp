#include <algorithm>
#include <utility>

#include "analyzer/lower/python_lowering.h"

namespace querylint::lower {
namespace {

using ir::BranchKind;
using ir::BuildKind;
using ir::ConstantKind;
using ir::LoopKind;
using ir::Op;
using ir::Operator;
using syntax::Kind;

constexpr std::uint32_t nowhere = ir::Instruction::nowhere;

Operator comparison_operator(std::string_view token) {
  if (token == "==") return Operator::equal;
  if (token == "!=" || token == "<>") return Operator::not_equal;
  if (token == "<") return Operator::less;
  if (token == "<=") return Operator::less_equal;
  if (token == ">") return Operator::greater;
  if (token == ">=") return Operator::greater_equal;
  if (token == "is") return Operator::is;
  if (token.starts_with("is")) return Operator::is_not;
  if (token == "in") return Operator::in;
  return Operator::not_in;
}

}  // namespace

ir::Operator binary_operator(std::string_view token) {
  if (token.ends_with('=')) token.remove_suffix(1);
  if (token == "+") return Operator::add;
  if (token == "-") return Operator::subtract;
  if (token == "*") return Operator::multiply;
  if (token == "/") return Operator::divide;
  if (token == "%") return Operator::modulo;
  if (token == "**") return Operator::power;
  if (token == "&") return Operator::bit_and;
  if (token == "|") return Operator::bit_or;
  if (token == "^") return Operator::bit_xor;
  return Operator::other_binary;
}

ir::Operand PythonLowering::expression(NodeIndex node) {
  if (!descend(node)) return unknown(node);
  const Operand result = expression_inside(node);
  ascend();
  return result;
}

ir::Operand PythonLowering::optional_expression(std::optional<NodeIndex> node) {
  return node ? expression(*node) : Operand{};
}

ir::Operand PythonLowering::expression_inside(NodeIndex node) {
  switch (tree_[node].kind) {
    case Kind::identifier_:
      return load(text_of(node), node);
    case Kind::attribute_:
      return attribute(node);
    case Kind::call_:
      return call(node);
    case Kind::subscript_:
    case Kind::generic_type_:
      return subscript(node);
    case Kind::string_:
    case Kind::concatenated_string_:
      return string(node);
    case Kind::none_:
      return emit_detailed(Op::constant, ConstantKind::none, node);
    case Kind::true_:
      return emit_detailed(Op::constant, ConstantKind::true_, node);
    case Kind::false_:
      return emit_detailed(Op::constant, ConstantKind::false_, node);
    case Kind::ellipsis_:
      return emit_detailed(Op::constant, ConstantKind::ellipsis, node);
    case Kind::integer_:
    case Kind::float_:
      return emit_detailed(Op::constant, ConstantKind::number, node,
                           builder_.text(text_of(node)).value);
    case Kind::tuple_:
    case Kind::expression_list_:
    case Kind::pattern_list_:
    case Kind::tuple_pattern_:
      return sequence(BuildKind::tuple, node);
    case Kind::list_:
    case Kind::list_pattern_:
      return sequence(BuildKind::list, node);
    case Kind::set_:
      return sequence(BuildKind::set, node);
    case Kind::dictionary_:
      return dictionary(node);
    case Kind::binary_operator_:
    case Kind::union_type_:
      return binary(node);
    case Kind::comparison_operator_:
      return comparison(node);
    case Kind::boolean_operator_:
      return boolean(node);
    case Kind::conditional_expression_:
      return conditional(node);
    case Kind::named_expression_:
      return named(node);
    case Kind::not_operator_: {
      const Operand operand = optional_expression(child(node, Field::argument_));
      return emit_detailed(Op::operate, Operator::not_, node, operand.value);
    }
    case Kind::unary_operator_: {
      const bool negates = text_of(node).starts_with('-');
      const Operand operand = optional_expression(child(node, Field::argument_));
      return emit_detailed(Op::operate, negates ? Operator::negate : Operator::invert, node,
                           operand.value);
    }
    case Kind::list_comprehension_:
      return comprehension(BuildKind::list, LoopKind::list, node);
    case Kind::set_comprehension_:
      return comprehension(BuildKind::set, LoopKind::set, node);
    case Kind::dictionary_comprehension_:
      return comprehension(BuildKind::dict, LoopKind::dict, node);
    case Kind::generator_expression_:
      return comprehension(BuildKind::generator, LoopKind::generator, node);
    case Kind::lambda_:
      return lambda(node);
    case Kind::await_: {
      const std::vector<NodeIndex> inner = children(node);
      if (inner.empty()) return unknown(node);
      return emit(Op::await, node, expression(inner.front()).value);
    }
    case Kind::yield_:
      return yield(node);
    case Kind::assignment_:
      return assignment(node);
    case Kind::augmented_assignment_:
      return augmented_assignment(node);
    case Kind::list_splat_:
    case Kind::dictionary_splat_: {
      const std::vector<NodeIndex> inner = children(node);
      if (inner.empty()) return unknown(node);
      const int mapping = tree_[node].kind == Kind::dictionary_splat_ ? 1 : 0;
      return emit_detailed(Op::spread, mapping, node, expression(inner.front()).value);
    }
    case Kind::parenthesized_expression_:
    case Kind::parenthesized_list_splat_:
    case Kind::type_:
    case Kind::as_pattern_: {
      const std::vector<NodeIndex> inner = children(node);
      return inner.empty() ? unknown(node) : expression(inner.front());
    }
    default:
      return unknown(node);
  }
}

ir::Operand PythonLowering::attribute(NodeIndex node) {
  const Operand object = optional_expression(child(node, Field::object_));
  const std::optional<NodeIndex> name = child(node, Field::attribute_);
  if (!object || !name) return unknown(node);
  return emit(Op::attribute, node, object.value, builder_.text(text_of(*name)).value);
}

ir::Operand PythonLowering::subscript(NodeIndex node) {
  const std::vector<NodeIndex> inner = children(node);
  if (inner.empty()) return unknown(node);
  const Operand object = expression(inner.front());
  return emit(Op::index, node, object.value, subscript_key(node).value);
}

/// What stands between the brackets: several keys are a tuple.
ir::Operand PythonLowering::subscript_key(NodeIndex node) {
  std::vector<NodeIndex> keys = children(node);
  keys.erase(keys.begin());
  if (keys.size() == 1 && tree_[keys[0]].kind == Kind::type_parameter_) keys = children(keys[0]);
  std::vector<std::uint32_t> operands;
  for (const NodeIndex key : keys) {
    const bool is_slice = tree_[key].kind == Kind::slice_;
    operands.push_back((is_slice ? slice(key) : expression(key)).value);
  }
  if (operands.empty()) return unknown(node);
  if (operands.size() == 1) return {operands.front()};
  return emit_pooled(Op::build, static_cast<std::uint8_t>(BuildKind::tuple), node, nowhere,
                     operands, 1);
}

/// `lower:upper:step` with three operands, absent ones nowhere.
ir::Operand PythonLowering::slice(NodeIndex node) {
  std::vector<std::uint32_t> parts(3, nowhere);
  std::size_t part = 0;
  std::uint32_t position = tree_[node].range.begin;
  const auto count_colons = [&](std::uint32_t end) {
    const std::string_view gap = text_.substr(position, end - position);
    part += static_cast<std::size_t>(std::count(gap.begin(), gap.end(), ':'));
  };
  for (const NodeIndex inner : children(node)) {
    count_colons(tree_[inner].range.begin);
    const Operand value = expression(inner);
    if (part < parts.size()) parts[part] = value.value;
    position = tree_[inner].range.end;
  }
  return emit_pooled(Op::build, static_cast<std::uint8_t>(BuildKind::slice), node, nowhere, parts,
                     1);
}

ir::Operand PythonLowering::call(NodeIndex node) {
  const Operand callee = optional_expression(child(node, Field::function_));
  const std::optional<NodeIndex> arguments = child(node, Field::arguments_);
  if (!callee || !arguments) return unknown(node);
  std::vector<std::uint32_t> operands;
  if (tree_[*arguments].kind == Kind::generator_expression_) {
    operands = {expression(*arguments).value, nowhere};
  } else {
    for (const NodeIndex argument : children(*arguments)) {
      if (tree_[argument].kind == Kind::keyword_argument_) {
        const std::optional<NodeIndex> name = child(argument, Field::name_);
        const Operand value = optional_expression(child(argument, Field::value_));
        if (!value || !name) continue;
        operands.push_back(value.value);
        operands.push_back(builder_.text(text_of(*name)).value);
      } else {
        operands.push_back(expression(argument).value);
        operands.push_back(nowhere);
      }
    }
  }
  return emit_pooled(Op::call, 0, node, callee.value, operands, 2);
}

ir::Operand PythonLowering::sequence(BuildKind kind, NodeIndex node) {
  std::vector<std::uint32_t> operands;
  for (const NodeIndex element : children(node)) operands.push_back(expression(element).value);
  return emit_pooled(Op::build, static_cast<std::uint8_t>(kind), node, nowhere, operands, 1);
}

ir::Operand PythonLowering::dictionary(NodeIndex node) {
  std::vector<std::uint32_t> operands;
  for (const NodeIndex entry : children(node)) {
    if (tree_[entry].kind == Kind::pair_) {
      const Operand key = optional_expression(child(entry, Field::key_));
      const Operand value = optional_expression(child(entry, Field::value_));
      if (!key || !value) continue;
      operands.push_back(key.value);
      operands.push_back(value.value);
    } else {
      operands.push_back(nowhere);
      operands.push_back(expression(entry).value);
    }
  }
  return emit_pooled(Op::build, static_cast<std::uint8_t>(BuildKind::dict), node, nowhere, operands,
                     2);
}

ir::Operand PythonLowering::binary(NodeIndex node) {
  const std::vector<NodeIndex> operands = children(node);
  if (operands.size() != 2) return unknown(node);
  const std::optional<NodeIndex> token = child(node, Field::operator_);
  const Operand left = expression(operands[0]);
  const Operand right = expression(operands[1]);
  const Operator kind = token ? binary_operator(text_of(*token)) : Operator::bit_or;
  return emit_detailed(Op::operate, kind, node, left.value, right.value);
}

/// `a < b <= c` is `a < b and b <= c`; since nothing here branches on values, the first operand
/// that was compared stays in the last result.
ir::Operand PythonLowering::comparison(NodeIndex node) {
  const std::vector<NodeIndex> operands = children(node);
  const std::vector<NodeIndex> tokens = children(node, Field::operators_);
  if (operands.size() < 2 || tokens.size() + 1 != operands.size()) return unknown(node);
  Operand left = expression(operands[0]);
  Operand result;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Operand right = expression(operands[i + 1]);
    result = emit_detailed(Op::operate, comparison_operator(text_of(tokens[i])), node, left.value,
                           right.value);
    left = right;
  }
  return result;
}

/// Short-circuit operators and conditional expressions are branches that store to a hidden
/// variable.
ir::Operand PythonLowering::boolean(NodeIndex node) {
  const std::optional<NodeIndex> left = child(node, Field::left_);
  const std::optional<NodeIndex> right = child(node, Field::right_);
  const std::optional<NodeIndex> token = child(node, Field::operator_);
  if (!left || !right || !token) return unknown(node);
  const bool is_and = text_of(*token) == "and";
  const std::uint32_t result = builder_.new_slot("");
  const Operand first = expression(*left);
  store_slot(result, first, node);
  const Operand branch =
      emit_detailed(Op::branch, is_and ? BranchKind::and_ : BranchKind::or_, node, first.value);
  if (!is_and) end_first_region(branch);
  store_slot(result, expression(*right), node);
  if (is_and) end_first_region(branch);
  end_regions(branch);
  return load_slot(result, node);
}

ir::Operand PythonLowering::conditional(NodeIndex node) {
  const std::vector<NodeIndex> parts = children(node);  // then-value, condition, else-value
  if (parts.size() != 3) return unknown(node);
  const std::uint32_t result = builder_.new_slot("");
  const Operand condition = expression(parts[1]);
  const Operand branch = emit_detailed(Op::branch, BranchKind::conditional, node, condition.value);
  store_slot(result, expression(parts[0]), node);
  end_first_region(branch);
  store_slot(result, expression(parts[2]), node);
  end_regions(branch);
  return load_slot(result, node);
}

ir::Operand PythonLowering::named(NodeIndex node) {
  const std::optional<NodeIndex> name = child(node, Field::name_);
  const Operand value = optional_expression(child(node, Field::value_));
  if (!name || !value) return unknown(node);
  store(text_of(*name), value, node);
  return value;
}

ir::Operand PythonLowering::comprehension(BuildKind build, LoopKind loop, NodeIndex node) {
  const std::vector<NodeIndex> clauses = children(node, Kind::for_in_clause_);
  if (clauses.empty()) return unknown(node);
  const std::optional<NodeIndex> right = child(clauses.front(), Field::right_);
  if (!right) return unknown(node);
  const Operand first_iterable = expression(*right);  // evaluated outside the new scope
  const std::uint32_t result = builder_.new_slot("");
  const Operand empty =
      emit_pooled(Op::build, static_cast<std::uint8_t>(build), node, nowhere, {}, 1);
  store_slot(result, empty, node);
  scopes_.enter_comprehension();
  comprehension_clauses(loop, node, first_iterable, result);
  scopes_.leave_comprehension();
  return load_slot(result, node);
}

void PythonLowering::comprehension_clauses(LoopKind loop, NodeIndex node, Operand first_iterable,
                                           std::uint32_t result_slot) {
  std::vector<Operand> opened;
  for (const NodeIndex clause : children(node)) {
    if (tree_[clause].kind == Kind::for_in_clause_) {
      const std::optional<NodeIndex> left = child(clause, Field::left_);
      const std::optional<NodeIndex> right = child(clause, Field::right_);
      if (!left || !right) continue;
      const Operand iterable = opened.empty() ? first_iterable : expression(*right);
      std::vector<std::string_view> names;
      target_names(tree_, text_, *left, names);
      for (const std::string_view name : names) scopes_.bind_in_comprehension(name);
      opened.push_back(emit_detailed(Op::loop, loop, clause, iterable.value));
      builder_.at(opened.back()).count = has_async(clause) ? 1 : 0;
      assign(*left, opened.back());
    } else if (tree_[clause].kind == Kind::if_clause_) {
      const std::vector<NodeIndex> condition = children(clause);
      if (condition.empty()) continue;
      const Operand value = expression(condition.front());
      opened.push_back(emit_detailed(Op::branch, BranchKind::filter, clause, value.value));
    }
  }
  const std::optional<NodeIndex> body = child(node, Field::body_);
  if (body && tree_[*body].kind == Kind::pair_) {
    const Operand key = optional_expression(child(*body, Field::key_));
    const Operand value = optional_expression(child(*body, Field::value_));
    emit(Op::collect, *body, result_slot, value.value, key.value);
  } else if (body) {
    const Operand value = expression(*body);
    emit(Op::collect, *body, result_slot, value.value);
  }
  for (auto open = opened.rbegin(); open != opened.rend(); ++open) {
    end_first_region(*open);
    end_regions(*open);
  }
}

ir::Operand PythonLowering::yield(NodeIndex node) {
  builder_.current().is_generator = true;
  const std::vector<NodeIndex> inner = children(node);
  const Operand value = inner.empty() ? Operand{} : expression(inner.front());
  const std::string_view text = text_of(node);
  const bool from =
      !inner.empty() &&
      text.substr(0, tree_[inner.front()].range.begin - tree_[node].range.begin).find("from") !=
          std::string_view::npos;
  return emit_detailed(Op::yield, from ? 1 : 0, node, value.value);
}

ir::Operand PythonLowering::lambda(NodeIndex node) {
  const Parameters list = parameters(child(node, Field::parameters_));
  const std::optional<NodeIndex> body = child(node, Field::body_);
  const ir::FunctionIndex index{static_cast<std::uint32_t>(builder_.module().functions.size())};
  open_function({"<lambda>", ir::FunctionKind::lambda, {}, tree_[node].range, tree_[node].range},
                list, {});
  if (body) emit(Op::return_, *body, expression(*body).value);
  close_function();
  return define(0, index.value, node, {});
}

}  // namespace querylint::lower
