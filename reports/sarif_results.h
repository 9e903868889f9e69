// The results of a SARIF log: one per diagnostic.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <unordered_map>

#include "analyzer/diagnostics/diagnostic.h"
#include "reports/positions.h"
#include "reports/severity_words.h"

namespace querylint::reports {

/// The name under which a log declares the folder that all its paths start from.
constexpr std::string_view root_id = "%SRCROOT%";

constexpr SeverityWords sarif_level = {"error", "warning", "note"};

class SarifResults {
 public:
  /// `rule_indexes` tells where the log describes a rule.
  SarifResults(Sources& sources,
               const std::unordered_map<std::string_view, std::size_t>& rule_indexes)
      : sources_(sources), rule_indexes_(rule_indexes) {}

  nlohmann::ordered_json result(const diagnostics::Diagnostic& diagnostic);

 private:
  nlohmann::ordered_json location(const diagnostics::Place& place);
  nlohmann::ordered_json located(const diagnostics::Place& place, std::string_view message);
  nlohmann::ordered_json related_locations(const diagnostics::Diagnostic& diagnostic);
  nlohmann::ordered_json code_flows(const diagnostics::Diagnostic& diagnostic);
  nlohmann::ordered_json fingerprints(const diagnostics::Diagnostic& diagnostic);
  nlohmann::ordered_json fix(const diagnostics::Fix& fix);

  Sources& sources_;
  const std::unordered_map<std::string_view, std::size_t>& rule_indexes_;
  std::unordered_map<std::string, std::vector<std::string>> line_hashes_;
};

}  // namespace querylint::reports
