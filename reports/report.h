// Reports: settled diagnostics as text, JSON or SARIF.
//
// This folder and the language server are the only places that know lines and columns. Each format
// counts in the unit that its readers expect; all count from 1:
//   full, concise, json   columns in code points
//   sarif                 columns in UTF-16 units (`columnKind` says so)
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
};

/// Code frames with the related places, for people.
std::string full(const Run& run);
/// `path:line:column: severity [rule] message`, one line each.
std::string concise(const Run& run);
/// One object with `diagnostics`.
std::string json(const Run& run);
/// SARIF 2.1.0 as GitHub code scanning reads it.
std::string sarif(const Run& run);

}  // namespace querylint::reports
