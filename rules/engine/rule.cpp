#include "rules/engine/rule.h"

#include <algorithm>

namespace querylint::rules {

diagnostics::Diagnostic Findings::at(Site site, const Event& event) const {
  diagnostics::Diagnostic diagnostic;
  diagnostic.rule = rule_;
  diagnostic.family = family_;
  diagnostic.severity = severity_;
  diagnostic.place = evidence_.place(site);
  diagnostic.function = evidence_.function_name(site);
  diagnostic.certainty = certainty_of(evidence_, event);
  diagnostic.rests_on_parameter = evidence_.rests_on_parameter(event);
  return diagnostic;
}

void Findings::add(diagnostics::Diagnostic diagnostic) {
  diagnostics::Cause& cause = diagnostic.cause;
  cause.rule = rule_;
  if (cause.place.path.empty() && cause.detail.empty()) cause.place = diagnostic.place;
  std::erase_if(diagnostic.related,
                [](const diagnostics::Related& related) { return related.place.path.empty(); });
  if (diagnostic.flow.empty() && !diagnostic.related.empty()) {
    diagnostic.flow = diagnostic.related;
    diagnostic.flow.push_back({diagnostic.place, diagnostic.message});
  }
  all_.push_back(std::move(diagnostic));
}

namespace {

bool wants(const Rule& rule, const Event& event) {
  const std::uint64_t bit = std::uint64_t{1} << event.detail;
  switch (event.kind) {
    case flow::EventKind::execution:
      return (rule.causes & bit) != 0;
    case flow::EventKind::fold:
      return (rule.folds & bit) != 0;
    case flow::EventKind::step:
      return (rule.steps & bit) != 0;
    default:
      return false;
  }
}

void apply(const Rule& rule, const Evidence& evidence, std::vector<diagnostics::Diagnostic>& all) {
  Findings findings(evidence, rule.name, rule.family, rule.severity, all);
  if (rule.on_trace != nullptr) rule.on_trace(evidence, findings);
  if (rule.on_event == nullptr) return;
  for (const Event& event : evidence.trace().events) {
    if (wants(rule, event)) rule.on_event(evidence, event, findings);
  }
}

}  // namespace

const Rule* find_rule(std::string_view name) {
  const auto rules = all_rules();
  const auto found = std::ranges::find(rules, name, &Rule::name);
  return found == rules.end() ? nullptr : &*found;
}

std::vector<diagnostics::Diagnostic> judge(flow::World& world, const flow::Trace& trace,
                                           const std::vector<bool>& selected, RuleTimes* times) {
  using Clock = std::chrono::steady_clock;
  std::vector<diagnostics::Diagnostic> all;
  const Evidence evidence(world, trace);
  const auto rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!selected[i]) continue;
    const Clock::time_point begin = times != nullptr ? Clock::now() : Clock::time_point{};
    apply(rules[i], evidence, all);
    if (times != nullptr) (*times)[i] += Clock::now() - begin;
  }
  return all;
}

}  // namespace querylint::rules
