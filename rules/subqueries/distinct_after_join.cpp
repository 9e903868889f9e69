#include "rules/generated/distinct_after_join.h"

#include <algorithm>
#include <array>

#include "rules/engine/conditions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

using flow::Step;
using flow::StepKind;

/// What needs the joined rows themselves, or makes other rows of them.
constexpr std::array needing = {StepKind::slice, StepKind::combined, StepKind::load_join,
                                StepKind::other};

/// Whether the step leaves each row once: DISTINCT, or groups of the rows' own columns.
bool is_for_distinct_rows(const Step& step) {
  return step.kind == StepKind::distinct
             ? step.arguments.empty()
             : std::ranges::all_of(step.arguments, [](const auto& given) { return !given.first; });
}

/// Whether only columns of the entity itself are asked for.
bool has_own_columns(const Evidence& evidence, schema::EntityId entity, const Step& step) {
  return std::ranges::all_of(step.arguments, [&](const auto& given) {
    const base::Name column = flow::string_of(evidence.world(), given.second);
    return column && other_table(evidence, entity, evidence.text(column)).empty();
  });
}

/// Whether the rows are of one entity and of several only by a join for a condition.
bool joins_for_conditions(const Evidence& evidence, const flow::Query& query) {
  bool joins = false;
  bool is_plain = true;
  evidence.world().plans.each(query.last, [&](const Step& step, bool is_certain) {
    const bool compares = step.kind == StepKind::filter && is_certain;
    joins = joins || (step.kind == StepKind::join && is_certain);
    if (compares) {
      for (const auto& [label, operand] : step.arguments)
        joins =
            joins || (label && !other_table(evidence, query.entity, evidence.text(label)).empty());
    }
    if (step.kind == StepKind::project) is_plain = has_own_columns(evidence, query.entity, step);
    if (step.kind == StepKind::annotate) is_plain = is_for_distinct_rows(step);
    const bool needs_rows = std::ranges::find(needing, step.kind) != needing.end();
    is_plain = is_plain && !needs_rows;
    return is_plain;
  });
  return joins && is_plain;
}

/// Whether the query goes on to what needs the joined rows.
bool gets_more(const Evidence& evidence, const flow::Query& query) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    if (!evidence.is_query(event.subject)) return false;
    const flow::Query later = evidence.query(event.subject);
    if (later.last == query.last || later.entity != query.entity) return false;
    const std::vector<flow::StepId> chain = evidence.world().plans.chain(later.last);
    return std::ranges::find(chain, query.last) != chain.end() &&
           !joins_for_conditions(evidence, later);
  });
}

}  // namespace

void distinct_after_join(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Query query = evidence.query(event.subject);
  if (!is_for_distinct_rows(evidence.world().plans.step(query.last))) return;
  if (!joins_for_conditions(evidence, query) || gets_more(evidence, query)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.message = DistinctAfterJoin{.entity = entity_name(evidence, query.entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::subqueries
