#include "rules/engine/shared_objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace querylint::rules {
namespace {

using flow::Step;
using flow::StepKind;

/// Whether what is loaded of the relation's target is found when the relation is read: by its
/// primary key only.
bool finds_loaded(const Evidence& evidence, const flow::Row& row,
                  const schema::Relation& relation) {
  return evidence.entity(row.entity).shares_objects && !relation.is_by_value;
}

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

bool is_one_of_few(const Evidence& evidence, const schema::Relation& relation) {
  const schema::Column* key = evidence.entity(relation.target).primary_key();
  return key != nullptr && key->has_choices;
}

/// Whether the query lists the keys of its rows, or of the objects that they belong to. Who has
/// these has the objects; and rows that somebody chose mostly belong to few.
bool lists_keys(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation) {
  if (row.path || !evidence.is_query(row.query)) return false;
  const schema::Column* own_key = evidence.entity(row.entity).primary_key();
  const auto is_key = [&](std::string_view lookup) {
    constexpr std::string_view among = "__in";
    if (!lookup.ends_with(among)) return false;
    lookup.remove_suffix(among.size());
    return lookup == evidence.text(relation.key_column) ||
           (own_key != nullptr && lookup == evidence.text(own_key->name));
  };
  bool found = false;
  evidence.world().plans.each(evidence.query(row.query).last, [&](const Step& step, bool) {
    if (step.kind != StepKind::filter) return true;
    found = std::ranges::any_of(step.arguments, [&](const auto& argument) {
      return argument.first && is_key(evidence.text(argument.first)) &&
             !evidence.is_query(argument.second);
    });
    return !found;
  });
  return found;
}

/// Whether a loop before that one, in the same function, read the relation of rows of the entity.
bool was_read_by_earlier_loop(const Evidence& evidence, const Event& read, const flow::Row& row,
                              Site loop) {
  const flow::Chains& chains = evidence.world().chains;
  const auto is_earlier = [&](NestId nest) {
    const Site other = nest ? chains.loop(nest).site : Site{};
    return other.function == loop.function && other.instruction < loop.instruction;
  };
  const auto& events = evidence.trace().events;
  return std::any_of(events.data(), &read, [&](const Event& earlier) {
    return earlier.kind == read.kind && earlier.detail == read.detail &&
           earlier.member == read.member && is_earlier(earlier.nest) &&
           evidence.row(earlier.subject).entity == row.entity &&
           chains.compatible(earlier.branch, read.branch);
  });
}

}  // namespace

bool leads_to_one(const Evidence& evidence, const flow::Row& row,
                  const schema::Relation& relation) {
  if (!finds_loaded(evidence, row, relation) || !evidence.is_query(row.query)) return false;
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
  if (!finds_loaded(evidence, row, relation) || !evidence.is_query(row.query))
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

bool may_be_known(const Evidence& evidence, const Event& read, const flow::Row& row,
                  const schema::Relation& relation, Site loop) {
  const bool is_to_one = relation.holds_key && relation.target && evidence.is_row(read.subject);
  if (!is_to_one || !finds_loaded(evidence, row, relation)) return false;
  return relation.target == row.entity || is_one_of_few(evidence, relation) ||
         lists_keys(evidence, row, relation) || was_read_by_earlier_loop(evidence, read, row, loop);
}

}  // namespace querylint::rules
