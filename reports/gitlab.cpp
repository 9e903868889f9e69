#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/positions.h"
#include "reports/report.h"
#include "reports/severity_words.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using nlohmann::ordered_json;

constexpr SeverityWords severity_of = {"major", "minor", "info"};

/// The merge request shows the description alone, so the rule stands in it too.
ordered_json issue_of(const Diagnostic& diagnostic, Sources& sources) {
  const diagnostics::Place& place = diagnostic.place;
  const std::uint32_t line = sources.of(place.path).line_of(place.range.begin);
  return {{"description", fmt::format("{}: {}", diagnostic.rule, diagnostic.message)},
          {"check_name", diagnostic.rule},
          {"fingerprint", diagnostic.fingerprint},
          {"severity", severity_of(diagnostic.severity)},
          {"location", {{"path", place.path}, {"lines", {{"begin", line}}}}}};
}

}  // namespace

std::string gitlab(const Run& run) {
  Sources sources(run.text_of);
  ordered_json issues = ordered_json::array();
  for (const Diagnostic& diagnostic : run.diagnostics) {
    issues.push_back(issue_of(diagnostic, sources));
  }
  return issues.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace querylint::reports
