#include "analyzer/program/patch.h"

#include "analyzer/ir/align.h"
#include "analyzer/ir/compare.h"
#include "analyzer/program/linker.h"

namespace querylint::program {
namespace {

/// How many functions a file can have without another one's being called otherwise.
std::uint32_t room_of(const Program& program, UnitId unit) {
  const bool is_last = unit.value + 1 == program.units.size();
  const std::size_t end =
      is_last ? program.functions.size() : program.units[unit.value + 1].first_function;
  return static_cast<std::uint32_t>(end) - program.unit(unit).first_function;
}

/// Takes what is gone from the counts and adds what has come; `put` is called for what is counted
/// for the first time, or not any more. Tells whether there was any.
template <typename Id, typename Put>
bool recount(std::vector<std::uint32_t>& counts, const std::vector<Id>& gone,
             const std::vector<Id>& come, const Put& put) {
  bool is_changed = false;
  for (const Id id : gone) --counts[id.value];
  for (const Id id : come) {
    if (counts[id.value]++ > 0) continue;
    put(id, true);
    is_changed = true;
  }
  for (const Id id : gone) {
    if (counts[id.value] > 0) continue;
    put(id, false);
    is_changed = true;
  }
  return is_changed;
}

/// What a file's code, that declares the same as before, does otherwise.
Patch changes_of(const Program& program, UnitId unit, const ir::Module& before,
                 const ir::Module& module) {
  Patch patch;
  for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
    const ir::Function& function = module.functions[i];
    const bool is_declaration =
        function.kind == ir::FunctionKind::module || function.kind == ir::FunctionKind::class_body;
    if (is_declaration || ir::have_the_same_code(before, module, {i})) continue;
    const FunctionId id{program.unit(unit).first_function + i};
    patch.functions.push_back(id);
    if (!function.owner || ir::set_the_same_attributes(before, module, {i})) continue;
    patch.setters.push_back(id);
    patch.functions.push_back(program.class_(program.function(id).owner).body);
  }
  return patch;
}

}  // namespace

Patches::Patches(const Program& program)
    : mentions_(program.names.size()), imports_(program.units.size()) {
  for (std::uint32_t i = 0; i < program.units.size(); ++i) {
    for (const Name name : mentions_of(program, {i})) ++mentions_[name.value];
    for (const UnitId imported : imports_of(program, {i})) ++imports_[imported.value];
  }
}

std::optional<Patch> Patches::apply(Program& program, UnitId unit,
                                    const std::shared_ptr<const ir::Module>& newer) {
  const std::shared_ptr<const ir::Module> before = program.unit(unit).module;
  const auto module = ir::aligned(*before, newer, room_of(program, unit));
  if (module == nullptr || !ir::declare_the_same(*before, *module)) return std::nullopt;
  Patch patch = changes_of(program, unit, *before, *module);
  // A name that the program had not when it was linked is none of a function or class.
  const auto known_mentions = [&] {
    std::vector<Name> names = mentions_of(program, unit);
    std::erase_if(names, [&](Name name) { return name.value >= mentions_.size(); });
    return names;
  };
  const std::vector<Name> gone = known_mentions();
  const std::vector<UnitId> imports_gone = imports_of(program, unit);
  Linker::put_module(program, unit, module);
  const bool is_named_otherwise =
      recount(mentions_, gone, known_mentions(),
              [&](Name name, bool is_there) { Linker::set_mentioned(program, name, is_there); });
  const bool is_imported_otherwise = recount(
      imports_, imports_gone, imports_of(program, unit),
      [&](UnitId imported, bool is_there) { Linker::set_imported(program, imported, is_there); });
  patch.is_use_changed = is_named_otherwise || is_imported_otherwise;
  return patch;
}

}  // namespace querylint::program
