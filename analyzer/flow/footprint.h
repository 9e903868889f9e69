// What a computation looked at: it has to be done anew only when some of that changes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "analyzer/program/program.h"

namespace querylint::flow {

/// Of one call, declared value or followed function. Footprints share the parts that were
/// remembered. They belong to one thread.
struct Footprint {
  std::vector<program::FunctionId> read;     ///< functions whose code it was decided by
  std::vector<program::FunctionId> entered;  ///< functions that were called with rows or queries
  std::vector<std::shared_ptr<const Footprint>> parts;
  mutable std::uint64_t visit = 0;  ///< of the last `Reach` that was made of it
};

/// A footprint with all its parts: sorted, each function once.
struct Reach {
  std::vector<program::FunctionId> read;
  std::vector<program::FunctionId> entered;
};

/// `visit` is another number for each call that sees the same parts, and never 0.
Reach reach_of(const Footprint& footprint, std::uint64_t visit);

}  // namespace querylint::flow
