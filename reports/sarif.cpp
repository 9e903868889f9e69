#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "reports/code_points.h"
#include "reports/report.h"
#include "reports/sarif_results.h"
#include "reports/worst_first.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using nlohmann::ordered_json;

constexpr std::string_view schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

// What GitHub takes of a longer text or log is not ours to choose, so nothing is longer.
constexpr std::size_t most_results = 5000;
constexpr std::size_t longest_description = 1024;

/// `LazyRelationInLoop`: the standard wants the name to differ from the id.
std::string readable_name(std::string_view name) {
  std::string out;
  bool is_first = true;
  for (const char c : name) {
    if (c != '-') out.push_back(is_first && 'a' <= c && c <= 'z' ? static_cast<char>(c - 32) : c);
    is_first = c == '-';
  }
  return out;
}

std::string_view shortened(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t next = end + code_point_at(text, end).length;
    if (next > longest_description) break;
    end = next;
  }
  return text.substr(0, end);
}

/// The first paragraph of a page that is no heading.
std::string_view introduction(std::string_view page) {
  while (!page.empty()) {
    const std::size_t end = std::min(page.find("\n\n"), page.size());
    const std::string_view paragraph = page.substr(0, end);
    if (!paragraph.starts_with('#') && !paragraph.empty()) return paragraph;
    page.remove_prefix(std::min(page.size(), end + 2));
    while (page.starts_with('\n')) page.remove_prefix(1);
  }
  return {};
}

constexpr SeverityWords problem_severity = {"error", "warning", "recommendation"};

ordered_json rule_of(const RuleInfo& rule) {
  const std::string_view summary = rule.summary.empty() ? rule.name : rule.summary;
  const std::string_view intro = introduction(rule.page);
  const std::string_view description = intro.empty() ? summary : intro;
  ordered_json help = {{"text", description}};
  if (!rule.page.empty()) help["markdown"] = rule.page;
  return {
      {"id", rule.name},
      {"name", readable_name(rule.name)},
      {"shortDescription", {{"text", shortened(summary)}}},
      {"fullDescription", {{"text", shortened(description)}}},
      {"help", std::move(help)},
      {"defaultConfiguration",
       {{"enabled", rule.is_default}, {"level", sarif_level(rule.severity)}}},
      {"properties",
       {{"tags", {"performance", "database", rule.family}},
        {"precision", rule.is_default ? "high" : "medium"},
        {"problem.severity", problem_severity(rule.severity)}}},
  };
}

ordered_json driver_of(const Run& run) {
  ordered_json rules = ordered_json::array();
  for (const RuleInfo& rule : run.rules) rules.push_back(rule_of(rule));
  return {{"name", "querylint"}, {"version", run.version}, {"rules", std::move(rules)}};
}

/// The worst diagnostics, as many as a log may hold, in the order of the run.
std::vector<const Diagnostic*> selected(std::span<const Diagnostic> diagnostics) {
  std::vector<const Diagnostic*> all = worst_first(diagnostics);
  all.resize(std::min(all.size(), most_results));
  std::ranges::sort(all);  // by address, which is the order of the run
  return all;
}

ordered_json results_of(const Run& run) {
  std::unordered_map<std::string_view, std::size_t> rule_indexes;
  for (const RuleInfo& rule : run.rules) rule_indexes.emplace(rule.name, rule_indexes.size());
  Sources sources(run.text_of);
  SarifResults results(sources, rule_indexes);
  ordered_json all = ordered_json::array();
  for (const Diagnostic* diagnostic : selected(run.diagnostics)) {
    all.push_back(results.result(*diagnostic));
  }
  return all;
}

ordered_json invocation_of(const Run& run) {
  std::vector<std::string> notices = run.notices;
  if (run.diagnostics.size() > most_results) {
    notices.push_back(fmt::format("Only the {} most severe of {} problems are listed.",
                                  most_results, run.diagnostics.size()));
  }
  ordered_json notifications = ordered_json::array();
  for (const std::string& notice : notices) {
    notifications.push_back({{"level", "warning"}, {"message", {{"text", notice}}}});
  }
  return {{"executionSuccessful", run.was_successful},
          {"toolExecutionNotifications", std::move(notifications)}};
}

}  // namespace

std::string sarif(const Run& run) {
  const ordered_json root = {{"description", {{"text", "The root of the project."}}}};
  const ordered_json content = {
      {"tool", {{"driver", driver_of(run)}}},
      {"automationDetails", {{"id", "querylint/"}}},
      {"originalUriBaseIds", {{std::string(root_id), root}}},
      {"columnKind", "utf16CodeUnits"},
      {"invocations", ordered_json::array({invocation_of(run)})},
      {"results", results_of(run)},
  };
  const ordered_json log = {
      {"$schema", schema}, {"version", "2.1.0"}, {"runs", ordered_json::array({content})}};
  return log.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace querylint::reports
