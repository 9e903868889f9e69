#include "rules/generated/python_distinct.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

/// Whether the rows only tell what belongs to the one object that the query asks for: they hold two
/// keys, and the other one has one value. Hardly a pair is told twice.
bool are_pairs_of_one(const Evidence& evidence, const flow::Row& row, base::Name column) {
  const schema::Entity& entity = evidence.entity(row.entity);
  return std::ranges::all_of(entity.columns, [&](const schema::Column& other) {
    if (other.name == column || other.is_primary) return true;
    return entity.relation_by_key(other.name) != nullptr &&
           evidence.is_fixed(row.query, other.name);
  });
}

/// Whether rows often have the same value there: a foreign key, a date, a choice. A set of other
/// columns is mostly for looking things up.
bool repeats(const Evidence& evidence, Value value) {
  const flow::Scalar scalar = evidence.world().values.scalar(value);
  if (!scalar.row || !evidence.is_row(scalar.row) || !scalar.column) return false;
  const flow::Row row = evidence.row(scalar.row);
  if (row.path) return true;
  if (evidence.is_distinct_in(row.query, scalar.column) ||
      are_pairs_of_one(evidence, row, scalar.column))
    return false;
  const schema::Entity& entity = evidence.entity(row.entity);
  const schema::Column* column = entity.column(scalar.column);
  if (column == nullptr || column->is_primary || column->is_unique) return false;
  return entity.relation_by_key(column->name) != nullptr || column->has_choices ||
         column->type == schema::ColumnType::date || column->type == schema::ColumnType::boolean;
}

/// Whether Python does nothing else with the rows than to take the different values of the column:
/// of pairs, a set of one part is mostly a group of the other.
bool is_all(const NeedlessFold& fold, Value column) {
  return std::ranges::all_of(fold.usage.folds, [&](const Event* other) {
    return !other->detail_value || other->detail_value == column;
  });
}

}  // namespace

void python_distinct(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.world().values.is(event.detail_value, flow::ValueKind::scalar)) return;
  const auto fold = needless_fold(evidence, event);
  if (!fold || fold->column.empty() || !repeats(evidence, event.detail_value)) return;
  if (!is_all(*fold, event.detail_value)) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  const bool loads_one_column = evidence.query(event.subject).shape != flow::Shape::rows;
  if (loads_one_column) finding.certainty = diagnostics::Certainty::possible;
  const schema::EntityId id = evidence.query(event.subject).entity;
  const std::string entity = entity_name(evidence, id);
  finding.message = PythonDistinct{.entity = entity,
                                   .column = fold->column,
                                   .repair = evidence.words(id).distinct_values(fold->column_entity,
                                                                                fold->column)}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
