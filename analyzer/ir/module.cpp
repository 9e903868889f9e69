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

}  // namespace querylint::ir
