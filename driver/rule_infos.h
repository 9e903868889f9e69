// The rules as reports show them.
#pragma once

#include <vector>

#include "reports/report.h"

namespace querylint::driver {

/// Reported by the driver itself, since it takes all findings to know it.
constexpr reports::RuleInfo unused_suppression = {
    "unused-suppression",
    "querylint",
    diagnostics::Severity::warning,
    true,
    "A comment silences a finding that is not there.",
    "# unused-suppression\n\nA `# querylint: ignore` comment silences a finding that is not there "
    "any more. Remove "
    "the comment, so that it does not hide the next one.\n"};

/// All rules, `unused_suppression` last.
std::vector<reports::RuleInfo> rule_infos();

}  // namespace querylint::driver
