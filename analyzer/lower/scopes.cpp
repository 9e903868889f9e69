#include "analyzer/lower/scopes.h"

namespace querylint::lower {

using ir::FunctionKind;
constexpr std::uint32_t nowhere = ir::Instruction::nowhere;

void Scopes::enter(FunctionKind kind, const std::vector<std::string_view>& parameters,
                   const BoundNames& names) {
  Frame& frame = frames_.emplace_back();
  frame.kind = kind;
  for (const std::string_view name : parameters) frame.locals[name] = builder_.new_slot(name);
  frame.globals.insert(names.globals.begin(), names.globals.end());
  for (const std::string_view name : names.locals) local(name);
}

void Scopes::bind_in_comprehension(std::string_view name) {
  frames_.back().layers.back().try_emplace(name, builder_.new_slot(name));
}

std::uint32_t Scopes::local(std::string_view name) {
  Slots& locals = frames_.back().locals;
  const auto found = locals.find(name);
  if (found != locals.end()) return found->second;
  return locals.emplace(name, builder_.new_slot(name)).first->second;
}

Variable Scopes::resolve(std::string_view name) {
  const Frame& frame = frames_.back();
  for (auto layer = frame.layers.rbegin(); layer != frame.layers.rend(); ++layer) {
    if (const std::uint32_t* slot = find(*layer, name)) return {ir::Scope::local, *slot};
  }
  if (frame.globals.contains(name)) return {};
  if (const std::uint32_t* slot = find(frame.locals, name)) return {ir::Scope::local, *slot};
  const std::uint32_t captured = capture(frames_.size() - 1, name);
  if (captured == nowhere) return {};
  return {ir::Scope::enclosing, captured};
}

const std::uint32_t* Scopes::find(const Slots& slots, std::string_view name) {
  const auto found = slots.find(name);
  return found == slots.end() ? nullptr : &found->second;
}

const std::uint32_t* Scopes::find_visible(const Frame& frame, std::string_view name) {
  for (auto layer = frame.layers.rbegin(); layer != frame.layers.rend(); ++layer) {
    if (const std::uint32_t* slot = find(*layer, name)) return slot;
  }
  if (frame.kind == FunctionKind::class_body) return nullptr;
  return find(frame.locals, name);
}

std::uint32_t Scopes::capture(std::size_t level, std::string_view name) {
  if (level == 0 || frames_[level - 1].kind == FunctionKind::module) return nowhere;
  Frame& frame = frames_[level];
  if (const std::uint32_t* known = find(frame.captures, name)) return *known;
  const Frame& parent = frames_[level - 1];
  ir::Capture source;
  if (const std::uint32_t* slot = find_visible(parent, name)) {
    source = {*slot, false};
  } else {
    const std::uint32_t outer = parent.globals.contains(name) ? nowhere : capture(level - 1, name);
    if (outer == nowhere) return nowhere;
    source = {outer, true};
  }
  const std::uint32_t index = builder_.new_capture(level, source);
  frame.captures.emplace(name, index);
  return index;
}

}  // namespace querylint::lower
