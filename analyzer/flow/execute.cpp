// Control flow: branches, loops, try, with.
#include <utility>

#include "analyzer/flow/filling.h"
#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {
namespace {

using ir::Instruction;
using ir::LoopKind;
using ir::Op;
using ir::Scope;

constexpr int loop_passes = 3;

enum class Truth : std::uint8_t { unknown, yes, no };

/// Only literals decide: everything else may be either, depending on the data.
Truth truth_of(const World& world, Value value) {
  if (!world.values.is(value, ValueKind::constant)) return Truth::unknown;
  switch (world.values.constant(value).kind) {
    case ir::ConstantKind::true_:
      return Truth::yes;
    case ir::ConstantKind::none:
    case ir::ConstantKind::false_:
      return Truth::no;
    default:
      return Truth::unknown;
  }
}

}  // namespace

void Interpreter::run(std::uint32_t begin, std::uint32_t end) {
  Frame& current = frame();
  for (std::uint32_t at = begin; at < end && current.is_live;) {
    if (++steps_ > budget_.steps || events_.size() > budget_.events) {
      was_cut_ = true;
      memo_.depend_on_budget();
      current.is_live = false;
      return;
    }
    const std::uint32_t here = std::exchange(at, run_structured(at));
    if (world_.values.has_given_up()) {
      for (const Value value : world_.values.take_given_up()) escape(value, site_of(here));
    }
  }
}

/// Runs one instruction with its regions and returns where the next one stands.
std::uint32_t Interpreter::run_structured(std::uint32_t at) {
  const Instruction& instruction = frame().code[at];
  switch (instruction.op) {
    case Op::branch:
      run_branch(at);
      return instruction.c;
    case Op::loop:
      run_loop(at);
      return instruction.c;
    case Op::try_:
      run_try(at);
      return instruction.c;
    case Op::with:
      run_with(at);
      return instruction.c;
    case Op::handler:
      return instruction.c;  // entered by run_try only
    case Op::jump:
      run_jump();
      return at + 1;
    case Op::return_:
      run_return(instruction);
      return at + 1;
    case Op::raise:
      frame().is_live = false;
      return at + 1;
    default:
      frame().values[at] = evaluate(at);
      return at + 1;
  }
}

std::vector<Value> Interpreter::join_slots(const std::vector<Value>& a,
                                           const std::vector<Value>& b) {
  std::vector<Value> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i] || !b[i]) {
      result[i] = a[i];
    } else {
      result[i] = a[i] ? join(world_, a[i], b[i]) : b[i];
    }
  }
  return result;
}

/// Of `a and b` only `b` is still to be tested: `a` was, to get there.
std::uint32_t Interpreter::untested_part(std::uint32_t condition) const {
  const auto code = frame().code;
  while (const auto branch = ir::branch_behind(code, condition)) {
    if (static_cast<ir::BranchKind>(code[*branch].detail) == ir::BranchKind::conditional) break;
    condition = code[condition - 1].b;
  }
  return condition;
}

void Interpreter::run_branch(std::uint32_t at) {
  Frame& current = frame();
  const Instruction& instruction = current.code[at];
  const Site site = site_of(at);
  const Value condition = operand(instruction.a);
  note_condition(operand(untested_part(instruction.a)), site);
  const Truth truth = truth_of(world_, condition);
  const BranchId before = current.branch;
  const std::vector<Value> entry = current.slots;
  const BranchId then_branch = world_.chains.decide(before, site, 1);
  const BranchId else_branch = world_.chains.decide(before, site, 0);

  bool then_lives = false;
  if (truth != Truth::no) {
    current.branch = then_branch;
    current.conditions.push_back(condition);
    narrow(instruction.a, true);
    run(at + 1, instruction.b);
    current.conditions.pop_back();
    then_lives = current.is_live;
  }
  std::vector<Value> after_then = std::move(current.slots);
  current.slots = entry;
  current.is_live = true;
  bool else_lives = false;
  if (truth != Truth::yes) {
    current.branch = else_branch;
    run(instruction.b, instruction.c);
    else_lives = current.is_live;
  }
  current.is_live = then_lives || else_lives;
  if (then_lives && else_lives) {
    current.slots = join_slots(after_then, current.slots);
    current.branch = before;
  } else if (then_lives) {
    current.slots = std::move(after_then);
    current.branch = then_branch;
  }
}

