// What a computation looked at: it has to be done anew only when some of that changes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/program/program.h"

namespace querylint::flow {

/// Of one call, declared value or followed function. Footprints share the parts that were
/// remembered. They belong to one thread.
struct Footprint {
  std::vector<program::FunctionId> read;     ///< functions whose code it was decided by
  std::vector<program::FunctionId> entered;  ///< functions that were called with rows or queries
  std::vector<std::shared_ptr<const Footprint>> parts;
  mutable std::uint64_t visit = 0;   ///< of the last `Reach` that was made of it
  mutable std::uint32_t looked = 0;  ///< the last edition in which `Editions` looked at it
  mutable bool is_stale = false;     ///< what they found then
};

/// A footprint with all its parts: sorted, each function once.
struct Reach {
  std::vector<program::FunctionId> read;
  std::vector<program::FunctionId> entered;
};

/// Which functions have got other code, and when. A footprint with one of them that changed after
/// it was made is stale, and stays so.
class Editions {
 public:
  /// Begins an edition in which these functions have other code.
  void begin(std::span<const program::FunctionId> changed);
  std::shared_ptr<Footprint> make_footprint() const;
  bool is_stale(const Footprint& footprint) const;

 private:
  std::uint32_t now_ = 0;
  std::vector<std::uint32_t> changed_;  ///< per function, where it is long enough: the last edition
};

/// `visit` is another number for each call that sees the same parts, and never 0.
Reach reach_of(const Footprint& footprint, std::uint64_t visit);

}  // namespace querylint::flow
