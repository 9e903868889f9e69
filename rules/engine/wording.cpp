#include "rules/engine/wording.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/memos.h"
#include "rules/engine/regions.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/shared_objects.h"

namespace querylint::rules {

using flow::Row;
using schema::Relation;

namespace {

std::string per_what(const Evidence& evidence, const Repetition& repetition) {
  const Value query = evidence.query_of_loop(repetition.nest);
  if (repetition.driver == Driver::rows && query && evidence.is_query(query)) {
    return "row of " + entity_name(evidence, evidence.query(query).entity);
  }
  return "iteration";
}

/// Whether the way from the query's rows to the row goes through a collection.
bool is_behind_collection(const Evidence& evidence, const Row& row) {
  if (!row.path || !evidence.is_query(row.query)) return false;
  schema::EntityId entity = evidence.query(row.query).entity;
  for (const base::Name lookup : evidence.world().plans.names(row.path)) {
    const Relation* relation =
        entity ? evidence.entity(entity).relation_by_lookup(lookup) : nullptr;
    if (relation == nullptr) return false;
    if (relation->cardinality == schema::Cardinality::to_many) return true;
    entity = relation->target;
  }
  return false;
}

/// Whether rows of the entity come with a collection in the same statement, each as often as the
/// collection has rows: one who joins them would get their own rows repeated too.
bool brings_collection(const schema::Entity& entity) {
  return std::ranges::any_of(entity.relations, [](const Relation& relation) {
    return relation.loading == schema::Loading::joined &&
           relation.cardinality == schema::Cardinality::to_many;
  });
}

/// Whether the key was set after the row was loaded, or the row was made another one: then what the
/// query loaded with it is gone.
bool is_rekeyed(const Evidence& evidence, const Event& read, const Row& row) {
  const Relation* relation = evidence.relation_of(read);
  const schema::Column* key = evidence.entity(row.entity).primary_key();
  return std::ranges::any_of(row.attributes, [&](const auto& attribute) {
    const bool is_own_key = key != nullptr && attribute.first == key->name;
    return is_own_key || evidence.text(attribute.first) == "pk" ||
           (relation != nullptr && attribute.first == relation->key_column);
  });
}

const Relation* relation_read(const Evidence& evidence, const Event& read) {
  return evidence.is_row(read.subject) ? evidence.relation_of(read)
                                       : evidence.relation_from_owner(read.subject);
}

bool is_shared(const Evidence& evidence, const Event& read, const Row& row, Site loop) {
  const Relation* relation = relation_read(evidence, read);
  return relation != nullptr &&
         (loaded_elsewhere(evidence, read, row, *relation) != Elsewhere::none ||
          may_be_known(evidence, read, row, *relation, loop));
}

/// Whether each of the rows was fetched by a query of its own, which is what costs most.
bool is_fetched_alone(const Evidence& evidence, const Row& row) {
  bool is_fetched = false;
  for (const std::uint32_t index : evidence.events_of(row.query)) {
    const Event& run = evidence.trace().events[index];
    if (run.kind != flow::EventKind::execution || run.subject != row.query) continue;
    if (run.cause() != flow::Cause::fetched) return false;
    is_fetched = true;
  }
  return is_fetched;
}

/// Whether the rows are what an attribute of one object holds: mostly a few, and there is no query
/// of theirs to load more with.
bool is_of_one(const Evidence& evidence, const Row& row) {
  if (!evidence.entity(row.entity).shares_objects || !evidence.is_plain_relation(row.query))
    return false;
  const Value owner = evidence.owner_of(row.query);
  return evidence.is_row(owner) && is_fetched_alone(evidence, evidence.row(owner));
}

/// Whether the read is an operand of `and` or `or` behind one that reads another relation of the
/// row: that one mostly decides.
bool is_decided_before(const Evidence& evidence, const Event& read, const Row& row) {
  const Relation* relation = relation_read(evidence, read);
  const auto& events = evidence.trace().events;
  return std::any_of(events.data(), &read, [&](const Event& other) {
    if (other.kind != read.kind || other.nest != read.nest || other.calls != read.calls)
      return false;
    const Value owner =
        evidence.is_row(other.subject) ? other.subject : evidence.owner_of(other.subject);
    return owner && evidence.is_row(owner) && evidence.row(owner).query == row.query &&
           evidence.row(owner).path == row.path && relation_read(evidence, other) != relation &&
           is_later_operand(evidence.world(), read.site, other.site);
  });
}

/// Whether the loop writes such rows as are read: copies that were loaded before it would be stale.
bool is_changed_in_loop(const Evidence& evidence, const Event& read, const Row& row, NestId loop) {
  const Relation* relation = relation_read(evidence, read);
  if (relation == nullptr) return false;
  return std::ranges::any_of(evidence.trace().events, [&](const Event& write) {
    if (!is_write(write) || !evidence.world().chains.encloses(loop, write.nest)) return false;
    if (evidence.is_query(write.subject)) {
      return write.cause() != flow::Cause::found_or_created &&
             evidence.query(write.subject).entity == relation->target;
    }
    return evidence.is_row(write.subject) && evidence.row(write.subject).query == row.query &&
           evidence.row(write.subject).path == evidence.path_to(row, *relation);
  });
}

/// Whether the loop commits, which makes the session forget what its rows had loaded.
bool is_expired_in_loop(const Evidence& evidence, NestId loop) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == flow::EventKind::execution && event.cause() == flow::Cause::committed &&
           evidence.world().chains.encloses(loop, event.nest);
  });
}

}  // namespace

bool is_of_new_row(const Evidence& evidence, const Row& row) {
  Value query = row.query;
  while (evidence.is_query(query)) {
    if (evidence.is_of_made(query)) return true;
    const Value owner = evidence.owner_of(query);
    query = owner && evidence.is_row(owner) ? evidence.row(owner).query : Value{};
  }
  return false;
}

