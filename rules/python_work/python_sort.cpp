#include "rules/generated/python_sort.h"

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {

void python_sort(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site)) return;
  const flow::Query query = evidence.query(event.subject);
  if (query.shape != flow::Shape::rows || flow::is_prefetched(evidence.world(), query)) return;
  if (evidence.world().plans.has(query.last, flow::StepKind::slice)) return;  // it sorts a page
  const std::string column = column_lookup(evidence, event.detail_value);
  if (column.empty() || usage_of(evidence, event.subject).runs.size() != 1) return;
  const bool descends = (event.flags & flow::flag::descending) != 0;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // All rows are needed in any case: what is saved is the sorting.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string entity = entity_name(evidence, query.entity);
  finding.message = PythonSort{.entity = entity_name(evidence, query.entity),
                               .repair = evidence.words(query.entity)
                                             .order_by(column_entity(evidence, event.detail_value),
                                                       column, descends)}
                        .message();
  const Site built = evidence.site_of_query(event.subject);
  if (built.unit) finding.related.push_back({evidence.place(built), "the rows come from here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
