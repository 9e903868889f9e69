// Which findings a reader with room for some gets to see.
#pragma once

#include <span>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::reports {

/// The most severe first, of these the surest; otherwise in the order that is given. The pointers
/// lead into `diagnostics`.
std::vector<const diagnostics::Diagnostic*> worst_first(
    std::span<const diagnostics::Diagnostic> diagnostics);

}  // namespace querylint::reports
