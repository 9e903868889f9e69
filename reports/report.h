// Reports: settled diagnostics in the format that their reader takes.
//
// This folder and the language server are the only places that know lines and columns. Each format
// counts in the unit that its readers expect; all count from 1:
//   sarif    columns in UTF-16 units (`columnKind` says so)
//   rdjson   columns in bytes of UTF-8
//   gitlab   lines only
//   others   columns in code points
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::reports {

/// What a report says of a rule besides its findings.
struct RuleInfo {
  std::string_view name;
  std::string_view family;
  diagnostics::Severity severity = diagnostics::Severity::warning;
  bool is_default = true;
  std::string_view summary;  ///< one sentence
  std::string_view page;     ///< Markdown
};

/// One run of querylint, ready to be reported.
struct Run {
  std::span<const diagnostics::Diagnostic> diagnostics;  ///< in the order they are shown
  std::span<const RuleInfo> rules;
  /// The text of a file that a diagnostic names; empty when it is gone.
  std::function<std::string_view(const std::string& path)> text_of;
  std::string_view version;
  bool use_colour = false;           ///< ANSI colours, `full` and `concise` only
  bool was_successful = true;        ///< false when some file could not be analysed
  std::vector<std::string> notices;  ///< what the user should know of the run, a sentence each
  std::size_t fixed = 0;             ///< problems that the run has fixed; they are not shown
};

/// Code frames with the related places, for people.
std::string full(const Run& run);
/// `path:line:column: severity [rule] message`, one line each.
std::string concise(const Run& run);
/// One object with `diagnostics`.
std::string json(const Run& run);
/// Each of these diagnostics as an object on a line of its own.
std::string json_lines(const Run& run);
/// SARIF 2.1.0 as GitHub code scanning reads it.
std::string sarif(const Run& run);
/// Annotations of GitHub Actions, the worst of each level: a step shows no more.
std::string github(const Run& run);
/// What `github` leaves out, in Markdown for the step's summary; empty when that is nothing.
std::string github_summary(const Run& run);
/// GitLab's code quality report.
std::string gitlab(const Run& run);
/// The Reviewdog Diagnostic Format, as one JSON object.
std::string rdjson(const Run& run);
/// JUnit's XML: a suite for each file, a failed test for each finding.
std::string junit(const Run& run);

struct Format {
  std::string_view name;
  std::string (*render)(const Run& run);
  bool has_notices = false;  ///< whether it tells people the run's notices
  /// What belongs into the summary of a step of GitHub Actions; null: nothing.
  std::string (*summary)(const Run& run) = nullptr;
  /// The variable of the environment with the folder that its readers take paths to start from;
  /// null where that is the working folder.
  const char* base_variable = nullptr;
};

/// All that can be asked for by name; the first is the default.
std::span<const Format> formats();

}  // namespace querylint::reports
