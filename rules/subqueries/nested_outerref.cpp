#include "rules/generated/nested_outerref.h"

#include "rules/engine/aggregates.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {

void nested_outerref(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& step = evidence.world().plans.step(evidence.query(event.subject).last);
  for (const auto& [label, value] : step.arguments) {
    for (const flow::Term& outer : terms_within(evidence, value, "OuterRef")) {
      if (outer.arguments.empty()) continue;
      if (terms_within(evidence, outer.arguments[0].second, "OuterRef").empty()) continue;
      diagnostics::Diagnostic finding = findings.at(event.site, event);
      finding.certainty = diagnostics::Certainty::firm;
      finding.message =
          NestedOuterref{.entity = entity_name(evidence, evidence.query(event.subject).entity)}
              .message();
      findings.add(std::move(finding));
      return;
    }
  }
}

}  // namespace querylint::rules::subqueries
