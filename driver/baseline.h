// A baseline: the problems that a project knows of and does not want reported, in a file of its
// own. JSON, sorted, each problem on a line, so that a review of the file reads like a list.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver {

/// By what the rules of a run were chosen. Lists are sorted; without `select` the default rules.
struct BaselineSettings {
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore;
  bool include_tests = false;

  bool operator==(const BaselineSettings&) const = default;
};

/// A problem as it is known while lines move. Only path, rule and fingerprint decide: function and
/// code are in the fingerprint and stand there for people.
struct KnownProblem {
  std::string path;  ///< the project's
  std::string rule;
  std::string function;
  std::string code;  ///< of its line
  std::string fingerprint;

  auto operator<=>(const KnownProblem&) const = default;
};

struct Baseline {
  BaselineSettings settings;
  std::map<KnownProblem, std::size_t> problems;  ///< with how often each is there

  bool operator==(const Baseline&) const = default;
};

BaselineSettings settings_of(const Config& config);

Baseline baseline_of(const std::vector<diagnostics::Diagnostic>& findings, const Reading& reading,
                     const Config& config);

std::string to_text(const Baseline& baseline);

/// What a file says, or an `error` with the place in it.
struct ParsedBaseline {
  Baseline baseline;
  std::string error;
};

/// `path` stands in errors.
ParsedBaseline parse_baseline(std::string_view path, std::string_view text);

/// Findings and a baseline set against each other.
struct Compared {
  std::vector<diagnostics::Diagnostic> unknown;  ///< findings that are not in it, in their order
  Baseline met;                                  ///< the part of it that was found
  std::size_t hidden = 0;                        ///< findings that are in it
  std::size_t mended = 0;                        ///< problems in it that were not found
};

Compared compare(const Baseline& baseline, const std::vector<diagnostics::Diagnostic>& findings,
                 const Reading& reading);

}  // namespace querylint::driver
