// Call instructions: their arguments, and what the call leaves behind in them.
#include <algorithm>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {

using ir::Instruction;
using ir::Op;

Value Arguments::keyword(Name name) const {
  for (const auto& [known, value] : keywords) {
    if (known == name) return value;
  }
  return {};
}

Value Arguments::at(std::size_t position, Name name) const {
  if (position < positional.size()) return positional[position];
  return name ? keyword(name) : Value{};
}

std::vector<std::pair<Name, Value>> Arguments::all() const {
  std::vector<std::pair<Name, Value>> result;
  for (const Value value : positional) result.emplace_back(Name{}, value);
  result.insert(result.end(), keywords.begin(), keywords.end());
  return result;
}

Value Interpreter::evaluate_call(const Instruction& instruction, Site site) {
  const Value callee = operand(instruction.a);
  const Arguments given = arguments_of(instruction, site);
  if (world_.values.is_unknown(callee)) escape_receiver(instruction, site);
  Arguments arguments = given;
  const Value result = call(callee, arguments, site);
  Arguments before = given;
  if (world_.values.is(callee, ValueKind::method)) before.self = world_.values.method(callee).self;
  if (world_.values.is(callee, ValueKind::bound)) before.self = world_.values.bound(callee).self;
  if (!before.self) arguments.self = {};
  if (!frame().is_static) write_back_arguments(instruction, before, arguments);
  return result;
}

/// A method nobody knows, of an object that is known: what it does with the object is unknown too.
void Interpreter::escape_receiver(const Instruction& call, Site site) {
  const Instruction& callee = frame().code[call.a];
  if (callee.op == Op::attribute) escape(operand(callee.a), site);
}

Arguments Interpreter::arguments_of(const Instruction& instruction, Site site) {
  Arguments arguments;
  const Frame& current = frame();
  const auto operands = current.module->operands(instruction);
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    const Instruction& source = current.code[operands[i]];
    if (source.op == Op::spread) {
      spread(source, arguments, site);
    } else if (operands[i + 1] == Instruction::nowhere) {
      arguments.positional.push_back(operand(operands[i]));
    } else {
      const Name keyword = program().name(current.info->unit, {operands[i + 1]});
      arguments.keywords.emplace_back(keyword, operand(operands[i]));
    }
  }
  return arguments;
}

/// `*args` and `**kwargs`: literal ones count item by item.
void Interpreter::spread(const Instruction& spread, Arguments& arguments, Site site) {
  const Value value = operand(spread.a);
  const bool mapping = spread.detail == 1;
  if (mapping) {
    arguments.is_open = true;
    if (!world_.values.is(value, ValueKind::container)) return;
    const Container dict = world_.values.container(value);
    if (dict.element || dict.keys.empty()) return;
    arguments.is_open = false;
    for (std::size_t i = 0; i < dict.keys.size(); ++i) {
      const Name keyword = string_of(world_, dict.keys[i]);
      if (keyword) arguments.keywords.emplace_back(keyword, dict.items[i]);
    }
    return;
  }
  const Container items = collect(value, ContainerKind::tuple, site);
  const auto known = items.items;
  arguments.positional.insert(arguments.positional.end(), known.begin(), known.end());
  if (!items.element) return;
  arguments.is_open = true;
  arguments.positional.push_back(items.element);
}

}  // namespace querylint::flow
