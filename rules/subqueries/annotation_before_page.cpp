#include "rules/generated/annotation_before_page.h"

#include "rules/engine/aggregates.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {

/// A count leaves out annotations that nothing uses, unless one is an aggregate; the page has the
/// source.
void annotation_before_page(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject)) return;
  const std::vector<Aggregate> aggregates = aggregates_of(evidence, event.subject);
  for (const Aggregate& aggregate : aggregates) {
    if (aggregate.to_many.empty() || aggregate.label.empty()) continue;
    if (is_annotation_used(evidence, event.subject, aggregate.label)) continue;
    diagnostics::Diagnostic finding = findings.at(aggregate.site, event);
    finding.message =
        AnnotationBeforePage{.argument = aggregate.argument, .label = aggregate.label}.message();
    finding.related.push_back({evidence.place(event.site), "counted here"});
    findings.add(std::move(finding));
    return;
  }
}

}  // namespace querylint::rules::subqueries
