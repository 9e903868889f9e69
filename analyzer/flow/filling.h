// Lists that a loop fills: `found.append(...)` once in each iteration is a comprehension.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/flow/world.h"
#include "analyzer/ir/module.h"

namespace querylint::flow {

/// A loop that has been walked, over rows of `source`: over some of them where `is_part`.
struct WalkedLoop {
  const ir::Module& module;
  std::span<const ir::Instruction> code;  ///< of the function
  std::uint32_t at = 0;                   ///< the loop's instruction
  Value source;
  bool is_part = false;
};

/// Gives the source to the lists among the variables that were empty before the loop, and to which
/// it alone has added, one element for each row or for some of them.
void note_filled_lists(World& world, const WalkedLoop& loop, std::span<const Value> before,
                       std::span<Value> slots);

}  // namespace querylint::flow
