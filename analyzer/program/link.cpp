#include <algorithm>
#include <array>

#include "analyzer/ir/align.h"
#include "analyzer/program/linker.h"
#include "analyzer/program/module_names.h"

namespace querylint::program {
namespace {

using ir::Instruction;
using ir::Op;
using ir::Scope;

constexpr std::array builtin_names = {
    "abs",       "aiter",     "all",         "anext",    "any",        "bool",         "bytes",
    "callable",  "chr",       "classmethod", "delattr",  "dict",       "dir",          "divmod",
    "enumerate", "Exception", "filter",      "float",    "format",     "frozenset",    "getattr",
    "hasattr",   "hash",      "id",          "int",      "isinstance", "issubclass",   "iter",
    "len",       "list",      "map",         "max",      "min",        "next",         "object",
    "open",      "ord",       "print",       "property", "range",      "repr",         "reversed",
    "round",     "set",       "setattr",     "slice",    "sorted",     "staticmethod", "str",
    "sum",       "super",     "tuple",       "type",     "vars",       "zip"};

/// How many inner functions a file can get without being linked anew; see `Patches`.
constexpr std::size_t spare_functions = 8;
const ir::Function no_function = ir::no_function();

bool is_none(const Instruction& instruction) {
  return instruction.op == Op::constant &&
         ir::ConstantKind(instruction.detail) == ir::ConstantKind::none;
}

}  // namespace

Program link(std::vector<Source> sources, const LinkOptions& options) {
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return Linker(std::move(sources), options).run();
}

Program Linker::run() {
  add_units();
  add_builtins();
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) add_functions_and_classes({i});
  globals_.resize(program_.units.size());
  star_imports_.resize(program_.units.size());
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) collect_globals({i});
  resolve_globals();
  for (std::uint32_t i = 0; i < program_.classes.size(); ++i) collect_members({i});
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) intern_imports(program_, {i});
  for (const bool of_variables : {false, true}) {
    for (std::uint32_t i = 0; i < program_.units.size(); ++i)
      intern_external_attributes(program_, {i}, of_variables);
  }
  resolve_decorators_and_bases();
  ordered_.resize(program_.classes.size());
  for (std::uint32_t i = 0; i < program_.classes.size(); ++i) order_ancestors({i});
  program_.is_mentioned_.resize(program_.names.size());
  program_.is_imported_.resize(program_.units.size());
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) {
    for (const Name name : mentions_of(program_, {i})) set_mentioned(program_, name, true);
    for (const UnitId imported : imports_of(program_, {i})) set_imported(program_, imported, true);
  }
  return std::move(program_);
}

void Linker::add_units() {
  std::vector<std::string> paths;
  for (const Source& source : sources_) paths.push_back(source.path);
  const std::vector<std::string> roots = source_roots(paths, options_.source_roots);
  for (Source& source : sources_) {
    const UnitId id{static_cast<std::uint32_t>(program_.units.size())};
    Unit& unit = program_.units.emplace_back();
    unit.path = source.path;
    unit.module = std::move(source.module);
    const ir::Module& module = *unit.module;
    for (std::uint32_t i = 0; i < module.text_ends.size(); ++i) {
      unit.names.push_back(program_.names.intern(module.text({i})));
    }
    program_.units_by_path_.emplace(source.path, id);
    for (const std::string& name : module_names(source.path, roots)) {
      const Name dotted = program_.names.intern(name);
      if (!unit.dotted_name) unit.dotted_name = dotted;
      program_.units_by_name_[dotted].push_back(id);
    }
  }
}

void Linker::add_builtins() {
  for (const char* name : builtin_names) {
    program_.builtins_.emplace(program_.names.intern(name),
                               program_.names.intern(std::string("builtins.") + name));
  }
}

