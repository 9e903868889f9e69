// What a changed object changes: the variables, attributes and elements that held it.
#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"
#include "analyzer/flow/loading.h"

namespace querylint::flow {
namespace {

using ir::Instruction;
using ir::Op;
using ir::Scope;

constexpr int depth_limit = 6;

}  // namespace

/// Puts `value` where the expression at `operand` found its object.
void Interpreter::write_back(std::uint32_t operand_index, Value value, int depth) {
  Frame& current = frame();
  if (depth > depth_limit || current.is_static || operand_index == Instruction::nowhere) return;
  const Instruction& place = current.code[operand_index];
  switch (place.op) {
    case Op::load:
      if (static_cast<Scope>(place.detail) == Scope::local) {
        current.slots[place.a] = value;
      } else if (static_cast<Scope>(place.detail) == Scope::enclosing) {
        set_captured(place.a, value, true);
      } else {  // a collection of the module: whoever reads it later is out of sight
        escape(value, {current.function, operand_index});
      }
      return;
    case Op::attribute: {
      const Value object = operand(place.a);
      const Name name = program().name(current.info->unit, {place.b});
      const Value changed = with_attribute(world_, object, name, value);
      if (changed != object) write_back(place.a, changed, depth + 1);
      return;
    }
    case Op::index: {
      const Value object = operand(place.a);
      const Value changed = with_element(world_, object, operand(place.b), value);
      if (changed != object) write_back(place.a, changed, depth + 1);
      return;
    }
    case Op::call: {  // d.setdefault(key, []).append(value)
      const Instruction& callee = current.code[place.a];
      if (callee.op != Op::attribute || place.count == 0) return;
      const Value object = operand(callee.a);
      if (!world_.values.is(object, ValueKind::container)) return;
      const Value key = operand(current.module->operands(place)[0]);
      const Value changed = with_element(world_, object, key, value);
      if (changed != object) write_back(callee.a, changed, depth + 1);
      return;
    }
    case Op::build: {  // `[book]`: what is done to its elements is done to the book
      if (!world_.values.is(value, ValueKind::container)) return;
      const Container changed = world_.values.container(value);
      const auto operands = current.module->operands(place);
      if (changed.items.size() != operands.size()) return;
      for (std::size_t i = 0; i < operands.size(); ++i) {
        if (changed.items[i] == operand(operands[i])) continue;
        write_back(operands[i], changed.items[i], depth + 1);
      }
      return;
    }
    default:
      return;
  }
}

/// After a call: the object and the arguments as the callee left them.
void Interpreter::write_back_arguments(const Instruction& call, const Arguments& before,
                                       const Arguments& after) {
  const Frame& current = frame();
  const Instruction& callee = current.code[call.a];
  if (after.self != before.self && callee.op == Op::attribute) write_back(callee.a, after.self);
  const auto operands = current.module->operands(call);
  std::size_t position = 0;
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    if (operands[i + 1] != Instruction::nowhere) {
      const Name keyword = program().name(current.info->unit, {operands[i + 1]});
      const Value changed = after.keyword(keyword);
      if (changed && changed != before.keyword(keyword)) write_back(operands[i], changed);
      continue;
    }
    if (current.code[operands[i]].op == Op::spread || position >= after.positional.size()) return;
    const Value changed = after.positional[position];
    if (changed != before.positional[position]) write_back(operands[i], changed);
    ++position;
  }
}

void Interpreter::set_attribute(const Instruction& instruction) {
  const Frame& current = frame();
  const Name name = program().name(current.info->unit, {instruction.b});
  const Value object = operand(instruction.a);
  const Value value = operand(instruction.c);
  const Site site = site_of(static_cast<std::uint32_t>(&instruction - current.code.data()));
  const Value changed = with_attribute(world_, object, name, value);
  if (changed == object) {
    escape(value, site);
    if (world_.values.is(object, ValueKind::either)) change_one_of(object, name, value, site);
    return;
  }
  if (world_.values.is(object, ValueKind::row)) keep_on_row(object, name, value, site);
  write_back(instruction.a, changed);
}

/// A row kept as another one's relation gives it its key; anything else kept on a row is out of
/// sight.
void Interpreter::keep_on_row(Value object, Name name, Value value, Site site) {
  const schema::Entity& entity = schema().entity(world_.values.row(object).entity);
  const schema::Relation* relation = entity.relation(name);
  const bool is_key = relation != nullptr && relation->holds_key;
  if (!is_key || !world_.values.is(value, ValueKind::row)) escape(value, site);
  change(object, name, value, site);
}

/// One of several objects is changed: which is not known.
void Interpreter::change_one_of(Value objects, Name name, Value value, Site site) {
  for (const Value object : world_.values.options(objects)) {
    if (!world_.values.is(object, ValueKind::row)) continue;
    Row row = world_.values.row(object);
    row.certainty = std::max(row.certainty, Certainty::annotated);
    change(world_.values.make(row), name, value, site);
  }
}

/// A row's attribute is set, which its session may write.
void Interpreter::change(Value object, Name name, Value value, Site site) {
  const schema::Entity& entity = schema().entity(world_.values.row(object).entity);
  const schema::Relation* relation = entity.relation(name);
  const Value query = world_.values.row(object).query;
  const bool is_stored =
      world_.values.is(query, ValueKind::query) && root_of(world_, query).kind != StepKind::created;
  const bool is_mapped = relation != nullptr || entity.column(name) != nullptr;
  if (entity.writes_changes && is_stored && is_mapped)
    execution(Cause::changed, object, site, nest(), name, value);
}

void Interpreter::set_index(const Instruction& instruction) {
  const Value object = operand(instruction.a);
  const Value key = operand(instruction.b);
  const Value value = operand(instruction.c);
  if (!world_.values.is(object, ValueKind::container)) {
    const Frame& current = frame();
    escape(value, {current.function, instruction.a});
    return;
  }
  note_keyed_accumulator(instruction);
  write_back(instruction.a, with_element(world_, object, key, value));
}

}  // namespace querylint::flow
