#include "rules/engine/regions.h"

#include <algorithm>
#include <vector>

#include "rules/engine/code.h"

namespace querylint::rules {

using ir::Instruction;
using ir::Op;

namespace {

/// Names of functions that talk to somebody else.
bool is_remote(std::string_view name) {
  for (const std::string_view part : {"send", "mail", "notify", "notification", "publish", "upload",
                                      "download", "delay", "apply_async", "request", "fetch"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// Where the variable that is loaded got its value, if it got it on every way that leads there.
std::optional<std::uint32_t> store_behind(const Code& code, std::uint32_t load) {
  for (std::uint32_t at = load; at-- > 0;) {
    const Instruction& store = code.body[at];
    if (store.op != Op::store || !is_local(store) || store.a != code.body[load].a) continue;
    const bool is_in_ended_region =
        std::ranges::any_of(code.body.first(at), [&](const Instruction& outer) {
          return ir::has_regions(outer.op) && outer.op != Op::with && at < outer.c &&
                 outer.c <= load;
        });
    return is_in_ended_region ? std::nullopt : std::optional(at);
  }
  return std::nullopt;
}

/// Whether a condition holds only where something equals something, or one of several: `a == b`,
/// `a == b and c`, `a in b`.
bool demands_equality(const Code& code, std::uint32_t condition, int depth = 0) {
  constexpr int deepest = 4;  // of parts that are conditions themselves
  if (depth > deepest || condition >= code.body.size()) return false;
  const Instruction& test = code.body[condition];
  if (test.op == Op::operate) {
    const auto operation = static_cast<ir::Operator>(test.detail);
    return operation == ir::Operator::equal || operation == ir::Operator::in;
  }
  if (test.op != Op::load || !is_local(test)) return false;
  if (const auto branch = ir::branch_behind(code.body, condition)) {
    const Instruction& first = code.body[*branch];
    return static_cast<ir::BranchKind>(first.detail) == ir::BranchKind::and_ &&
           (demands_equality(code, first.a, depth + 1) ||
            demands_equality(code, code.body[condition - 1].b, depth + 1));
  }
  const auto store = store_behind(code, condition);
  return store && demands_equality(code, code.body[*store].b, depth + 1);
}

bool leaves(const Instruction& instruction) {
  return instruction.op == Op::return_ || instruction.op == Op::raise ||
         (instruction.op == Op::jump &&
          static_cast<ir::JumpKind>(instruction.detail) == ir::JumpKind::break_);
}

/// Whether the place is between an instruction of its function and where that one's region ends.
bool is_in_region(const flow::World& world, Site place, Op op, std::uint32_t Instruction::* end) {
  const auto code = code_around(world, place);
  if (!code) return false;
  const std::uint32_t at = place.instruction;
  return std::ranges::any_of(code->body.first(at), [&](const Instruction& instruction) {
    return instruction.op == op && at < instruction.*end;
  });
}

bool has_two_regions(Op op) { return op == Op::branch || op == Op::try_; }

/// Where the regions around a place in the loop end, the loop's own first; none when another loop
/// stands between, since leaving it is not leaving this one.
std::vector<std::uint32_t> ends_of_regions(const Code& code, std::uint32_t loop,
                                           std::uint32_t place) {
  std::vector<std::uint32_t> ends = {code.body[loop].b};
  for (std::uint32_t at = loop + 1; at < place; ++at) {
    const Instruction& instruction = code.body[at];
    if (!ir::has_regions(instruction.op) || instruction.c <= place) continue;
    if (instruction.op == Op::loop) return {};
    const bool in_first = has_two_regions(instruction.op) && place < instruction.b;
    ends.push_back(in_first ? instruction.b : instruction.c);
  }
  return ends;
}

}  // namespace

bool is_picked_out(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, place);
  if (!code || place == loop || place.function != loop.function) {
    return false;
  }
  const std::uint32_t place_at = place.instruction;
  for (std::uint32_t at = loop.instruction + 1; at < place_at; ++at) {
    const Instruction& branch = code->body[at];
    if (branch.op != Op::branch || place_at >= branch.b || branch.a == Instruction::nowhere)
      continue;
    if (demands_equality(*code, branch.a)) return true;
  }
  return false;
}

bool is_in_some_loop(const flow::World& world, Site place) {
  return is_in_region(world, place, Op::loop, &Instruction::b);
}

bool is_in_handler(const flow::World& world, Site place) {
  return is_in_region(world, place, Op::handler, &Instruction::c);
}

bool is_inside(const flow::World& world, Site place, Site loop) {
  if (place == loop) return true;
  const auto code = code_around(world, loop);
  if (!code || !place) return false;
  if (place.function != loop.function) return false;
  const Instruction& instruction = world.program.at(loop);
  if (instruction.op != Op::loop) return true;  // a call that loops, such as `map()`
  return loop.instruction < place.instruction && place.instruction < instruction.c;
}

bool is_in_block(const flow::World& world, Site place, Site with) {
  const auto code = code_around(world, with);
  if (!code || !place || world.program.at(with).op != Op::with) return false;
  return place.function == with.function && with.instruction < place.instruction &&
         place.instruction < world.program.at(with).c;
}

bool leaves_block(const flow::World& world, Site first, Site second) {
  const auto code = code_around(world, first);
  if (!code) return false;
  for (std::uint32_t at = 0; at < first.instruction; ++at) {
    const Site with{first.function, at};
    if (is_in_block(world, first, with) && !is_in_block(world, second, with)) return true;
  }
  return false;
}

bool is_later_operand(const flow::World& world, Site place, Site other) {
  const auto code = code_around(world, other);
  if (!code || !place || place.function != other.function) return false;
  const base::ByteRange before = code->body[other.instruction].range;
  for (std::uint32_t at = other.instruction + 1; at < place.instruction; ++at) {
    const Instruction& branch = code->body[at];
    if (branch.op != Op::branch || branch.c <= place.instruction) continue;
    const auto kind = static_cast<ir::BranchKind>(branch.detail);
    const bool is_operator = kind == ir::BranchKind::and_ || kind == ir::BranchKind::or_;
    if (is_operator && branch.range.begin <= before.begin && before.end <= branch.range.end)
      return true;
  }
  return false;
}

bool is_conditional(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, loop);
  if (!code || !is_inside(world, place, loop)) return false;
  for (std::uint32_t at = loop.instruction + 1; at < place.instruction; ++at) {
    if (code->body[at].op == Op::branch && code->body[at].c > place.instruction) return true;
  }
  return false;
}

bool is_tried(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, loop);
  if (!code || !is_inside(world, place, loop)) return false;
  for (std::uint32_t at = loop.instruction + 1; at < place.instruction; ++at) {
    const Instruction& attempt = code->body[at];
    const bool catches = attempt.op == Op::try_ && attempt.b < attempt.c;  // not `finally` alone
    if (catches && place.instruction < attempt.b) return true;
  }
  return false;
}

bool leaves_before(const flow::World& world, Site first, Site second) {
  const auto code = code_around(world, first);
  if (!code || !second || first.function != second.function) return false;
  const std::uint32_t first_at = first.instruction;
  const std::uint32_t second_at = second.instruction;
  for (std::uint32_t at = 0; at < first_at; ++at) {
    const Instruction& branch = code->body[at];
    if (branch.op != Op::branch || branch.c <= first_at) continue;
    const std::uint32_t end = first_at < branch.b ? branch.b : branch.c;
    if (second_at < end) continue;
    const Op last = code->body[end - 1].op;
    const auto inner = code->body.subspan(first_at, end - first_at);
    const bool is_sure = std::ranges::none_of(inner, [&](const Instruction& nested) {
      return ir::has_regions(nested.op) && nested.op != Op::with && nested.c == end;
    });
    if (is_sure && (last == Op::return_ || last == Op::raise)) return true;
  }
  return false;
}

bool leaves_loop(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, loop);
  const bool is_in_body = code && world.program.at(loop).op == Op::loop && place != loop &&
                          is_inside(world, place, loop);
  if (!is_in_body) return false;
  const std::uint32_t loop_at = loop.instruction;
  const std::uint32_t place_at = place.instruction;
  const std::vector<std::uint32_t> ends = ends_of_regions(*code, loop_at, place_at);
  std::uint32_t at = place_at + 1;
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    while (at < *end) {
      const Instruction& instruction = code->body[at];
      if (leaves(instruction)) return true;
      if (instruction.op == Op::jump) return false;
      at = ir::has_regions(instruction.op) ? instruction.c : at + 1;
    }
    at = *end;
    // Behind a first region comes the second, which whoever comes from the first does not pass.
    for (std::uint32_t opened = loop_at + 1; opened < place_at; ++opened) {
      const Instruction& around = code->body[opened];
      if (has_two_regions(around.op) && around.b == *end) at = std::max(at, around.c);
    }
  }
  return false;
}

