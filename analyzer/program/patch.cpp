#include "analyzer/program/patch.h"

#include "analyzer/ir/compare.h"
#include "analyzer/program/linker.h"

namespace querylint::program {

Patches::Patches(const Program& program) : mentions_(program.names.size()) {
  for (std::uint32_t i = 0; i < program.units.size(); ++i) {
    for (const Name name : mentions_of(program, {i})) ++mentions_[name.value];
  }
}

std::optional<Patch> Patches::apply(Program& program, UnitId unit,
                                    const std::shared_ptr<const ir::Module>& module) {
  const std::shared_ptr<const ir::Module> before = program.unit(unit).module;
  if (!ir::declare_the_same(*before, *module)) return std::nullopt;
  Patch patch;
  for (std::uint32_t i = 0; i < module->functions.size(); ++i) {
    const ir::FunctionKind kind = module->functions[i].kind;
    const bool is_declaration =
        kind == ir::FunctionKind::module || kind == ir::FunctionKind::class_body;
    if (is_declaration || ir::have_the_same_code(*before, *module, {i})) continue;
    patch.functions.push_back({program.unit(unit).first_function + i});
  }
  // A name that the program had not when it was linked is none of a function or class.
  const auto known_mentions = [&] {
    std::vector<Name> names = mentions_of(program, unit);
    std::erase_if(names, [&](Name name) { return name.value >= mentions_.size(); });
    return names;
  };
  const std::vector<Name> gone = known_mentions();
  Linker::put_module(program, unit, module);
  const std::vector<Name> come = known_mentions();
  for (const Name name : gone) --mentions_[name.value];
  for (const Name name : come) {
    if (mentions_[name.value]++ > 0) continue;
    Linker::set_mentioned(program, name, true);
    patch.is_use_changed = true;
  }
  for (const Name name : gone) {
    if (mentions_[name.value] > 0) continue;
    Linker::set_mentioned(program, name, false);
    patch.is_use_changed = true;
  }
  return patch;
}

}  // namespace querylint::program
