#include "analyzer/flow/filling.h"

#include <algorithm>
#include <optional>

namespace querylint::flow {
namespace {

using ir::Instruction;
using ir::Op;
using ir::Scope;

bool is_local(const Instruction& instruction) {
  return static_cast<Scope>(instruction.detail) == Scope::local;
}

/// One `variable.append(...)` in a loop's body.
struct Append {
  std::uint32_t variable = 0;
  std::uint32_t load = 0;   ///< the instruction that loads the variable
  bool is_certain = true;   ///< not in a branch
  bool is_in_loop = false;  ///< in a further loop
};

/// The variable that a call appends to.
std::optional<Append> append_at(const WalkedLoop& loop, std::uint32_t at) {
  const Instruction& call = loop.code[at];
  if (call.op != Op::call || call.count != 1) return std::nullopt;
  const Instruction& callee = loop.code[call.a];
  if (callee.op != Op::attribute || loop.module.text({callee.b}) != "append") return std::nullopt;
  const Instruction& object = loop.code[callee.a];
  if (object.op != Op::load || !is_local(object)) return std::nullopt;
  return Append{object.a, callee.a, true, false};
}

bool leaves(const Instruction& instruction) {
  return instruction.op == Op::jump || instruction.op == Op::return_ || instruction.op == Op::raise;
}

/// All appends in the body.
std::vector<Append> appends_in(const WalkedLoop& loop) {
  std::vector<Append> found;
  std::uint32_t regions_end = 0;
  std::uint32_t loops_end = 0;
  bool may_leave = false;
  for (std::uint32_t at = loop.at + 1; at < loop.code[loop.at].b; ++at) {
    const Instruction& instruction = loop.code[at];
    may_leave = may_leave || leaves(instruction);
    if (auto append = append_at(loop, at)) {
      append->is_certain = at >= regions_end && !may_leave;
      append->is_in_loop = at < loops_end;
      found.push_back(*append);
    }
    if (!ir::has_regions(instruction.op)) continue;
    if (instruction.op != Op::with) regions_end = std::max(regions_end, instruction.c);
    if (instruction.op == Op::loop) loops_end = std::max(loops_end, instruction.c);
  }
  return found;
}

/// Whether the body does nothing else with the variable.
bool is_only_filled(const WalkedLoop& loop, const Append& append) {
  const auto body = loop.code.subspan(loop.at + 1, loop.code[loop.at].b - loop.at - 1);
  return std::ranges::none_of(body, [&](const Instruction& instruction) {
    const bool names_it = (instruction.op == Op::load || instruction.op == Op::store) &&
                          is_local(instruction) && instruction.a == append.variable;
    return names_it && &instruction != &loop.code[append.load];
  });
}

bool is_empty_list(const World& world, Value value) {
  if (!world.values.is(value, ValueKind::container)) return false;
  const Container list = world.values.container(value);
  return list.kind == ContainerKind::list && !list.element && list.items.empty() && !list.source;
}

}  // namespace

void note_filled_lists(World& world, const WalkedLoop& loop, std::span<const Value> before,
                       std::span<Value> slots) {
  for (const Append& append : appends_in(loop)) {
    if (append.is_in_loop || !is_only_filled(loop, append)) continue;
    Value& list = slots[append.variable];
    if (!is_empty_list(world, before[append.variable])) continue;
    if (!world.values.is(list, ValueKind::container)) continue;
    Container filled = world.values.container(list);
    if (filled.kind != ContainerKind::list || !filled.element || filled.source) continue;
    filled.source = loop.source;
    filled.is_filtered = loop.is_part || !append.is_certain;
    list = world.values.make(filled);
  }
}

}  // namespace querylint::flow
