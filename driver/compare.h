// Which findings were not there before.
#pragma once

#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver {

/// What was found in some texts. Paths are the project's.
struct Findings {
  std::vector<diagnostics::Diagnostic> diagnostics;
  const Reading* reading = nullptr;
};

/// What `now` has more of than `before`, in the order of `now`. A finding is known by what stays
/// the same while lines move; where several are alike, as many as before are known. In a file that
/// is new it is also known by its function and code alone, if a file that is gone had it: files are
/// renamed.
std::vector<diagnostics::Diagnostic> new_findings(const Findings& now, const Findings& before);

}  // namespace querylint::driver
