// What the program's code uses by name, and what nobody uses.
#include <algorithm>
#include <cctype>
#include <string>

#include "analyzer/program/linker.h"

namespace querylint::program {
namespace {

using ir::Instruction;
using ir::Op;

/// What a function stands in, at the top level of its file: itself, or a function or class around.
FunctionId outermost(const Program& program, FunctionId id) {
  const auto around = [&](FunctionId inner) { return program.function(inner).parent; };
  while (around(id) && around(around(id))) id = around(id);
  return id;
}

Name name_around(const Program& program, FunctionId id) {
  const Function& found = program.function(outermost(program, id));
  const bool is_class = found.code->kind == ir::FunctionKind::class_body;
  return is_class ? program.class_(found.owner).name : found.name;
}

bool is_in_word(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// The words of a dotted path or a pattern; not those of prose.
void add_words(const Program& program, std::string_view text, std::vector<Name>& names) {
  if (text.find_first_of(" \n\t") != std::string_view::npos) return;
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, is_in_word);
    const std::string_view word(text.begin(), end);
    if (const Name name = program.names.find(word)) names.push_back(name);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
}

/// Whether a file imports a name as it is, for its own code: that uses the name by itself, or not
/// at all. A package gives to others what it imports.
bool is_for_own_code(const Program& program, UnitId id, const ir::Function& function,
                     const Instruction& import) {
  constexpr std::string_view package = "__init__.py";
  const Unit& unit = program.unit(id);
  if (function.kind != ir::FunctionKind::module || unit.path.ends_with(package)) return false;
  const auto body = unit.module->body(function);
  const auto next = static_cast<std::size_t>(&import - body.data()) + 1;
  if (next >= body.size() || body[next].op != Op::store) return false;
  const ir::Text bound = unit.module->slot_names[function.first_slot + body[next].a];
  return unit.module->text(bound) == unit.module->text({import.b});
}

/// What one instruction of a function uses by name.
void add_mentions(const Program& program, UnitId id, const ir::Function& function,
                  const Instruction& instruction, std::vector<Name>& names) {
  const ir::Module& module = *program.unit(id).module;
  const bool binds_names =
      function.kind == ir::FunctionKind::module || function.kind == ir::FunctionKind::class_body;
  if (instruction.op == Op::import) {
    if (instruction.b != Instruction::nowhere &&
        !is_for_own_code(program, id, function, instruction)) {
      names.push_back(program.name(id, {instruction.b}));
    }
  } else if (instruction.op == Op::attribute) {
    names.push_back(program.name(id, {instruction.b}));
  } else if (instruction.op == Op::load) {
    const auto scope = ir::Scope(instruction.detail);
    if (scope == ir::Scope::global) names.push_back(program.name(id, {instruction.a}));
    if (binds_names && scope == ir::Scope::local) {
      names.push_back(program.name(id, module.slot_names[function.first_slot + instruction.a]));
    }
  } else if (instruction.op == Op::constant &&
             ir::ConstantKind(instruction.detail) == ir::ConstantKind::string) {
    add_words(program, module.text({instruction.a}), names);
  }
}

}  // namespace

std::vector<Name> mentions_of(const Program& program, UnitId id) {
  std::vector<Name> all;
  std::vector<Name> names;
  const Unit& unit = program.unit(id);
  for (std::uint32_t i = 0; i < unit.module->functions.size(); ++i) {
    const Name itself = name_around(program, {unit.first_function + i});
    const ir::Function& function = unit.module->functions[i];
    for (const Instruction& instruction : unit.module->body(function)) {
      names.clear();
      add_mentions(program, id, function, instruction, names);
      const bool counts_itself = instruction.op == Op::import || instruction.op == Op::constant;
      for (const Name name : names) {
        if (counts_itself || name != itself) all.push_back(name);
      }
    }
  }
  return all;
}

void Linker::set_mentioned(Program& program, Name name, bool is_mentioned) {
  if (name.value >= program.is_mentioned_.size()) {
    program.is_mentioned_.resize(program.names.size());
  }
  program.is_mentioned_[name.value] = is_mentioned;
}

std::vector<UnitId> imports_of(const Program& program, UnitId id) {
  std::vector<UnitId> imports;
  const ir::Module& module = *program.unit(id).module;
  const auto note = [&](std::string_view path) {
    const UnitId imported = program.find_module(id, path);
    if (imported && imported != id) imports.push_back(imported);
  };
  for (const Instruction& instruction : module.code) {
    if (instruction.op != Op::import) continue;
    std::string path(module.text({instruction.a}));
    note(path);
    if (instruction.b == Instruction::nowhere) continue;
    if (!path.ends_with('.')) path += '.';
    note(path.append(module.text({instruction.b})));
  }
  return imports;
}

/// Whether a function stands in a method that no class out of sight can call, and that nothing
/// names.
bool Program::is_unnamed_method(FunctionId id) const {
  while (function(id).parent && !function(id).owner) id = function(id).parent;
  const Function& method = function(id);
  if (!method.owner || method.code->kind != ir::FunctionKind::function) return false;
  const std::string_view name = text(method.name);
  const bool is_hook =
      name.starts_with("__") || (!name.starts_with('_') && !class_(method.owner).externals.empty());
  return !is_hook && method.decorators.empty() && is_imported_[method.unit.value] &&
         !is_mentioned_[method.name.value];
}

/// `views/__init__.py` hides `views.py` beside it from all imports.
bool Program::is_hidden(UnitId id) const {
  constexpr std::string_view ending = ".py";
  const std::string& path = unit(id).path;
  return path.ends_with(ending) &&
         unit_at(path.substr(0, path.size() - ending.size()) + "/__init__.py");
}

bool Program::is_out_of_use(FunctionId id) const {
  if (is_hidden(function(id).unit)) return true;
  if (function(id).code->kind == ir::FunctionKind::class_body) return false;  // imports run it
  if (is_unnamed_method(id)) return true;
  const FunctionId in_file = outermost(*this, id);
  const Function& found = function(in_file);
  const bool is_class = found.code->kind == ir::FunctionKind::class_body;
  if (!is_class && found.code->kind != ir::FunctionKind::function) return false;
  const Unit& in = unit(found.unit);
  const std::uint32_t index =
      is_class ? found.owner.value - in.first_class : in_file.value - in.first_function;
  const bool is_decorated = std::ranges::any_of(body(found.parent), [&](const auto& define) {
    return define.op == Op::define && (define.detail == 1) == is_class && define.a == index &&
           define.count > 0;
  });
  return !is_decorated && is_imported_[found.unit.value] &&
         !is_mentioned_[name_around(*this, id).value];
}

}  // namespace querylint::program
