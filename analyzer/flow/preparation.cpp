#include "analyzer/flow/preparation.h"

#include <algorithm>

namespace querylint::flow {
namespace {

using ir::Op;
using program::Symbol;

/// A decorator of the program itself: known by its name, since what it does to a function is not
/// followed.
void decorate_by_name(std::string_view name, FunctionRole& role) {
  if (name.find("property") != std::string_view::npos) role.is_property = true;
  if (name.find("memo") != std::string_view::npos) role.is_memoised = true;
}

FunctionRole role_of(const program::Program& program, const program::Function& function,
                     const Frameworks& frameworks) {
  FunctionRole role;
  for (const Symbol& decorator : function.decorators) {
    if (decorator.kind == Symbol::Kind::external) {
      for (const auto& framework : frameworks) {
        framework->decorate(decorator.external, program, role);
      }
    } else if (decorator.kind == Symbol::Kind::class_) {
      decorate_by_name(program.text(program.classes[decorator.id].name), role);
    } else if (decorator.kind == Symbol::Kind::function) {
      decorate_by_name(program.text(program.functions[decorator.id].name), role);
    }
  }
  const std::string_view name = program.text(function.name);
  const bool implicit =
      name == "__init_subclass__" || name == "__class_getitem__" || name == "__new__";
  if (function.owner && implicit) role.is_class_method = true;
  return role;
}

void find_setters(const program::Program& program, FunctionId id, Preparation& preparation) {
  const program::Function& function = program.function(id);
  const bool is_method = function.owner && function.code->parameter_count > 0 &&
                         function.code->kind == ir::FunctionKind::function;
  if (!is_method) return;
  const auto code = program.body(id);
  for (const ir::Instruction& instruction : code) {
    if (!ir::sets_own_attribute(code, instruction)) continue;
    const Name name = program.name(function.unit, {instruction.b});
    auto& methods = preparation.setters[Preparation::key(function.owner, name)];
    const auto place = std::ranges::lower_bound(methods, id.value, {}, &FunctionId::value);
    if (place == methods.end() || *place != id) methods.insert(place, id);
  }
}

}  // namespace

Preparation prepare(const program::Program& program, const Frameworks& frameworks) {
  Preparation preparation;
  preparation.roles.reserve(program.functions.size());
  for (std::uint32_t i = 0; i < program.functions.size(); ++i) {
    preparation.roles.push_back(role_of(program, program.functions[i], frameworks));
    find_setters(program, {i}, preparation);
  }
  return preparation;
}

void prepare_setters(const program::Program& program, std::span<const FunctionId> methods,
                     Preparation& preparation) {
  for (const FunctionId method : methods) {
    for (auto& [key, setters] : preparation.setters) std::erase(setters, method);
    find_setters(program, method, preparation);
  }
}

}  // namespace querylint::flow
