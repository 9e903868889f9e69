#include "rules/generated/python_join.h"

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

using flow::ValueKind;

/// Whether one column is a foreign key that refers to the other one's entity.
bool is_reference(const schema::Entity& from, base::Name column, schema::EntityId to) {
  const schema::Relation* relation = from.relation_by_key(column);
  return relation != nullptr && relation->target == to;
}

/// The row of an outer loop that the condition compares rows of `query` with, by a foreign key.
Value joined_row(const Evidence& evidence, Value condition, Value query) {
  const flow::Values& values = evidence.world().values;
  if (!values.is(condition, ValueKind::operation)) return {};
  const flow::Operation operation = values.operation(condition);
  const bool compares = operation.operation == ir::Operator::equal && operation.right &&
                        values.is(operation.left, ValueKind::scalar) &&
                        values.is(operation.right, ValueKind::scalar);
  if (!compares) return {};
  flow::Scalar own = values.scalar(operation.left);
  flow::Scalar other = values.scalar(operation.right);
  if (!own.row || !other.row || !evidence.is_row(own.row) || !evidence.is_row(other.row)) return {};
  if (evidence.row(own.row).query != query) std::swap(own, other);
  const flow::Row here = evidence.row(own.row);
  const flow::Row there = evidence.row(other.row);
  if (here.query != query || there.query == query) return {};
  const bool refers = is_reference(evidence.entity(here.entity), own.column, there.entity) ||
                      is_reference(evidence.entity(there.entity), other.column, here.entity);
  return refers ? other.row : Value{};
}

/// The loop around the fold that runs over the row's query, while the fold's rows are loaded
/// before.
bool is_loaded_before(const Evidence& evidence, const Event& fold, const flow::Row& outer) {
  const flow::Chains& chains = evidence.world().chains;
  for (NestId nest = fold.nest; nest; nest = chains.loop(nest).outer) {
    if (evidence.query_of_loop(nest) == outer.query)
      return !chains.encloses(nest, evidence.query(fold.subject).born);
  }
  return false;
}

}  // namespace

void python_join(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject) || !evidence.is_in_followed(event.site)) return;
  if (!evidence.world().values.is(event.detail_value, ValueKind::container)) return;
  for (const Value condition : evidence.world().values.container(event.detail_value).items) {
    const Value outer = joined_row(evidence, condition, event.subject);
    if (!outer || !is_loaded_before(evidence, event, evidence.row(outer))) continue;
    diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    finding.message =
        PythonJoin{.outer = entity_name(evidence, evidence.row(outer).entity),
                   .entity = entity_name(evidence, evidence.query(event.subject).entity)}
            .message();
    findings.add(std::move(finding));
    return;
  }
}

}  // namespace querylint::rules::python_work
