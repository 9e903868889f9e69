#include "rules/engine/shared_objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace querylint::rules {
namespace {

using flow::Step;
using flow::StepKind;

/// Whether the query loads the relation on a way that leads from the row and back to it:
/// `book.author.books.reviews` for `book.reviews`.
bool leads_back(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation) {
  const flow::Plans& plans = evidence.world().plans;
  bool found = false;
  plans.each(evidence.query(row.query).last, [&](const Step& step, bool is_certain) {
    const bool loads = step.kind == StepKind::load_join || step.kind == StepKind::load_separate;
    if (!loads || !is_certain || !step.path || plans.last(step.path) != relation.lookup)
      return true;
    const flow::PathId back = plans.parent(step.path);
    const flow::PathId away = back ? plans.parent(back) : flow::PathId{};
    if (!away || plans.parent(away) != row.path) return true;
    const schema::Relation* way = evidence.entity(row.entity).relation_by_lookup(plans.last(away));
    found = way != nullptr && way->inverse && way->inverse == plans.last(back);
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

bool loads_all(const Evidence& evidence, Value query) {
  bool is_all = flow::root_of(evidence.world(), query).kind == StepKind::all;
  evidence.world().plans.each(evidence.query(query).last, [&](const Step& step, bool) {
    is_all = is_all && (step.kind == StepKind::all || step.kind == StepKind::order ||
                        step.kind == StepKind::load_join || step.kind == StepKind::load_separate ||
                        step.kind == StepKind::awaited);
    return is_all;
  });
  return is_all;
}

/// Whether a condition compares the key of the relation with one value. Columns of other entities
/// than the query's are written with these.
bool is_fixed(const Evidence& evidence, Value query, schema::EntityId entity,
              const schema::Relation& relation, bool is_own) {
  if (!relation.holds_key) return false;
  const std::string owner =
      is_own ? "" : fmt::format("{}.", evidence.text(evidence.entity(entity).name));
  const std::string key = owner + std::string(evidence.text(relation.key_column));
  const std::string lookup = owner + std::string(evidence.text(relation.lookup));
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const Step& step, bool is_certain) {
    if (step.kind != StepKind::filter || !is_certain) return true;
    found = std::ranges::any_of(step.arguments, [&](const auto& argument) {
      const std::string_view asked =
          argument.first ? evidence.text(argument.first) : std::string_view();
      const bool is_of_columns = evidence.world().values.is(argument.second, flow::ValueKind::term);
      return !is_of_columns && (asked == key || asked == lookup);
    });
    return !found;
  });
  return found;
}

}  // namespace

bool leads_to_one(const Evidence& evidence, const flow::Row& row,
                  const schema::Relation& relation) {
  if (!evidence.entity(row.entity).shares_objects || !evidence.is_query(row.query)) return false;
  // What the one object behind a fixed key leads to is the same for all rows as well.
  schema::EntityId entity = evidence.query(row.query).entity;
  bool is_first = true;
  for (const base::Name name : evidence.world().plans.names(row.path)) {
    const schema::Relation* way =
        entity ? evidence.entity(entity).relation_by_lookup(name) : nullptr;
    if (way == nullptr) return false;
    if (is_fixed(evidence, row.query, entity, *way, is_first)) return true;
    if (way->cardinality == schema::Cardinality::to_many) break;
    entity = way->target;
    is_first = false;
  }
  return is_fixed(evidence, row.query, row.entity, relation, !row.path);
}

Elsewhere loaded_elsewhere(const Evidence& evidence, const Event& read, const flow::Row& row,
                           const schema::Relation& relation) {
  if (!evidence.entity(row.entity).shares_objects || !evidence.is_query(row.query))
    return Elsewhere::none;
  if (leads_back(evidence, row, relation)) return Elsewhere::all;
  if (!relation.holds_key || !relation.target) return Elsewhere::none;
  Elsewhere found = Elsewhere::none;
  for (const Event& earlier : evidence.trace().events) {
    if (&earlier == &read) break;
    if (earlier.subject == row.query || !loads_many(evidence, earlier, relation.target)) continue;
    if (loads_all(evidence, earlier.subject)) return Elsewhere::all;
    found = Elsewhere::some;
  }
  return found;
}

}  // namespace querylint::rules
