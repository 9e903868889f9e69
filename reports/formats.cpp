#include <array>

#include "reports/report.h"

namespace querylint::reports {
namespace {

constexpr std::array<Format, 9> table = {{
    {.name = "full", .render = full, .has_notices = true},
    {.name = "concise", .render = concise},
    {.name = "json", .render = json},
    {.name = "json-lines", .render = json_lines},
    {.name = "sarif", .render = sarif, .base_variable = "GITHUB_WORKSPACE"},
    {.name = "github",
     .render = github,
     .summary = github_summary,
     .base_variable = "GITHUB_WORKSPACE"},
    {.name = "gitlab", .render = gitlab, .base_variable = "CI_PROJECT_DIR"},
    {.name = "rdjson", .render = rdjson},
    {.name = "junit", .render = junit},
}};

}  // namespace

std::span<const Format> formats() { return table; }

}  // namespace querylint::reports
