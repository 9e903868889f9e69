#include "analyzer/program/program.h"

#include <algorithm>

#include "analyzer/program/module_names.h"

namespace querylint::program {
namespace {

using ir::Instruction;
using ir::Op;

Symbol external(Name path) { return {Symbol::Kind::external, 0, {}, path}; }

/// How many folders two paths begin with together.
std::ptrdiff_t common_folders(std::string_view a, std::string_view b) {
  const auto [end, _] = std::ranges::mismatch(a, b);
  return std::count(a.begin(), end, '/');
}

}  // namespace

const Instruction& Program::at(Site site) const {
  const Function& found = function(site.function);
  return unit(found.unit).module->code[found.code->first_instruction + site.instruction];
}

std::span<const Instruction> Program::body(FunctionId id) const {
  const Function& found = function(id);
  return unit(found.unit).module->body(*found.code);
}

UnitId Program::unit_at(const std::string& path) const {
  const auto found = units_by_path_.find(path);
  return found == units_by_path_.end() ? UnitId{} : found->second;
}

UnitId Program::unit_named(std::string_view dotted_name, UnitId from) const {
  const auto found = units_by_name_.find(names.find(dotted_name));
  if (found == units_by_name_.end()) return {};
  const auto in_common = [&](UnitId id) { return common_folders(unit(id).path, unit(from).path); };
  return *std::ranges::max_element(found->second, {}, in_common);
}

Symbol Program::global(UnitId id, Name name) const {
  const Unit& found = unit(id);
  const auto global = found.globals.find(name);
  if (global != found.globals.end()) return global->second;
  const auto builtin = builtins_.find(name);
  if (builtin != builtins_.end()) return external(builtin->second);
  return {};
}

UnitId Program::find_module(UnitId importer, std::string_view module) const {
  const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
  std::string_view folder = folder_of(unit(importer).path);
  if (dots == 0) {
    if (const UnitId named = unit_named(module, importer)) return named;
    if (module.find('.') != std::string_view::npos) return {};
    std::string sibling(folder);  // as scripts import each other, and as Python 2 did in packages
    return unit_at(sibling.append(sibling.empty() ? "" : "/").append(module).append(".py"));
  }
  for (std::size_t i = 1; i < dots; ++i) folder = folder_of(folder);
  std::string rest(module.substr(dots));
  std::replace(rest.begin(), rest.end(), '.', '/');
  std::string path(folder);
  if (!path.empty() && !rest.empty()) path += '/';
  path += rest;
  if (const UnitId file = unit_at(path + ".py")) return file;
  return unit_at(path.empty() ? "__init__.py" : path + "/__init__.py");
}

Symbol Program::imported(UnitId importer, std::string_view module, std::string_view member) const {
  const UnitId source = find_module(importer, module);
  if (source) {
    const Symbol unit_symbol{Symbol::Kind::unit, source.value, {}, {}};
    return member.empty() ? unit_symbol : attribute(unit_symbol, names.find(member));
  }
  std::string whole(module);
  if (!member.empty()) whole.append(module.ends_with('.') ? "" : ".").append(member);
  if (const UnitId submodule = find_module(importer, whole)) {
    return {Symbol::Kind::unit, submodule.value, {}, {}};
  }
  const Name path = names.find(whole);
  return path && !module.starts_with('.') ? external(path) : Symbol{};
}

Symbol Program::attribute(const Symbol& symbol, Name name, int depth) const {
  switch (symbol.kind) {
    case Symbol::Kind::unit: {
      const Unit& found = units[symbol.id];
      const auto global = found.globals.find(name);
      if (global != found.globals.end() && global->second) return global->second;
      const UnitId child = unit_named(
          std::string(text(found.dotted_name)) + "." + std::string(text(name)), {symbol.id});
      return child ? Symbol{Symbol::Kind::unit, child.value, {}, {}} : Symbol{};
    }
    case Symbol::Kind::class_: {
      const Member* found = member({symbol.id}, name);
      if (found == nullptr) return {};
      if (found->kind == Member::Kind::class_) return {Symbol::Kind::class_, found->id, {}, {}};
      if (found->kind == Member::Kind::function) return {Symbol::Kind::function, found->id, {}, {}};
      return {};
    }
    case Symbol::Kind::external: {
      const auto attributes = external_attributes_.find(symbol.external);
      if (attributes == external_attributes_.end()) return {};
      const auto found = attributes->second.find(name);
      return found == attributes->second.end() ? Symbol{} : external(found->second);
    }
    case Symbol::Kind::variable: {
      const Symbol maker = maker_of(symbol, depth + 1);
      return maker ? attribute(maker, name, depth + 1) : Symbol{};
    }
    default:
      return {};
  }
}

Symbol Program::maker_of(const Symbol& variable, int depth) const {
  constexpr int generations = 4;
  constexpr int deepest = 4;
  if (depth > deepest) return {};
  const FunctionId top{unit(variable.unit).first_function};
  const auto code = body(top);
  if (variable.id >= code.size() || code[variable.id].op != Op::call) return {};
  Symbol maker = resolve(top, code[variable.id].a, depth);
  for (int i = 0; i < generations && maker.kind == Symbol::Kind::class_; ++i) {
    const Class& made = class_({maker.id});
    if (made.code->base_count == 0) return {};
    maker =
        resolve(function(made.body).parent, unit(made.unit).module->pool[made.code->first_base]);
  }
  return maker.kind == Symbol::Kind::external ? maker : Symbol{};
}

Symbol Program::resolve(FunctionId id, std::uint32_t operand, int depth) const {
  const Function& around = function(id);
  const ir::Module& module = *unit(around.unit).module;
  const auto code = module.body(*around.code);
  if (operand >= code.size()) return {};
  const Instruction& instruction = code[operand];
  switch (instruction.op) {
    case Op::load: {
      if (ir::Scope(instruction.detail) == ir::Scope::global) {
        return global(around.unit, name(around.unit, {instruction.a}));
      }
      if (ir::Scope(instruction.detail) != ir::Scope::local) return {};
      const Name slot =
          name(around.unit, module.slot_names[around.code->first_slot + instruction.a]);
      if (around.code->kind == ir::FunctionKind::module) return global(around.unit, slot);
      if (around.code->kind == ir::FunctionKind::class_body) {
        return attribute({Symbol::Kind::class_, around.owner.value, {}, {}}, slot);
      }
      for (const Instruction& other : code) {  // a local import or definition
        const bool stores = other.op == Op::store && other.a == instruction.a &&
                            ir::Scope(other.detail) == ir::Scope::local;
        if (stores && (code[other.b].op == Op::import || code[other.b].op == Op::define)) {
          return resolve(id, other.b, depth);
        }
      }
      return {};
    }
    case Op::attribute: {
      const Symbol object = resolve(id, instruction.a, depth);
      return object ? attribute(object, name(around.unit, {instruction.b}), depth) : Symbol{};
    }
    case Op::index:
      return resolve(id, instruction.a, depth);
    case Op::import: {
      const std::string_view path = module.text({instruction.a});
      if (instruction.b == Instruction::nowhere) {
        return imported(around.unit,
                        instruction.detail == 1 ? path.substr(0, path.find('.')) : path, "");
      }
      return imported(around.unit, path, module.text({instruction.b}));
    }
    case Op::define: {
      const Unit& file = unit(around.unit);
      if (instruction.detail == 0) {
        return {Symbol::Kind::function, file.first_function + instruction.a, {}, {}};
      }
      return {Symbol::Kind::class_, file.first_class + instruction.a, {}, {}};
    }
    default:
      return {};
  }
}

const Member* Program::own_member(ClassId id, Name name) const {
  const std::vector<Member>& members = class_(id).members;
  const auto found = std::lower_bound(members.begin(), members.end(), name,
                                      [](const Member& a, Name b) { return a.name < b; });
  return found != members.end() && found->name == name ? &*found : nullptr;
}

const Member* Program::member(ClassId id, Name name) const {
  for (const ClassId ancestor : class_(id).ancestors) {
    if (const Member* found = own_member(ancestor, name)) return found;
  }
  return nullptr;
}

const Member* Program::member_after(ClassId id, ClassId after, Name name) const {
  bool reached = false;
  for (const ClassId ancestor : class_(id).ancestors) {
    if (reached) {
      if (const Member* found = own_member(ancestor, name)) return found;
    }
    reached = reached || ancestor == after;
  }
  return nullptr;
}

bool Program::inherits(ClassId id, ClassId ancestor) const {
  const std::vector<ClassId>& all = class_(id).ancestors;
  return std::find(all.begin(), all.end(), ancestor) != all.end();
}

bool Program::has_unknown_bases(ClassId id) const {
  for (const ClassId ancestor : class_(id).ancestors) {
    for (const Symbol& base : class_(ancestor).bases) {
      if (base.kind != Symbol::Kind::class_) return true;
    }
  }
  return false;
}

}  // namespace querylint::program
