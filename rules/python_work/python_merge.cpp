#include "rules/generated/python_merge.h"

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

/// Whether all rows that a query asks for are loaded once, for nothing but what Python does here.
bool is_loaded_for_it(const Evidence& evidence, Value query) {
  const flow::Query asked = evidence.query(query);
  if (evidence.world().plans.has(asked.last, flow::StepKind::slice)) return false;
  const Usage usage = usage_of(evidence, query);
  return usage.is_whole && usage.runs.size() == 1 && usage.escapes.empty() && usage.writes.empty();
}

}  // namespace

void python_merge(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site) || !evidence.is_query(event.detail_value)) return;
  if (!is_loaded_for_it(evidence, event.subject)) return;
  if (!is_loaded_for_it(evidence, event.detail_value)) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  // The two may be in different databases.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const Site other = evidence.site_of_query(event.detail_value);
  if (other && other != event.site)
    finding.related.push_back({evidence.place(other), "and come from here"});
  finding.message =
      PythonMerge{.left = entity_name(evidence, evidence.query(event.subject).entity),
                  .right = entity_name(evidence, evidence.query(event.detail_value).entity)}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
