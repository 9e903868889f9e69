#include "rules/engine/memos.h"

#include <algorithm>
#include <optional>

#include "rules/engine/code.h"

namespace querylint::rules {

using ir::Instruction;
using ir::Op;

namespace {

/// What a test finds missing, and where: `x is None`, `not x`, `key not in x`, and their opposites.
struct Missing {
  std::uint32_t what;  ///< an operand
  bool in_then;
  bool in_collection = false;
};

std::optional<Missing> missing_by(const Code& code, std::uint32_t condition) {
  const Instruction& test = code.body[condition];
  if (test.op != Op::operate) return Missing{condition, false};
  if (test.a == Instruction::nowhere) return std::nullopt;  // of broken code
  const auto is_with_none = [&] {
    const Instruction& other = code.body[test.b];
    return other.op == Op::constant &&
           static_cast<ir::ConstantKind>(other.detail) == ir::ConstantKind::none;
  };
  switch (static_cast<ir::Operator>(test.detail)) {
    case ir::Operator::not_in:
      return Missing{test.b, true, true};
    case ir::Operator::in:
      return Missing{test.b, false, true};
    case ir::Operator::not_:
      return Missing{test.a, true};
    case ir::Operator::is:
    case ir::Operator::equal:
      return is_with_none() ? std::optional(Missing{test.a, true}) : std::nullopt;
    case ir::Operator::is_not:
    case ir::Operator::not_equal:
      return is_with_none() ? std::optional(Missing{test.a, false}) : std::nullopt;
    default:
      return std::nullopt;
  }
}

/// What is missing wherever the place is passed, as the branch around it found; nothing for other
/// instructions.
std::optional<Missing> missing_at(const Code& code, std::uint32_t at, std::uint32_t place) {
  const Instruction& branch = code.body[at];
  if (branch.op != Op::branch || branch.c <= place || branch.a == Instruction::nowhere)
    return std::nullopt;
  const auto missing = missing_by(code, branch.a);
  return missing && missing->in_then == (place < branch.b) ? missing : std::nullopt;
}

bool fills(const Code& code, const Instruction& fill, const Missing& missing) {
  const Instruction& what = code.body[missing.what];
  if (missing.in_collection) {
    return fill.op == Op::set_index && same_place(code, fill.a, missing.what);
  }
  if (what.op == Op::attribute) {
    return fill.op == Op::set_attribute && fill.b == what.b && same_place(code, fill.a, what.a);
  }
  return what.op == Op::load && is_local(what) && fill.op == Op::store && is_local(fill) &&
         fill.a == what.a;
}

}  // namespace

bool is_guarded(const flow::World& world, Site place, Site loop) {
  const auto code = code_around(world, place);
  if (!code || world.program.unit_of(place) != world.program.unit_of(loop)) return false;
  const std::uint32_t place_at = place.instruction;
  for (std::uint32_t at = 0; at < place_at; ++at) {
    const auto missing = missing_at(*code, at, place_at);
    if (!missing) continue;
    const Instruction& branch = code->body[at];
    const auto is_fill = [&](const Instruction& fill) { return fills(*code, fill, *missing); };
    const std::uint32_t begin = missing->in_then ? at + 1 : branch.b;
    const std::uint32_t end = missing->in_then ? branch.b : branch.c;
    // One that each iteration begins without is no memo.
    const bool is_in_loop = loop.function == place.function && loop.instruction < at;
    const bool is_emptied =
        is_in_loop &&
        std::ranges::any_of(code->body.subspan(loop.instruction, at - loop.instruction), is_fill);
    if (!is_emptied && std::ranges::any_of(code->body.subspan(begin, end - begin), is_fill)) {
      return true;
    }
  }
  return false;
}

bool is_second_try(const flow::World& world, Site first, Site second) {
  const auto code = code_around(world, first);
  const auto variable = kept_in(world, first);
  if (!code || !variable || first.function != second.function) return false;
  const std::uint32_t second_at = second.instruction;
  for (std::uint32_t at = first.instruction; at < second_at; ++at) {
    const auto missing = missing_at(*code, at, second_at);
    if (!missing || missing->in_collection) continue;
    const Instruction& what = code->body[missing->what];
    if (what.op == Op::load && is_local(what) && what.a == *variable) return true;
  }
  return false;
}

}  // namespace querylint::rules
