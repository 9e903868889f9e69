#include <fmt/format.h>

#include <array>
#include <iterator>

#include "analyzer/ir/module.h"

namespace querylint::ir {
namespace {

constexpr std::array op_names = {
    "constant", "load",    "store", "attribute", "set_attribute", "index",     "set_index",
    "call",     "spread",  "build", "operate",   "unpack",        "annotated", "branch",
    "loop",     "collect", "try",   "handler",   "with",          "return",    "raise",
    "yield",    "await",   "jump",  "define",    "import"};
static_assert(op_names.size() == static_cast<std::size_t>(Op::import) + 1);

constexpr std::array constant_names = {"None",   "True",  "False", "number",
                                       "string", "bytes", "...",   "unknown"};
constexpr std::array build_names = {"tuple", "list", "set", "dict", "slice", "string", "generator"};
constexpr std::array branch_names = {"if",     "conditional", "and",  "or",
                                     "filter", "assert",      "case", "while"};
constexpr std::array loop_names = {"for", "while", "list", "set", "dict", "generator"};
constexpr std::array jump_names = {"break", "continue"};
constexpr std::array operator_names = {"+",  "-", "*",  "/",  "%",      "**", "&",     "|",
                                       "^",  "?", "-",  "~",  "not",    "==", "!=",    "<",
                                       "<=", ">", ">=", "is", "is not", "in", "not in"};
static_assert(operator_names.size() == static_cast<std::size_t>(Operator::not_in) + 1);

class Printer {
 public:
  explicit Printer(const Module& module) : module_(module) {}

  std::string run() {
    if (module_.has_errors) line(0, "syntax errors");
    for (const base::ByteRange cut : module_.cut) line(0, "cut at byte {}", cut.begin);
    for (const Function& function : module_.functions) print(function);
    return std::move(out_);
  }

 private:
  template <typename... Arguments>
  void line(std::size_t depth, fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), "{:{}}", "", 2 * depth);
    fmt::format_to(std::back_inserter(out_), form, std::forward<Arguments>(arguments)...);
    out_.push_back('\n');
  }

  void print(const Function& function) {
    function_ = &function;
    line(0, "{}", heading(function));
    struct Open {
      std::uint32_t else_begin;
      std::uint32_t end;
    };
    std::vector<Open> open;
    std::uint32_t number = 0;
    for (const Instruction& instruction : module_.body(function)) {
      while (!open.empty() && open.back().end <= number) open.pop_back();
      if (!open.empty() && open.back().else_begin == number) line(open.size(), "else");
      line(open.size() + 1, "%{} {}", number, describe(instruction));
      const std::uint32_t end = region_end(instruction);
      if (end > number + 1) open.push_back({instruction.b, end});
      ++number;
    }
  }

  /// Where the regions of a structured instruction end; 0 for the others.
  static std::uint32_t region_end(const Instruction& instruction) {
    switch (instruction.op) {
      case Op::branch:
      case Op::loop:
      case Op::try_:
      case Op::handler:
      case Op::with:
        return instruction.c;
      default:
        return 0;
    }
  }

  std::string heading(const Function& function) const {
    std::string out;
    if (function.is_async) out.append("async ");
    if (function.is_generator) out.append("generator ");
    if (function.is_broken) out.append("broken ");
    switch (function.kind) {
      case FunctionKind::module:
        return out.append("module");
      case FunctionKind::class_body:
        return out.append("class ").append(bases(function));
      default:
        break;
    }
    fmt::format_to(std::back_inserter(out), "function {}(", module_.text(function.qualified_name));
    constexpr std::array prefixes = {"", "", "*", "**"};
    std::string_view separator;
    for (const Parameter& parameter : module_.parameters_of(function)) {
      fmt::format_to(std::back_inserter(out), "{}{}{}", separator,
                     prefixes[static_cast<std::size_t>(parameter.kind)],
                     module_.text(parameter.name));
      if (parameter.annotation) append(out, ": {}", operand(parameter.annotation.value));
      if (parameter.default_value) append(out, "={}", operand(parameter.default_value.value));
      separator = ", ";
    }
    out.push_back(')');
    if (function.return_annotation)
      append(out, " -> {}", operand(function.return_annotation.value));
    return out;
  }