/// Puts a module that declares the same in place of a file's.
void Linker::put_module(Program& program, UnitId id, std::shared_ptr<const ir::Module> module) {
  Unit& unit = program.units[id.value];
  unit.module = std::move(module);
  unit.names.clear();
  for (std::uint32_t i = 0; i < unit.module->text_ends.size(); ++i) {
    unit.names.push_back(program.names.intern(unit.module->text({i})));
  }
  for (std::uint32_t i = 0; i < unit.module->functions.size(); ++i) {
    put_function(program, {unit.first_function + i}, unit.module->functions[i]);
  }
  for (std::uint32_t i = 0; i < unit.module->classes.size(); ++i) {
    program.classes[unit.first_class + i].code = &unit.module->classes[i];
  }
  intern_imports(program, id);
  for (const bool of_variables : {false, true}) {
    intern_external_attributes(program, id, of_variables);
  }
}

void Linker::put_function(Program& program, FunctionId id, const ir::Function& code) {
  Function& function = program.functions[id.value];
  const Unit& unit = program.unit(function.unit);
  function.code = &code;
  function.name = code.name ? program.name(function.unit, code.name) : Name{};
  function.owner = code.owner ? ClassId{unit.first_class + code.owner.value} : ClassId{};
  function.parent =
      code.parent ? FunctionId{unit.first_function + code.parent.value} : FunctionId{};
}

void Linker::add_functions_and_classes(UnitId id) {
  Unit& unit = program_.units[id.value];
  const ir::Module& module = *unit.module;
  unit.first_function = static_cast<std::uint32_t>(program_.functions.size());
  unit.first_class = static_cast<std::uint32_t>(program_.classes.size());
  program_.functions.resize(unit.first_function + module.functions.size() + spare_functions,
                            {id, {}, {}, {}, &no_function, {}});
  for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
    put_function(program_, {unit.first_function + i}, module.functions[i]);
  }
  for (const ir::Class& code : module.classes) {
    const ClassId self{static_cast<std::uint32_t>(program_.classes.size())};
    Class& class_ = program_.classes.emplace_back();
    class_.ancestors = {
        self};  // until all bases are known, so that `class Meta(Base.Meta)` finds its base
    class_.unit = id;
    class_.name = program_.name(id, code.name);
    class_.code = &code;
    class_.body = {unit.first_function + code.body.value};
  }
}

/// A name may be bound several times (`try: import x; except ImportError: x = None`): the first
/// binding that is not None counts, a definition before everything else.
void Linker::collect_globals(UnitId id) {
  const Unit& unit = program_.units[id.value];
  const ir::Module& module = *unit.module;
  const ir::Function& top = module.functions[0];
  const auto code = module.body(top);
  const auto rank = [&](std::uint32_t value) {
    if (code[value].op == Op::define) return 2;
    return is_none(code[value]) ? 0 : 1;
  };
  for (const Instruction& instruction : code) {
    if (instruction.op != Op::store || Scope(instruction.detail) != Scope::local) continue;
    const Name name = program_.name(id, module.slot_names[top.first_slot + instruction.a]);
    const auto [place, added] = globals_[id.value].try_emplace(name, Global{instruction.b, {}, {}});
    if (!added && rank(instruction.b) > rank(place->second.value)) {
      place->second.value = instruction.b;
    }
  }
  for (const Instruction& instruction : code) {
    if (instruction.op != Op::import || instruction.b == Instruction::nowhere) continue;
    if (module.text({instruction.b}) != "*") continue;
    const UnitId source = program_.find_module(id, module.text({instruction.a}));
    if (source) star_imports_[id.value].push_back(source);
  }
}

void Linker::resolve_globals() {
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) {
    std::vector<Name> own;
    for (const auto& [name, global] : globals_[i]) own.push_back(name);
    for (const Name name : own) resolve_global({i}, name);
  }
  for (std::uint32_t i = 0; i < program_.units.size(); ++i) {
    auto& target = program_.units[i].globals;
    for (const auto& [name, global] : globals_[i]) {
      if (global.symbol) target.emplace(name, global.symbol);
    }
    for (const UnitId source : starred({i})) {
      for (const auto& [name, global] : globals_[source.value]) {
        if (global.symbol) target.emplace(name, global.symbol);
      }
    }
  }
}