bool compares_with_fixed(const flow::World& world, Site loop) {
  const auto code = code_around(world, loop);
  if (!code || world.program.at(loop).op != Op::loop) return false;
  const std::uint32_t loop_at = loop.instruction;
  bool found = false;
  for (std::uint32_t at = loop_at + 1; at < code->body[loop_at].c; ++at) {
    const Instruction& instruction = code->body[at];
    const bool is_test = instruction.op == Op::branch &&
                         static_cast<ir::BranchKind>(instruction.detail) == ir::BranchKind::filter;
    if (!is_test) continue;
    const Instruction& test = code->body[instruction.a];
    const auto differs = [&](std::uint32_t operand) {
      return depends_on_loop(world, {loop.function, operand}, loop);
    };
    if (test.op != Op::operate || test.b == Instruction::nowhere) return false;
    if (differs(test.a) == differs(test.b)) return false;
    found = true;
  }
  return found;
}

bool depends_on_loop(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, loop);
  if (!code || world.program.at(loop).op != Op::loop || !is_inside(world, place, loop)) return true;
  const std::uint32_t loop_at = loop.instruction;
  std::vector<std::uint32_t> assigned;  // slots
  for (std::uint32_t at = loop_at + 1; at < code->body[loop_at].c; ++at) {
    const Instruction& instruction = code->body[at];
    const bool stores = instruction.op == Op::store && is_local(instruction);
    if (stores || instruction.op == Op::collect) assigned.push_back(instruction.a);
  }
  const std::uint32_t start = place == loop ? code->body[loop_at].a : place.instruction;
  std::vector<std::uint32_t> open = {start};
  std::vector<bool> seen(code->body.size());
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (at == Instruction::nowhere || seen[at]) continue;
    seen[at] = true;
    const Instruction& instruction = code->body[at];
    const bool loads = instruction.op == Op::load;
    const bool is_assigned = loads && is_local(instruction) &&
                             std::ranges::find(assigned, instruction.a) != assigned.end();
    const bool is_outer =
        loads && static_cast<ir::Scope>(instruction.detail) == ir::Scope::enclosing;
    if (at == loop_at || is_assigned || is_outer) return true;
    for (const std::uint32_t operand : ir::operands_of(*code->module, instruction)) {
      open.push_back(operand);
    }
  }
  return false;
}

bool does_remote_work(const flow::World& world, Site loop) {
  const auto code = code_around(world, loop);
  if (!code || world.program.at(loop).op != Op::loop) return false;
  const std::uint32_t begin = loop.instruction + 1;
  const auto body = code->body.subspan(begin, code->body[begin - 1].b - begin);
  return std::ranges::any_of(body, [&](const Instruction& instruction) {
    return instruction.op == Op::call &&
           is_remote(callee_name(world, world.program.unit_of(loop), *code, instruction));
  });
}

}  // namespace querylint::rules