  template <typename... Arguments>
  static void append(std::string& out, fmt::format_string<Arguments...> form,
                     Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Arguments>(arguments)...);
  }

  std::string bases(const Function& function) const {
    std::string out(module_.text(function.qualified_name));
    const Class& description = module_.classes[function.owner.value];
    for (std::uint32_t i = 0; i < description.base_count; ++i) {
      append(out, "{}{}", i == 0 ? "(" : ", ", operand(module_.pool[description.first_base + i]));
    }
    if (description.base_count > 0) out.push_back(')');
    return out;
  }

  static std::string operand(std::uint32_t value) {
    return value == Instruction::nowhere ? "-" : fmt::format("%{}", value);
  }

  std::string text(std::uint32_t value) const { return std::string(module_.text({value})); }

  std::string variable(const Instruction& instruction) const {
    switch (static_cast<Scope>(instruction.detail)) {
      case Scope::local: {
        const Text name = module_.slot_names[function_->first_slot + instruction.a];
        const std::string_view shown = module_.text(name);
        return shown.empty() ? fmt::format("${}", instruction.a) : std::string(shown);
      }
      case Scope::enclosing:
        return fmt::format("^{}", instruction.a);
      default:
        return "global " + text(instruction.a);
    }
  }

  std::string list(const Instruction& instruction) const {
    std::string out;
    for (const std::uint32_t value : module_.operands(instruction)) out += " " + operand(value);
    return out;
  }

  std::string pairs(const Instruction& instruction, bool values_are_named) const {
    std::string out;
    const auto operands = module_.operands(instruction);
    for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
      if (!values_are_named) {
        append(out, " {}:{}", operand(operands[i]), operand(operands[i + 1]));
      } else if (operands[i + 1] == Instruction::nowhere) {
        append(out, " {}", operand(operands[i]));
      } else {
        append(out, " {}={}", text(operands[i + 1]), operand(operands[i]));
      }
    }
    return out;
  }

  std::string describe(const Instruction& instruction) const {
    const std::string_view name = op_names[static_cast<std::size_t>(instruction.op)];
    const std::string a = operand(instruction.a);
    const std::string b = operand(instruction.b);
    const std::uint8_t detail = instruction.detail;
    switch (instruction.op) {
      case Op::constant:
        if (instruction.a == Instruction::nowhere) {
          return fmt::format("{} {}", name, constant_names[detail]);
        }
        return fmt::format("{} {} {:?}", name, constant_names[detail], text(instruction.a));
      case Op::load:
        return fmt::format("{} {}", name, variable(instruction));
      case Op::store:
        return fmt::format("{} {} {}", name, variable(instruction), b);
      case Op::attribute:
        return fmt::format("{} {} .{}", name, a, text(instruction.b));
      case Op::set_attribute:
        return fmt::format("{} {} .{} {}", name, a, text(instruction.b), operand(instruction.c));
      case Op::set_index:
        return fmt::format("{} {} {} {}", name, a, b, operand(instruction.c));
      case Op::call:
        return fmt::format("{} {} ({} )", name, a, pairs(instruction, true));
      case Op::build:
        return fmt::format(
            "{} {}{}", name, build_names[detail],
            BuildKind(detail) == BuildKind::dict ? pairs(instruction, false) : list(instruction));
      case Op::operate:
        return fmt::format("{} {} {} {}", name, operator_names[detail], a, b);
      case Op::unpack:
        return fmt::format("{} {} {}{}", name, a, instruction.b,
                           detail == 1   ? " rest"
                           : detail == 2 ? " from the end"
                                         : "");
      case Op::branch:
        return fmt::format("{} {} {}", name, branch_names[detail], a);
      case Op::loop:
        return fmt::format("{} {} {}", name, loop_names[detail], a);
      case Op::collect:
        return fmt::format("{} ${} {} {}", name, instruction.a, b, operand(instruction.c));
      case Op::try_:
        return std::string(name);
      case Op::jump:
        return fmt::format("{} {}", name, jump_names[detail]);
      case Op::define:
        return fmt::format("{} {} {}{}", name, detail == 0 ? "function" : "class",
                           detail == 0 ? text(module_.functions[instruction.a].qualified_name.value)
                                       : text(module_.classes[instruction.a].qualified_name.value),
                           list(instruction));
      case Op::import:
        if (instruction.b != Instruction::nowhere) {
          return fmt::format("{} {} {}", name, text(instruction.a), text(instruction.b));
        }
        return fmt::format("{} {}{}", name, text(instruction.a),
                           detail == 1 ? ", its first part" : "");
      case Op::annotated:
      case Op::index:
        return fmt::format("{} {} {}", name, a, b);
      default:
        return fmt::format("{} {}", name, a);
    }
  }

  const Module& module_;
  const Function* function_ = nullptr;
  std::string out_;
};

}  // namespace

std::string dump(const Module& module) { return Printer(module).run(); }

}  // namespace querylint::ir
