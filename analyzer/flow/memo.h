// What one thread remembers of calls and values, so that the same work is done once.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "analyzer/flow/footprint.h"
#include "analyzer/flow/trace.h"
#include "analyzer/flow/values.h"

namespace querylint::flow {

/// What following a call gave. Events are as the callee sees them: calls and branches start inside.
struct CallResult {
  Value value;
  std::vector<Value> parameters;  ///< as the callee left them
  std::vector<Event> events;
  std::uint32_t steps = 0;
  int height = 0;  ///< calls inside calls
  std::shared_ptr<const Footprint> footprint;
};

/// A value that was computed outside of any function.
struct DeclaredValue {
  Value value;
  std::shared_ptr<const Footprint> footprint;
};

/// Memoised results, and the computations that are under way. A result may only be kept when it
/// does not depend on a computation that was cut short because it was already under way further
/// out: otherwise it would depend on where the following began.
class Memo {
 public:
  enum class Task : std::uint32_t { call, static_value, summary };  // what keys begin with
  using Key = std::vector<std::uint32_t>;

  /// What all calls of a function are open under, whatever they are given.
  static Key call_of(program::FunctionId function) {
    return {static_cast<std::uint32_t>(Task::call), function.value};
  }

  std::shared_ptr<const CallResult> find_call(const Key& key);
  void keep_call(const Key& key, std::shared_ptr<const CallResult> result) {
    calls_.emplace(key, std::move(result));
  }
  /// Nothing, or a value that stays until another one is kept.
  const DeclaredValue* find_value(const Key& key);
  void keep_value(const Key& key, DeclaredValue value) { values_.emplace(key, std::move(value)); }

  /// These functions have other code: what was decided by it is not found any more.
  void forget(std::span<const program::FunctionId> changed) { editions_.begin(changed); }
  std::shared_ptr<Footprint> make_footprint() const { return editions_.make_footprint(); }

  /// Opens a computation; `end` closes the innermost one and tells whether its result may be kept.
  /// One with an empty key stands apart: nothing inside sees those around it.
  void begin(const Key& key) { open_.push_back({key, independent}); }
  bool end();
  void end_apart() { open_.pop_back(); }
  /// How often a computation with that key is open.
  int count_open(const Key& key) const;
  /// Notes that the innermost computation depends on the outermost open one with that key.
  void depend_on(const Key& key);
  /// Notes that the innermost computation was cut by a budget.
  void depend_on_budget() {
    if (!open_.empty()) open_.back().floor = 0;
  }

 private:
  static constexpr std::size_t independent = std::numeric_limits<std::size_t>::max();

  struct Open {
    Key key;
    std::size_t floor;  ///< the outermost computation that it depends on, counted from 1
  };
  /// Where the computations begin that the innermost one can see.
  std::size_t first_visible() const;

  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  std::unordered_map<Key, std::shared_ptr<const CallResult>, KeyHash> calls_;
  std::unordered_map<Key, DeclaredValue, KeyHash> values_;
  std::vector<Open> open_;
  Editions editions_;
};

}  // namespace querylint::flow
