#include "rules/engine/shared_objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace querylint::rules {
namespace {

using flow::Step;
using flow::StepKind;

/// Whether the path leads from rows of `first` to the same relation, as one of rows of its entity.
bool ends_with(const Evidence& evidence, schema::EntityId first, flow::PathId path,
               const flow::Row& row, const schema::Relation& relation) {
  schema::EntityId entity = first;
  bool is_last = false;
  for (const base::Name name : evidence.world().plans.names(path)) {
    const schema::Relation* step =
        entity ? evidence.entity(entity).relation_by_lookup(name) : nullptr;
    if (step == nullptr) return false;
    is_last = entity == row.entity && step->lookup == relation.lookup;
    entity = step->target;
  }
  return is_last;
}

bool leads_back(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation) {
  const flow::Query query = evidence.query(row.query);
  bool found = false;
  evidence.world().plans.each(query.last, [&](const Step& step, bool) {
    const bool loads = step.kind == StepKind::load_join || step.kind == StepKind::load_separate;
    found = loads && step.path && ends_with(evidence, query.entity, step.path, row, relation);
    return !found;
  });
  return found;
}

bool loads_many(const Evidence& evidence, const Event& event, schema::EntityId entity) {
  const bool loads =
      event.kind == flow::EventKind::execution &&
      (event.cause() == flow::Cause::iterated || event.cause() == flow::Cause::evaluated);
  if (!loads || !evidence.is_query(event.subject)) return false;
  const flow::Query query = evidence.query(event.subject);
  return query.shape == flow::Shape::rows && query.entity == entity;
}

}  // namespace

bool leads_to_one(const Evidence& evidence, const flow::Row& row,
                  const schema::Relation& relation) {
  const schema::Entity& entity = evidence.entity(row.entity);
  if (!entity.shares_objects || !relation.holds_key) return false;
  if (!evidence.is_query(row.query)) return false;
  const std::string key(evidence.text(relation.key_column));
  const std::string lookup(evidence.text(relation.lookup));
  // Columns of other entities than the query's are written with these.
  const std::string owner = row.path ? fmt::format("{}.", evidence.text(entity.name)) : "";
  bool is_fixed = false;
  evidence.world().plans.each(evidence.query(row.query).last, [&](const Step& step,
                                                                  bool is_certain) {
    if (step.kind != StepKind::filter || !is_certain) return true;
    for (const auto& [label, value] : step.arguments) {
      const std::string_view asked = label ? evidence.text(label) : std::string_view();
      const bool is_of_columns = evidence.world().values.is(value, flow::ValueKind::term);
      is_fixed = is_fixed || (!is_of_columns && (asked == owner + key || asked == owner + lookup));
    }
    return !is_fixed;
  });
  return is_fixed;
}

bool may_be_loaded_elsewhere(const Evidence& evidence, const Event& read, const flow::Row& row,
                             const schema::Relation& relation) {
  if (!evidence.entity(row.entity).shares_objects || !evidence.is_query(row.query)) return false;
  if (leads_back(evidence, row, relation)) return true;
  if (!relation.holds_key || !relation.target) return false;
  const auto& events = evidence.trace().events;
  return std::any_of(events.data(), &read, [&](const Event& earlier) {
    return earlier.subject != row.query && loads_many(evidence, earlier, relation.target);
  });
}

}  // namespace querylint::rules
