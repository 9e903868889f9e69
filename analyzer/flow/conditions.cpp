// What a condition tells of variables, and what a loop carries from one iteration to the next.
#include <algorithm>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {

using ir::Instruction;
using ir::Op;
using ir::Operator;
using ir::Scope;

/// `isinstance(x, C)` makes an unknown `x` an object of `C` where it holds.
void Interpreter::narrow(std::uint32_t condition, bool holds) {
  Frame& current = frame();
  if (!holds || condition == Instruction::nowhere) return;
  const Instruction& test = current.code[condition];
  if (test.op != Op::call || test.count != 2) return;
  const Value callee = operand(test.a);
  const bool is_test = world_.values.is(callee, ValueKind::external) &&
                       world_.values.external(callee) == world_.isinstance && world_.isinstance;
  if (!is_test) return;
  const auto operands = current.module->operands(test);
  const Instruction& variable = current.code[operands[0]];
  const bool is_local =
      variable.op == Op::load && static_cast<Scope>(variable.detail) == Scope::local;
  if (!is_local || !world_.values.is_unknown(current.slots[variable.a])) return;
  const Value object = object_of(operand(operands[2]), {});
  if (!world_.values.is_unknown(object)) current.slots[variable.a] = object;
}

/// Whether a variable that changed in the body is read there before it is set again.
bool Interpreter::carries_change(std::uint32_t loop, const std::vector<Value>& before,
                                 const std::vector<Value>& after) {
  for (const std::uint32_t slot : carried_slots(loop)) {
    if (before[slot] != after[slot]) return true;
  }
  return false;
}

const std::vector<std::uint32_t>& Interpreter::carried_slots(std::uint32_t loop) {
  const Frame& current = frame();
  const std::uint64_t key = std::uint64_t{current.function.value} << 32 | loop;
  const auto [place, added] = carried_.try_emplace(key);
  if (!added) return place->second;
  std::vector<std::uint32_t>& carried = place->second;
  std::vector<std::uint32_t> set;
  const auto has = [](const std::vector<std::uint32_t>& slots, std::uint32_t slot) {
    return std::find(slots.begin(), slots.end(), slot) != slots.end();
  };
  std::uint32_t inside = 0;  // where the outermost region around the instruction ends
  for (std::uint32_t at = loop + 1; at < current.code[loop].b; ++at) {
    const Instruction& instruction = current.code[at];
    const bool local = static_cast<Scope>(instruction.detail) == Scope::local;
    const bool reads = (instruction.op == Op::load && local) || instruction.op == Op::collect;
    if (reads && !has(set, instruction.a) && !has(carried, instruction.a)) {
      carried.push_back(instruction.a);
    }
    if (instruction.op == Op::store && local && at >= inside) set.push_back(instruction.a);
    if (ir::has_regions(instruction.op)) inside = std::max(inside, instruction.c);
  }
  return carried;
}

}  // namespace querylint::flow