std::vector<flow::Hop> way_to_row(const Evidence& evidence, const Row& row) {
  std::vector<flow::Hop> way;
  schema::EntityId entity;
  if (row.path && evidence.is_query(row.query)) entity = evidence.query(row.query).entity;
  for (const base::Name lookup : evidence.world().plans.names(row.path)) {
    const Relation* step = entity ? evidence.entity(entity).relation_by_lookup(lookup) : nullptr;
    const std::string_view owner =
        entity ? evidence.text(evidence.entity(entity).name) : std::string_view("...");
    way.push_back(
        {owner, evidence.text(step != nullptr ? step->name : lookup), evidence.text(lookup)});
    entity = step != nullptr ? step->target : schema::EntityId{};
  }
  return way;
}

std::vector<flow::Hop> way_along(const Evidence& evidence, const Row& row,
                                 const Relation& relation) {
  std::vector<flow::Hop> way = way_to_row(evidence, row);
  way.push_back({evidence.text(evidence.entity(row.entity).name), evidence.text(relation.name),
                 evidence.text(relation.lookup)});
  return way;
}

std::string entity_name(const Evidence& evidence, schema::EntityId entity) {
  return entity ? std::string(evidence.text(evidence.entity(entity).name)) : "an unknown entity";
}

std::string relation_name(const Evidence& evidence, const Row& row, const Relation& relation) {
  return fmt::format("{}.{}", entity_name(evidence, row.entity), evidence.text(relation.name));
}

std::string query_cost(const Evidence& evidence, const Repetition& repetition) {
  const bool has_query = repetition.driver == Driver::rows;
  return fmt::format("{}N queries, one per {}", has_query ? "1 + " : "",
                     per_what(evidence, repetition));
}

std::string statement_cost(const Evidence& evidence, const Repetition& repetition,
                           std::string_view statement) {
  return fmt::format("N {} statements, one per {}", statement, per_what(evidence, repetition));
}

bool is_joined(const Evidence& evidence, const Row& row, const Relation& relation) {
  if (relation.target && brings_collection(evidence.entity(relation.target))) return false;
  return relation.cardinality == schema::Cardinality::to_one && !relation.is_polymorphic &&
         !is_behind_collection(evidence, row);
}

std::string loading_call(const Evidence& evidence, const Row& row, const Relation& relation) {
  const flow::Words& words = evidence.words(row.entity);
  const std::vector<flow::Hop> way = way_along(evidence, row, relation);
  return is_joined(evidence, row, relation) ? words.load_join(way) : words.load_separate(way);
}

bool is_outdated_in_loop(const Evidence& evidence, const Event& read, const Row& row, NestId loop) {
  return is_rekeyed(evidence, read, row) || is_changed_in_loop(evidence, read, row, loop) ||
         is_expired_in_loop(evidence, loop);
}

diagnostics::Certainty certainty_of_read(const Evidence& evidence, const Event& event,
                                         const Repetition& repetition, const Row& row) {
  constexpr int near = 1;  // calls: beyond that the query's author hardly knows the reader
  constexpr int far = 3;
  const diagnostics::Certainty certainty =
      repetition.is_few ? weaker(certainty_of(evidence, event), diagnostics::Certainty::likely)
                        : certainty_of(evidence, event);
  if (repetition.calls > far || is_of_new_row(evidence, row)) {
    return diagnostics::Certainty::possible;
  }
  if (repetition.calls > near ||
      is_picked_out(evidence.world(), repetition.place, repetition.loop) ||
      is_guarded(evidence.world(), repetition.place, repetition.loop) ||
      is_rekeyed(evidence, event, row) || is_shared(evidence, event, row, repetition.loop) ||
      is_fetched_alone(evidence, row) || is_of_one(evidence, row) ||
      is_decided_before(evidence, event, row) ||
      is_outdated_in_loop(evidence, event, row, repetition.nest) ||
      evidence.is_conditional_there(event, repetition) ||
      is_tried(evidence.world(), repetition.place, repetition.loop) ||
      evidence.is_kept(row.query) || evidence.is_from_given(row.query) ||
      evidence.is_of_passed(row.query) || evidence.is_of_given_entity(row.query) ||
      evidence.world().plans.has(evidence.query(row.query).last, flow::StepKind::lock)) {
    return weaker(certainty, diagnostics::Certainty::likely);
  }
  if (evidence.is_element(row, repetition.nest)) return certainty;
  if (!repetition.is_direct) return diagnostics::Certainty::possible;
  return weaker(certainty, diagnostics::Certainty::likely);
}

Site reading_place(const Evidence& evidence, const Event& event, const Repetition& repetition,
                   Value query) {
  if (evidence.same_file(event.site, repetition.loop)) return event.site;
  const Site built = evidence.site_of_query(query);
  if (built && evidence.same_file(built, repetition.loop)) return built;
  return repetition.place;
}

std::vector<diagnostics::Related> explanation(const Evidence& evidence, const Event& event,
                                              const Repetition& repetition, Value query,
                                              Site place) {
  std::vector<diagnostics::Related> related;
  const Site built = evidence.site_of_query(query);
  if (built && built != place) related.push_back({evidence.place(built), "rows of this query"});
  related.push_back({evidence.place(repetition.loop), "in this loop"});
  if (!repetition.is_direct && repetition.place != place) {
    related.push_back({evidence.place(repetition.place), "which calls here"});
  }
  evidence.add_calls(event, repetition, related);
  if (event.site != place) related.push_back({evidence.place(event.site), "it is read here"});
  return related;
}

}  // namespace querylint::rules