/// A loop body is walked until the variables that it carries from one iteration to the next settle;
/// only the last walk is recorded.
void Interpreter::run_loop(std::uint32_t at) {
  Frame& current = frame();
  const Instruction& instruction = current.code[at];
  const Site site = site_of(at);
  const auto kind = static_cast<LoopKind>(instruction.detail);
  const Value driver = kind == LoopKind::while_ ? Value{} : operand(instruction.a);
  const NestId outer = current.nest;
  const BranchId branch = current.branch;
  const NestId inner = world_.chains.push({outer, site, kind, driver});
  if (driver) current.values[at] = iterate(driver, inner, site);

  const std::size_t recorded = events_.size();
  const std::vector<Value> before = current.slots;
  for (int pass = 1;; ++pass) {
    const std::vector<Value> entry = current.slots;
    current.loops.push_back({branch, current.conditions.size(), {}});
    current.nest = inner;
    run(at + 1, instruction.b);
    current.nest = outer;
    current.branch = branch;
    std::vector<Value> after = entry;
    if (current.is_live) after = join_slots(after, current.slots);
    const std::vector<Value>& exits = current.loops.back().exits;
    if (!exits.empty()) after = join_slots(after, exits);
    current.loops.pop_back();
    current.is_live = true;
    current.slots = std::move(after);
    const bool settled =
        current.slots == entry || pass == loop_passes || !carries_change(at, entry, current.slots);
    if (settled) break;
    events_.resize(recorded);
  }
  if (const Value source = source_of(driver); source && !current.is_static) {
    note_filled_lists(world_, {*current.module, current.code, at, source, is_part(driver)}, before,
                      current.slots);
  }
  run(instruction.b, instruction.c);
}

void Interpreter::run_jump() {
  Frame& current = frame();
  current.is_live = false;
  if (current.loops.empty()) return;
  std::vector<Value>& exits = current.loops.back().exits;
  exits = exits.empty() ? current.slots : join_slots(exits, current.slots);
}

void Interpreter::run_return(const Instruction& instruction) {
  Frame& current = frame();
  const Value value = operand(instruction.a);
  if (value) current.result = current.result ? join(world_, current.result, value) : value;
  current.left = current.left.empty() ? current.slots : join_slots(current.left, current.slots);
  current.is_live = false;
}

/// A handler may be entered from anywhere in the body: it sees what was before and what came of it.
void Interpreter::run_try(std::uint32_t at) {
  Frame& current = frame();
  const Instruction& instruction = current.code[at];
  const std::vector<Value> entry = current.slots;
  const BranchId branch = current.branch;
  run(at + 1, instruction.b);
  bool lives = current.is_live;
  std::vector<Value> result = current.slots;
  const std::vector<Value> thrown = join_slots(entry, current.slots);
  std::uint32_t arm = 1;
  for (std::uint32_t next = instruction.b; next < instruction.c;) {
    const Instruction& handler = current.code[next];
    current.slots = thrown;
    current.is_live = true;
    current.branch = world_.chains.decide(branch, site_of(at), arm++);
    if (handler.op != Op::handler) {  // the exception types of the next handler
      next = run_structured(next);
      continue;
    }
    run(next + 1, handler.c);
    if (current.is_live) {
      result = lives ? join_slots(result, current.slots) : current.slots;
      lives = true;
    }
    next = handler.c;
  }
  current.slots = std::move(result);
  current.is_live = lives;
  current.branch = branch;
}

void Interpreter::run_with(std::uint32_t at) {
  Frame& current = frame();
  const Instruction& instruction = current.code[at];
  const Value context = operand(instruction.a);
  const bool before = current.in_transaction;
  bool opens_transaction = false;
  Value entered;
  for (const auto& framework : frameworks_) {
    entered = framework->enter(*this, context, opens_transaction, site_of(at));
    if (entered) break;
  }
  if (!entered) entered = context;
  current.values[at] = entered;
  current.in_transaction = before || opens_transaction;
  if (opens_transaction) execution(Cause::begun, {}, site_of(at), current.nest);
  run(at + 1, instruction.c);
  current.in_transaction = before;
}

}  // namespace querylint::flow
