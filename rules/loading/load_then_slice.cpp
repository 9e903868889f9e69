#include "rules/generated/load_then_slice.h"

#include <algorithm>

#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {

void load_then_slice(const Evidence& evidence, const Event& event, Findings& findings) {
  // A slice in a loop takes one batch after the other.
  if (!evidence.is_in_followed(event.site) || event.nest != evidence.query(event.subject).born)
    return;
  const Usage usage = usage_of(evidence, event.subject);
  if (usage.runs.size() != 1 || usage.runs[0]->cause() != flow::Cause::iterated) return;
  if (evidence.world().plans.has(evidence.query(event.subject).last, flow::StepKind::slice)) return;
  const bool sorts = std::ranges::any_of(usage.folds, [](const Event* fold) {
    return fold->fold() != flow::FoldKind::slice && fold->fold() != flow::FoldKind::length &&
           fold->fold() != flow::FoldKind::truth;
  });
  const bool takes_the_rest =
      std::ranges::any_of(usage.folds, [&](const Event* fold) {  // `rows[0]`, `rows[1:]`
        return fold->fold() == flow::FoldKind::slice && fold->site != event.site;
      });
  if (takes_the_rest || !usage.numbers.empty()) return;
  if (sorts || !is_only_taken_apart(evidence, usage)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      LoadThenSlice{.entity = entity_name(evidence, evidence.query(event.subject).entity)}
          .message();
  finding.related.push_back({evidence.place(usage.runs[0]->site), "all rows are loaded here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
