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
