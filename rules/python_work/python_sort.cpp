#include "rules/generated/python_sort.h"

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

/// Whether the query takes some rows that nothing has put in order.
bool takes_any(const Evidence& evidence, const flow::Query& query) {
  const flow::Plans& plans = evidence.world().plans;
  return plans.has(query.last, flow::StepKind::slice) &&
         !plans.has(query.last, flow::StepKind::order) &&
         evidence.entity(query.entity).ordering.empty();
}

/// The column, or dots where a table is sorted by one that is known only when it runs.
std::string sorted_by(const Evidence& evidence, const Event& event) {
  const std::string column = column_lookup(evidence, event.detail_value);
  const bool is_open = is_of_table(event) && evidence.world().values.is_unknown(event.detail_value);
  return column.empty() && is_open ? "..." : column;
}

}  // namespace

void python_sort(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site)) return;
  const flow::Query query = evidence.query(event.subject);
  const bool has_objects = query.shape == flow::Shape::rows || is_of_table(event);
  if (!has_objects || flow::is_prefetched(evidence.world(), query)) return;
  if (is_grouped(evidence, event.subject)) return;
  const bool is_page = evidence.world().plans.has(query.last, flow::StepKind::slice);
  const bool is_late = is_of_table(event) && takes_any(evidence, query);
  if (is_page && !is_late) return;
  const std::string column = sorted_by(evidence, event);
  if (column.empty() || usage_of(evidence, event.subject).runs.size() != 1) return;
  const bool descends = (event.flags & flow::flag::descending) != 0;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // All rows are needed in any case: what is saved is the sorting.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string entity = column_entity(evidence, event.detail_value);
  finding.message =
      PythonSort{
          .entity = entity_name(evidence, query.entity),
          .late = is_late ? ", after the query has taken some of them in no order" : "",
          .repair = evidence.words(query.entity)
                        .order_by(entity.empty() ? entity_name(evidence, query.entity) : entity,
                                  column, descends)}
          .message();
  const Site built = evidence.site_of_query(event.subject);
  if (built) finding.related.push_back({evidence.place(built), "the rows come from here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
