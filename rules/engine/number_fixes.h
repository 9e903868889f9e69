// Fixes of rules about numbers of rows: the query is asked instead of Python.
#pragma once

#include <optional>

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// `len(rows)` as a call of the query. `length` is the fold.
std::optional<diagnostics::Fix> count_fix(const Evidence& evidence, const Event& length);

/// `run` counts or loads rows, and only whether there are any is asked: with `exists()` instead of
/// it, and of the comparison around it.
std::optional<diagnostics::Fix> existence_fix(const Evidence& evidence, const Event& run);

}  // namespace querylint::rules