std::vector<UnitId> Linker::starred(UnitId id) const {
  std::vector<UnitId> sources = star_imports_[id.value];
  for (std::size_t next = 0; next < sources.size(); ++next) {
    for (const UnitId further : star_imports_[sources[next].value]) {
      const bool known = std::find(sources.begin(), sources.end(), further) != sources.end();
      if (!known) sources.push_back(further);
    }
  }
  return sources;
}

Symbol Linker::resolve_global(UnitId id, Name name) {
  const auto found = globals_[id.value].find(name);
  if (found == globals_[id.value].end()) {
    for (const UnitId source : starred(id)) {
      if (globals_[source.value].contains(name)) return resolve_global(source, name);
    }
    return {};
  }
  Global& global = found->second;
  if (global.state == Global::State::busy) return {};  // an import cycle
  if (global.state == Global::State::open) {
    global.state = Global::State::busy;
    global.symbol = resolve_value(id, global.value);
    global.state = Global::State::done;
  }
  return global.symbol;
}

/// What a value of a file's top level is. Names that stand for other names are followed.
Symbol Linker::resolve_value(UnitId id, std::uint32_t operand) {
  const Unit& unit = program_.units[id.value];
  const ir::Module& module = *unit.module;
  const ir::Function& top = module.functions[0];
  const Instruction& instruction = module.body(top)[operand];
  switch (instruction.op) {
    case Op::define:
      if (instruction.detail == 0) {
        return {Symbol::Kind::function, unit.first_function + instruction.a, {}, {}};
      }
      return {Symbol::Kind::class_, unit.first_class + instruction.a, {}, {}};
    case Op::import:
      return resolve_import(id, instruction);
    case Op::load: {
      Name name;
      if (Scope(instruction.detail) == Scope::local) {
        name = program_.name(id, module.slot_names[top.first_slot + instruction.a]);
      } else {
        name = program_.name(id, {instruction.a});
      }
      const Symbol alias = resolve_global(id, name);
      if (alias) return alias;
      break;
    }
    case Op::attribute: {
      const Symbol object = resolve_value(id, instruction.a);
      const Name name = program_.name(id, {instruction.b});
      if (object.kind == Symbol::Kind::unit) return resolve_global({object.id}, name);
      if (object.kind == Symbol::Kind::external) {
        return external(std::string(program_.text(object.external)) + "." +
                        std::string(program_.text(name)));
      }
      break;
    }
    default:
      break;
  }
  return {Symbol::Kind::variable, operand, id, {}};
}

Symbol Linker::resolve_import(UnitId id, const Instruction& instruction) {
  const ir::Module& module = *program_.units[id.value].module;
  std::string_view path = module.text({instruction.a});
  if (instruction.b != Instruction::nowhere)
    return import_member(id, path, module.text({instruction.b}));
  if (instruction.detail == 1) path = path.substr(0, path.find('.'));
  const UnitId target = program_.find_module(id, path);
  if (target) return {Symbol::Kind::unit, target.value, {}, {}};
  return external(std::string(path));
}

Symbol Linker::import_member(UnitId id, std::string_view module, std::string_view member) {
  const UnitId source = program_.find_module(id, module);
  const bool relative = module.starts_with('.');
  if (source) {
    const Symbol found = resolve_global(source, program_.names.find(member));
    if (found) return found;
  }
  const std::string separator = module.ends_with('.') ? "" : ".";
  const std::string whole = std::string(module) + separator + std::string(member);
  const UnitId submodule = program_.find_module(id, whole);
  if (submodule) return {Symbol::Kind::unit, submodule.value, {}, {}};
  if (source || relative) return {};
  return external(whole);
}

Symbol Linker::external(const std::string& path) {
  return {Symbol::Kind::external, 0, {}, program_.names.intern(path)};
}

}  // namespace querylint::program
