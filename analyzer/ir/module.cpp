#include "analyzer/ir/module.h"

namespace querylint::ir {

std::string_view Module::text(Text id) const {
  const std::uint32_t begin = id.value == 0 ? 0 : text_ends[id.value - 1];
  return std::string_view(text_block).substr(begin, text_ends[id.value] - begin);
}

std::span<const Instruction> Module::body(const Function& function) const {
  return std::span(code).subspan(function.first_instruction, function.instruction_count);
}

std::span<const std::uint32_t> Module::operands(const Instruction& instruction) const {
  const bool pairs =
      instruction.op == Op::call ||
      (instruction.op == Op::build && BuildKind(instruction.detail) == BuildKind::dict);
  if (instruction.count == 0) return {};
  return std::span(pool).subspan(instruction.b, instruction.count * (pairs ? 2u : 1u));
}

std::span<const Parameter> Module::parameters_of(const Function& function) const {
  return std::span(parameters).subspan(function.first_parameter, function.parameter_count);
}

std::span<const Capture> Module::captures_of(const Function& function) const {
  return std::span(captures).subspan(function.first_capture, function.capture_count);
}

bool has_regions(Op op) {
  return op == Op::branch || op == Op::loop || op == Op::try_ || op == Op::handler ||
         op == Op::with;
}

std::optional<std::uint32_t> branch_behind(std::span<const Instruction> body, std::uint32_t load) {
  if (load == 0 || load >= body.size() || body[load].op != Op::load) return std::nullopt;
  const Instruction& stored = body[load - 1];
  const bool is_just_stored = stored.op == Op::store && stored.detail == body[load].detail &&
                              static_cast<Scope>(stored.detail) == Scope::local &&
                              stored.a == body[load].a;
  if (!is_just_stored) return std::nullopt;
  for (std::uint32_t at = load; at-- > 0;) {
    const Instruction& branch = body[at];
    if (branch.op != Op::branch || branch.c != load) continue;
    const auto kind = static_cast<BranchKind>(branch.detail);
    const bool gives_value =
        kind == BranchKind::and_ || kind == BranchKind::or_ || kind == BranchKind::conditional;
    return gives_value ? std::optional(at) : std::nullopt;
  }
  return std::nullopt;
}

bool sets_own_attribute(std::span<const Instruction> body, const Instruction& instruction) {
  if (instruction.op != Op::set_attribute) return false;
  const Instruction& object = body[instruction.a];
  return object.op == Op::load && object.a == 0 && Scope(object.detail) == Scope::local;
}

std::vector<std::uint32_t> operands_of(const Module& module, const Instruction& instruction) {
  std::vector<std::uint32_t> found;
  const auto add = [&](std::uint32_t operand) {
    if (operand != Instruction::nowhere) found.push_back(operand);
  };
  switch (instruction.op) {
    case Op::store:
      add(instruction.b);
      break;
    case Op::attribute:
    case Op::spread:
    case Op::unpack:
    case Op::branch:
    case Op::loop:
    case Op::handler:
    case Op::with:
    case Op::return_:
    case Op::raise:
    case Op::yield:
    case Op::await:
      add(instruction.a);
      break;
    case Op::set_attribute:
      add(instruction.a);
      add(instruction.c);
      break;
    case Op::index:
    case Op::operate:
    case Op::annotated:
      add(instruction.a);
      add(instruction.b);
      break;
    case Op::set_index:
      add(instruction.a);
      add(instruction.b);
      add(instruction.c);
      break;
    case Op::collect:
      add(instruction.b);
      add(instruction.c);
      break;
    case Op::call: {
      add(instruction.a);
      const auto operands = module.operands(instruction);
      for (std::size_t i = 0; i < operands.size(); i += 2) add(operands[i]);
      break;
    }
    case Op::build:
      for (const std::uint32_t operand : module.operands(instruction)) add(operand);
      break;
    case Op::define:
      for (const std::uint32_t operand : module.operands(instruction)) add(operand);
      break;
    default:
      break;
  }
  return found;
}

}  // namespace querylint::ir
