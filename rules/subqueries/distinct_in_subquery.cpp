#include "rules/generated/distinct_in_subquery.h"

#include "rules/engine/conditions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

/// Where the query was made distinct; nowhere if that decides which rows a slice takes.
Site needless_distinct(const Evidence& evidence, Value query) {
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  if (plans.has(last, flow::StepKind::slice) || plans.has(last, flow::StepKind::annotate))
    return {};
  Site found;
  plans.each(last, [&](const flow::Step& step, bool is_certain) {
    // With columns it keeps one row of each, and decides what the other columns are.
    if (step.kind == flow::StepKind::distinct && is_certain && step.arguments.empty())
      found = step.site;
    return true;
  });
  return found;
}

}  // namespace

void distinct_in_subquery(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  each_comparison(evidence, filter.arguments, [&](std::string_view lookup, Value operand) {
    if (comparison_of(lookup) != "in" || !evidence.is_query(operand)) return;
    const Site site = needless_distinct(evidence, operand);
    if (!site) return;
    diagnostics::Diagnostic finding = findings.at(site, event);
    finding.message =
        DistinctInSubquery{.entity = entity_name(evidence, evidence.query(operand).entity)}
            .message();
    finding.related.push_back({evidence.place(event.site), "values are looked for here"});
    findings.add(std::move(finding));
  });
}

}  // namespace querylint::rules::subqueries
