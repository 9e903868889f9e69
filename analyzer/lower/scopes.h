// Where a name lives: the chain of open functions and comprehensions around the code being lowered.
#pragma once

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/lower/builder.h"
#include "analyzer/lower/names.h"

namespace querylint::lower {

/// A variable as `Op::load` and `Op::store` name it; for a global, `index` is nowhere.
struct Variable {
  ir::Scope scope = ir::Scope::global;
  std::uint32_t index = ir::Instruction::nowhere;
};

/// Mirrors the builder's open functions. Class bodies are scopes that inner functions do not see,
/// comprehensions are layers of names on top of their function.
class Scopes {
 public:
  explicit Scopes(Builder& builder) : builder_(builder) {}

  /// Call right after the builder opened the function: parameter i gets slot i.
  void enter(ir::FunctionKind kind, const std::vector<std::string_view>& parameters,
             const BoundNames& names);
  void leave() { frames_.pop_back(); }

  void enter_comprehension() { frames_.back().layers.emplace_back(); }
  void leave_comprehension() { frames_.back().layers.pop_back(); }
  /// Binds a name of the innermost comprehension.
  void bind_in_comprehension(std::string_view name);

  /// Gives the innermost function a local of that name, if it has none.
  std::uint32_t local(std::string_view name);
  Variable resolve(std::string_view name);

 private:
  using Slots = std::unordered_map<std::string_view, std::uint32_t>;
  struct Frame {
    ir::FunctionKind kind;
    Slots locals;
    Slots captures;
    std::unordered_set<std::string_view> globals;
    std::vector<Slots> layers;
  };

  static const std::uint32_t* find(const Slots& slots, std::string_view name);
  static const std::uint32_t* find_visible(const Frame& frame, std::string_view name);
  /// The capture of frame `level` that holds an outer function's `name`, made when missing.
  std::uint32_t capture(std::size_t level, std::string_view name);

  Builder& builder_;
  std::vector<Frame> frames_;
};

}  // namespace querylint::lower
