// All that a run has found, whoever found it.
#pragma once

#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver {

/// The settled findings of the rules, then the comments that silence nothing. Paths are the
/// project's.
std::vector<diagnostics::Diagnostic> findings_of(const Outcome& outcome, const Reading& reading);

inline std::vector<diagnostics::Diagnostic> findings_of(const Checked& checked) {
  return findings_of(checked.outcome, checked);
}

}  // namespace querylint::driver
