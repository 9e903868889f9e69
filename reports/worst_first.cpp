#include "reports/worst_first.h"

#include <algorithm>
#include <utility>

namespace querylint::reports {

using diagnostics::Diagnostic;

std::vector<const Diagnostic*> worst_first(std::span<const Diagnostic> diagnostics) {
  std::vector<const Diagnostic*> all;
  for (const Diagnostic& diagnostic : diagnostics) all.push_back(&diagnostic);
  std::ranges::stable_sort(all, {}, [](const Diagnostic* diagnostic) {
    return std::pair(diagnostic->severity, diagnostic->certainty);
  });
  return all;
}

}  // namespace querylint::reports
