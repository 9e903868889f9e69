#include "analyzer/program/literals.h"

namespace querylint::program {
namespace {

using ir::BuildKind;
using ir::ConstantKind;
using ir::Instruction;
using ir::Op;

constexpr int hops = 8;  // names that stand for names that stand for names

const ir::Module& module_of(const Program& program, Expression expression) {
  return *program.unit(program.function(expression.function).unit).module;
}

FunctionId top_level(const Program& program, UnitId unit) {
  return {program.unit(unit).first_function};
}

bool is_sequence(const Instruction& found) {
  if (found.op != Op::build) return false;
  const auto kind = static_cast<BuildKind>(found.detail);
  return kind == BuildKind::list || kind == BuildKind::tuple || kind == BuildKind::set;
}

void append_elements(const Program& program, Expression expression, int depth,
                     std::vector<Expression>& elements) {
  if (depth > hops) return;
  expression = follow(program, expression);
  if (!expression) return;
  const Instruction& found = instruction(program, expression);
  if (is_sequence(found)) {
    for (const std::uint32_t operand : module_of(program, expression).operands(found)) {
      const Expression element{expression.function, operand};
      const Instruction& inner = instruction(program, element);
      if (inner.op == Op::spread) {
        append_elements(program, {expression.function, inner.a}, depth + 1, elements);
      } else {
        elements.push_back(element);
      }
    }
  } else if (found.op == Op::operate && ir::Operator(found.detail) == ir::Operator::add) {
    append_elements(program, {expression.function, found.a}, depth + 1, elements);
    append_elements(program, {expression.function, found.b}, depth + 1, elements);
  }
}

}  // namespace

Expression CallExpression::keyword(Name name) const {
  for (const auto& [label, value] : keywords) {
    if (label == name) return value;
  }
  return {};
}

Expression CallExpression::argument(std::size_t position, Name name) const {
  if (position < positional.size()) return positional[position];
  return keyword(name);
}

const Instruction& instruction(const Program& program, Expression expression) {
  return program.body(expression.function)[expression.operand];
}

Site site(Expression expression) { return {expression.function, expression.operand}; }

Symbol resolve(const Program& program, Expression expression) {
  return expression ? program.resolve(expression.function, expression.operand) : Symbol{};
}

Expression follow(const Program& program, Expression expression) {
  for (int i = 0; expression && i < hops; ++i) {
    const Op op = instruction(program, expression).op;
    if (op == Op::annotated) {
      expression.operand = instruction(program, expression).a;
      continue;
    }
    if (op != Op::load && op != Op::attribute) break;
    const Symbol symbol = resolve(program, expression);
    if (symbol.kind == Symbol::Kind::variable) {
      expression = {top_level(program, symbol.unit), symbol.id};
      continue;
    }
    if (op != Op::attribute) break;
    const Instruction& found = instruction(program, expression);
    const Symbol object = program.resolve(expression.function, found.a);
    if (object.kind != Symbol::Kind::class_) break;
    const UnitId unit = program.function(expression.function).unit;
    const Expression value = class_value(program, {object.id}, program.name(unit, {found.b}));
    if (!value) break;
    expression = value;
  }
  return expression;
}

std::optional<CallExpression> as_call(const Program& program, Expression expression) {
  expression = follow(program, expression);
  if (!expression || instruction(program, expression).op != Op::call) return std::nullopt;
  const Instruction& found = instruction(program, expression);
  const ir::Module& module = module_of(program, expression);
  const UnitId unit = program.function(expression.function).unit;
  CallExpression call;
  call.callee = {expression.function, found.a};
  const auto operands = module.operands(found);
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    const Expression value{expression.function, operands[i]};
    if (operands[i + 1] != Instruction::nowhere) {
      call.keywords.emplace_back(program.name(unit, {operands[i + 1]}), value);
    } else if (instruction(program, value).op != Op::spread) {
      call.positional.push_back(value);
    }
  }
  return call;
}

std::optional<std::string_view> as_string(const Program& program, Expression expression) {
  expression = follow(program, expression);
  if (!expression) return std::nullopt;
  const Instruction& found = instruction(program, expression);
  const bool is_string =
      found.op == Op::constant && static_cast<ConstantKind>(found.detail) == ConstantKind::string;
  if (!is_string) return std::nullopt;
  return module_of(program, expression).text({found.a});
}

std::optional<bool> as_bool(const Program& program, Expression expression) {
  expression = follow(program, expression);
  if (!expression) return std::nullopt;
  const Instruction& found = instruction(program, expression);
  if (found.op != Op::constant) return std::nullopt;
  const auto kind = static_cast<ConstantKind>(found.detail);
  if (kind == ConstantKind::true_) return true;
  if (kind == ConstantKind::false_ || kind == ConstantKind::none) return false;
  return std::nullopt;
}

std::vector<Expression> as_elements(const Program& program, Expression expression) {
  std::vector<Expression> elements;
  append_elements(program, expression, 0, elements);
  return elements;
}

Expression as_entry(const Program& program, Expression expression, std::string_view key) {
  expression = follow(program, expression);
  if (!expression) return {};
  const Instruction& found = instruction(program, expression);
  if (found.op != Op::build || static_cast<ir::BuildKind>(found.detail) != ir::BuildKind::dict)
    return {};
  const auto operands = module_of(program, expression).operands(found);
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    if (operands[i] == Instruction::nowhere) continue;
    if (as_string(program, {expression.function, operands[i]}) == key)
      return {expression.function, operands[i + 1]};
  }
  return {};
}

Expression class_value(const Program& program, ClassId id, Name name) {
  const Member* member = program.member(id, name);
  if (member == nullptr || member->kind != Member::Kind::value) return {};
  return {program.class_(member->owner).body, member->id};
}

}  // namespace querylint::program
