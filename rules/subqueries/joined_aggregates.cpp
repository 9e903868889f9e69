#include "rules/generated/joined_aggregates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "rules/engine/aggregates.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

bool is_prefix(const std::vector<base::Name>& shorter, const std::vector<base::Name>& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

/// Whether rows that `other` joins repeat those that `one` aggregates.
bool is_multiplied_by(const Aggregate& one, const Aggregate& other) {
  return !other.to_many.empty() && !is_prefix(other.to_many, one.to_many);
}

bool is_changed_by_copies(const Aggregate& one) {
  constexpr std::array<std::string_view, 6> immune = {"Min",     "Max",   "BoolOr",
                                                      "BoolAnd", "BitOr", "BitAnd"};
  return !one.is_distinct && std::ranges::find(immune, one.function) == immune.end();
}

struct Conflict {
  Aggregate one;
  Aggregate other;
  bool is_wrong = false;
  bool branches = false;  ///< neither path continues the other
};

/// The worst pair of aggregates. In a query that groups its own rows, by `values()`, aggregates of
/// their columns are multiplied too.
std::optional<Conflict> conflict_in(const std::vector<Aggregate>& aggregates, bool groups) {
  std::optional<Conflict> worst;
  for (const Aggregate& one : aggregates) {
    for (const Aggregate& other : aggregates) {
      const bool is_own = one.to_many.empty() && !groups;
      if (is_own || one.argument.empty() || !is_multiplied_by(one, other)) continue;
      const Conflict found{one, other, is_changed_by_copies(one),
                           !is_prefix(one.to_many, other.to_many)};
      const bool is_worse =
          !worst || (found.is_wrong && !worst->is_wrong) ||
          (found.is_wrong == worst->is_wrong && found.branches && !worst->branches);
      if (is_worse) worst = found;
    }
  }
  return worst;
}

std::size_t number_of_paths(std::span<const Aggregate> aggregates) {
  std::set<std::vector<base::Name>> paths;
  for (const Aggregate& aggregate : aggregates) {
    if (!aggregate.to_many.empty()) paths.insert(aggregate.to_many);
  }
  return paths.size();
}

/// Whether a condition only asks whether the number is zero: then copies change nothing.
bool is_zero_test(const Evidence& evidence, base::Name label, Value value,
                  std::string_view aggregate) {
  if (!label || !value || aggregate.empty()) return false;
  std::string_view lookup = evidence.text(label);
  if (!lookup.starts_with(aggregate)) return false;
  lookup.remove_prefix(aggregate.size());
  if (!flow::is_constant(evidence.world(), value, ir::ConstantKind::number)) return false;
  const std::string_view number = evidence.text(evidence.world().values.constant(value).text);
  return (number == "0" && (lookup.empty() || lookup == "__exact" || lookup == "__gt")) ||
         (number == "1" && (lookup == "__gte" || lookup == "__lt"));
}

/// Whether every condition and ordering on the annotation that the trace shows asks whether it is
/// zero, and some does.
bool is_only_tested(const Evidence& evidence, const Event& annotation, const Aggregate& one) {
  if (one.function != "Count" || one.label.empty()) return false;
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId annotated = evidence.query(annotation.subject).last;
  bool is_tested = false;
  bool is_compared = false;
  for (const Event& event : evidence.trace().events) {
    if (!evidence.is_query(event.subject)) continue;
    const auto chain = plans.chain(evidence.query(event.subject).last);
    const auto from = std::ranges::find(chain, annotated);
    if (from == chain.end()) continue;
    for (const flow::StepId id : std::ranges::subrange(chain.begin(), from)) {
      for (const auto& [label, value] : plans.step(id).arguments) {
        const base::Name text = label ? label : flow::string_of(evidence.world(), value);
        if (!text || !mentions(evidence.text(text), one.label)) continue;
        const bool is_zero = is_zero_test(evidence, label, value, one.label);
        is_tested = is_tested || is_zero;
        is_compared = is_compared || !is_zero;
      }
    }
  }
  return is_tested && !is_compared;
}

/// Whether the annotated query is only ever asked for one row: the copies by two relations are few.
bool is_for_one_row(const Evidence& evidence, const Event& annotation) {
  const flow::StepId annotated = evidence.query(annotation.subject).last;
  bool is_run = false;
  bool is_single = true;
  for (const Event& event : evidence.trace().events) {
    if (event.kind != flow::EventKind::execution || !evidence.is_query(event.subject)) continue;
    const auto chain = evidence.world().plans.chain(evidence.query(event.subject).last);
    if (std::ranges::find(chain, annotated) == chain.end()) continue;
    is_run = true;
    is_single = is_single && event.cause() == flow::Cause::fetched;
  }
  return is_run && is_single;
}

std::string describe(const Aggregate& aggregate) {
  return fmt::format("{}(\"{}\"{})", aggregate.function, aggregate.argument,
                     aggregate.is_distinct ? ", distinct=True" : "");
}

}  // namespace

void joined_aggregates(const Evidence& evidence, const Event& event, Findings& findings) {
  std::vector<Aggregate> aggregates = aggregates_of(evidence, event.subject);
  const bool groups =
      evidence.world().plans.has(evidence.query(event.subject).last, flow::StepKind::project);
  auto conflict = conflict_in(aggregates, groups);
  if (!conflict) return;
  const bool is_tested = is_only_tested(evidence, event, conflict->one);
  conflict->is_wrong = conflict->is_wrong && !is_tested;
  const std::size_t paths = number_of_paths(aggregates);
  std::erase_if(aggregates,
                [&](const Aggregate& aggregate) { return aggregate.site == event.site; });
  if (conflict_in(aggregates, groups)) return;  // reported at an earlier step

  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.severity =
      conflict->is_wrong ? diagnostics::Severity::error : diagnostics::Severity::warning;
  if (!conflict->is_wrong && !conflict->branches)
    finding.certainty = diagnostics::Certainty::possible;
  if (!conflict->is_wrong && paths <= 2 && (is_tested || is_for_one_row(evidence, event))) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  const std::string one = describe(conflict->one);
  const std::string other = describe(conflict->other);
  finding.message =
      JoinedAggregates{
          .what =
              conflict->is_wrong
                  ? fmt::format("{} is wrong: it takes each row once for every row that {} joins",
                                one, other)
              : conflict->branches
                  ? fmt::format("{} and {} join every row of one with every row of the other", one,
                                other)
                  : fmt::format("{} has to undo the copies of each row that {} joins", one, other),
          .entity = entity_name(evidence, evidence.query(event.subject).entity)}
          .message();
  for (const Aggregate& aggregate : {conflict->one, conflict->other}) {
    if (aggregate.site != event.site) {
      finding.related.push_back({evidence.place(aggregate.site), "annotated here"});
    }
  }
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::subqueries
