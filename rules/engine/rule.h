// A rule as the rest of querylint sees it.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Collects what one rule says of one trace.
class Findings {
 public:
  Findings(const Evidence& evidence, std::string_view rule, std::string_view family,
           diagnostics::Severity severity, std::vector<diagnostics::Diagnostic>& all)
      : evidence_(evidence), rule_(rule), family_(family), severity_(severity), all_(all) {}

  /// A finding of this rule about `event`, with the rule's severity, at `site`.
  diagnostics::Diagnostic at(Site site, const Event& event) const;
  /// Adds it. Findings of one rule with the same cause are one; without a cause it is the place.
  void add(diagnostics::Diagnostic diagnostic);

 private:
  const Evidence& evidence_;
  std::string_view rule_;
  std::string_view family_;
  diagnostics::Severity severity_;
  std::vector<diagnostics::Diagnostic>& all_;
};

/// Called for each event that the rule's page says it wants, or once for a trace.
using EventRule = void (*)(const Evidence&, const Event&, Findings&);
using TraceRule = void (*)(const Evidence&, Findings&);

struct Rule {
  std::string_view name;
  std::string_view family;
  diagnostics::Severity severity = diagnostics::Severity::warning;
  bool is_default = true;    ///< on unless deselected
  std::string_view summary;  ///< one sentence
  std::string_view page;     ///< the whole page, in Markdown, without its front matter
  std::uint64_t causes = 0;  ///< bit c: wants executions with Cause c
  std::uint64_t folds = 0;   ///< bit f: wants folds with FoldKind f
  std::uint64_t steps = 0;   ///< bit s: wants steps with StepKind s
  EventRule on_event = nullptr;
  TraceRule on_trace = nullptr;
};

/// All rules, by family and name. Generated from their pages.
std::span<const Rule> all_rules();
const Rule* find_rule(std::string_view name);

/// What each rule took, parallel to `all_rules()`.
using RuleTimes = std::vector<std::chrono::nanoseconds>;

/// What the selected rules say of a trace. `selected` is parallel to `all_rules()`. Adds to
/// `times`, if given.
std::vector<diagnostics::Diagnostic> judge(flow::World& world, const flow::Trace& trace,
                                           const std::vector<bool>& selected,
                                           RuleTimes* times = nullptr);

/// A piece of a message. It has no default, so that none can be forgotten.
class Text {
 public:
  Text(std::string text) : text_(std::move(text)) {}   // NOLINT(*-explicit-*)
  Text(std::string_view text) : text_(text) {}         // NOLINT(*-explicit-*)
  Text(const char* text) : text_(text) {}              // NOLINT(*-explicit-*)
  operator std::string_view() const { return text_; }  // NOLINT(*-explicit-*)

 private:
  std::string text_;
};

}  // namespace querylint::rules
