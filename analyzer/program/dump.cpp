#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "analyzer/program/program.h"

namespace querylint::program {
namespace {

std::string class_name(const Program& program, ClassId id) {
  const Class& found = program.class_(id);
  const Unit& unit = program.unit(found.unit);
  return fmt::format("{}.{}", program.text(unit.dotted_name),
                     unit.module->text(found.code->qualified_name));
}

std::string describe(const Program& program, const Symbol& symbol) {
  switch (symbol.kind) {
    case Symbol::Kind::none:
      return "unknown";
    case Symbol::Kind::unit:
      return fmt::format("module {}", program.text(program.units[symbol.id].dotted_name));
    case Symbol::Kind::class_:
      return fmt::format("class {}", class_name(program, {symbol.id}));
    case Symbol::Kind::function: {
      const Function& function = program.functions[symbol.id];
      const Unit& unit = program.unit(function.unit);
      return fmt::format("function {}.{}", program.text(unit.dotted_name),
                         unit.module->text(function.code->qualified_name));
    }
    case Symbol::Kind::variable:
      return fmt::format("variable %{}", symbol.id);
    case Symbol::Kind::external:
      return fmt::format("external {}", program.text(symbol.external));
  }
  return {};
}

void dump_globals(const Program& program, const Unit& unit, std::string& out) {
  std::vector<std::string> lines;
  for (const auto& [name, symbol] : unit.globals) {
    lines.push_back(fmt::format("  {} = {}\n", program.text(name), describe(program, symbol)));
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) out += line;
}

void dump_class(const Program& program, ClassId id, std::string& out) {
  const Class& found = program.class_(id);
  const auto end = std::back_inserter(out);
  fmt::format_to(end, "  class {}\n", class_name(program, id));
  for (const Symbol& base : found.bases) {
    fmt::format_to(end, "    base {}\n", describe(program, base));
  }
  for (const ClassId ancestor : found.ancestors) {
    if (ancestor != id) fmt::format_to(end, "    ancestor {}\n", class_name(program, ancestor));
  }
  std::vector<std::string> lines;
  for (const Member& member : found.members) {
    const bool is_function = member.kind == Member::Kind::function;
    lines.push_back(fmt::format("    {}{}", program.text(member.name), is_function ? "()" : ""));
    if (!is_function) continue;
    for (const Symbol& decorator : program.function({member.id}).decorators) {
      lines.back() += " @" + describe(program, decorator);
    }
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) fmt::format_to(end, "{}\n", line);
}

}  // namespace

std::string dump(const Program& program,
                 const std::function<bool(const std::string& path)>& wants) {
  std::string out;
  for (const Unit& unit : program.units) {
    if (!wants(unit.path)) continue;
    fmt::format_to(std::back_inserter(out), "{} as {}\n", unit.path,
                   program.text(unit.dotted_name));
    dump_globals(program, unit, out);
    for (std::uint32_t i = 0; i < unit.module->classes.size(); ++i) {
      dump_class(program, {unit.first_class + i}, out);
    }
  }
  return out;
}

}  // namespace querylint::program
