#include "rules/generated/python_distinct.h"

#include <fmt/format.h>

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

/// Whether the column has each value once anyway: then the set is for looking things up.
bool is_unique(const Evidence& evidence, Value value) {
  const flow::Scalar scalar = evidence.world().values.scalar(value);
  if (!scalar.row || !evidence.is_row(scalar.row) || !scalar.column) return true;
  const flow::Row row = evidence.row(scalar.row);
  if (row.path) return false;
  const schema::Column* column = evidence.entity(row.entity).column(scalar.column);
  return column == nullptr || column->is_primary || column->is_unique;
}

}  // namespace

void python_distinct(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.world().values.is(event.detail_value, flow::ValueKind::scalar)) return;
  const auto fold = needless_fold(evidence, event);
  if (!fold || fold->column.empty() || is_unique(evidence, event.detail_value)) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  const bool loads_one_column = evidence.query(event.subject).shape != flow::Shape::rows;
  if (loads_one_column) finding.certainty = diagnostics::Certainty::possible;
  finding.message = PythonDistinct{.entity = entity_name(evidence, evidence.query(event.subject).entity),
                                   .column = fold->column}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
