#include "analyzer/flow/loading.h"

#include <algorithm>

#include "analyzer/flow/lattice.h"

namespace querylint::flow {
namespace {

using schema::Cardinality;
using schema::Relation;

bool starts_with(const std::vector<Name>& path, const std::vector<Name>& prefix) {
  return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// Loading that names no relation joins every foreign key that is not nullable.
bool is_joined_by_all(const World& world, const Query& query, const std::vector<Name>& wanted) {
  EntityId entity = query.entity;
  for (const Name lookup : wanted) {
    if (!entity) return false;
    const Relation* relation = world.schema.entity(entity).relation_by_lookup(lookup);
    if (relation == nullptr || !relation->holds_key || relation->is_nullable) return false;
    entity = relation->target;
  }
  return true;
}

Value inner_query(const Step& step) {
  return step.arguments.empty() ? Value{} : step.arguments.front().second;
}

Presence presence_at_root(const World& world, const Step& root, const std::vector<Name>& wanted) {
  if (wanted.size() != 1) return Presence::absent;
  if (root.kind == StepKind::created) return Presence::known;
  if (root.kind != StepKind::related || root.arguments.empty()) return Presence::absent;
  const Value owner = root.arguments.front().second;
  if (!world.values.is(owner, ValueKind::row)) return Presence::absent;
  const schema::Entity& entity = world.schema.entity(world.values.row(owner).entity);
  const Relation* relation = entity.relation_by_lookup(world.plans.last(root.path));
  if (relation == nullptr || relation->is_many_to_many) return Presence::absent;
  return relation->inverse == wanted.front() ? Presence::known : Presence::absent;
}

/// The path without its detours: in `books__author` the author is the one that it started from,
/// since loading rows for an object gives each of them the object.
std::vector<Name> straightened(const World& world, EntityId entity,
                               const std::vector<Name>& wanted) {
  std::vector<Name> path;
  std::vector<const Relation*> way;
  for (const Name lookup : wanted) {
    const Relation* last =
        entity ? world.schema.entity(entity).relation_by_lookup(lookup) : nullptr;
    if (last == nullptr) return wanted;
    const Relation* before = way.empty() ? nullptr : way.back();
    const bool comes_back = before != nullptr && !before->is_many_to_many &&
                            last->cardinality == Cardinality::to_one &&
                            last->lookup == before->inverse;
    if (comes_back) {
      path.pop_back();
      way.pop_back();
    } else {
      path.push_back(lookup);
      way.push_back(last);
    }
    entity = last->target;
  }
  return path;
}

bool is_to_one(const World& world, EntityId entity, const std::vector<Name>& wanted) {
  const Relation* last = nullptr;
  for (const Name lookup : wanted) {
    last = entity ? world.schema.entity(entity).relation_by_lookup(lookup) : nullptr;
    if (last == nullptr) return false;
    entity = last->target;
  }
  return last != nullptr && last->cardinality == Cardinality::to_one;
}

Presence presence_of(const World& world, Value query, const std::vector<Name>& path);

Presence presence_by_step(const World& world, const Step& step, const std::vector<Name>& wanted) {
  const std::vector<Name> loaded = world.plans.names(step.path);
  if (starts_with(loaded, wanted)) {
    const bool joined = step.kind == StepKind::load_join;
    return joined ? Presence::joined : Presence::prefetched;
  }
  if (step.kind == StepKind::load_join || !starts_with(wanted, loaded)) return Presence::absent;
  const Value inner = inner_query(step);
  if (!world.values.is(inner, ValueKind::query)) return Presence::absent;
  return presence_of(world, inner,
                     {wanted.begin() + static_cast<std::ptrdiff_t>(loaded.size()), wanted.end()});
}

/// The parent is the very object that the rows were prefetched for, with what its query loaded.
Presence presence_by_parent(const World& world, const Step& step, const std::vector<Name>& wanted) {
  const std::vector<Name> known = world.plans.names(step.path);
  if (!starts_with(wanted, known)) return Presence::absent;
  if (wanted.size() == known.size()) return Presence::known;
  return presence_of(world, inner_query(step),
                     {wanted.begin() + static_cast<std::ptrdiff_t>(known.size()), wanted.end()});
}

/// What the mapping says of the last relation on the way, where no query says anything.
Presence presence_by_default(const World& world, EntityId entity, const std::vector<Name>& wanted) {
  const Relation* last = nullptr;
  for (const Name lookup : wanted) {
    last = entity ? world.schema.entity(entity).relation_by_lookup(lookup) : nullptr;
    if (last == nullptr) return Presence::absent;
    entity = last->target;
  }
  switch (last == nullptr ? schema::Loading::lazy : last->loading) {
    case schema::Loading::joined:
      return Presence::joined;
    case schema::Loading::separate:
      return Presence::prefetched;
    case schema::Loading::never:
      return Presence::known;
    default:
      return Presence::absent;
  }
}

Presence presence_of(const World& world, Value query, const std::vector<Name>& path) {
  if (!world.values.is(query, ValueKind::query)) return Presence::absent;
  const Query found = world.values.query(query);
  const std::vector<Name> wanted = straightened(world, found.entity, path);
  if (wanted.size() < path.size() && (wanted.empty() || wanted.back() != path.back())) {
    return Presence::known;  // it ends where it has been
  }
  Presence result = Presence::absent;
  bool joins_forgotten = false;
  bool separates_forgotten = false;
  world.plans.each(found.last, [&](const Step& step, bool is_certain) {
    switch (step.kind) {
      case StepKind::load_join:
        if (joins_forgotten) break;
        if (!step.path && is_joined_by_all(world, found, wanted)) result = Presence::joined;
        if (step.path) result = presence_by_step(world, step, wanted);
        break;
      case StepKind::load_separate:
        if (!separates_forgotten) result = presence_by_step(world, step, wanted);
        break;
      case StepKind::load_into: {  // the relations on the way are loaded where they belong
        const std::vector<Name> loaded = world.plans.names(step.path);
        if (loaded.size() > wanted.size() && starts_with(loaded, wanted)) {
          result = Presence::prefetched;
        }
        break;
      }
      case StepKind::know_parent:
        result = presence_by_parent(world, step, wanted);
        break;
      case StepKind::load_anything:
        result = Presence::prefetched;
        break;
      case StepKind::fetch_peers:
      case StepKind::forbid_lazy:
        if (is_to_one(world, found.entity, wanted)) result = Presence::prefetched;
        break;
      case StepKind::forget_loads_join:
        joins_forgotten = joins_forgotten || is_certain;
        break;
      case StepKind::forget_loads_separate:
        separates_forgotten = separates_forgotten || is_certain;
        break;
      case StepKind::related:
      case StepKind::created:
        result = presence_at_root(world, step, wanted);
        break;
      default:
        break;
    }
    return result == Presence::absent;
  });
  return result == Presence::absent ? presence_by_default(world, found.entity, wanted) : result;
}

}  // namespace

Presence presence(const World& world, Value query, PathId path, Name lookup) {
  std::vector<Name> wanted = world.plans.names(path);
  wanted.push_back(lookup);
  return presence_of(world, query, wanted);
}

Presence presence(const World& world, const Row& row, const Relation& relation) {
  for (const auto& [name, value] : row.attributes) {
    if (name == relation.name) return Presence::known;
  }
  return presence(world, row.query, row.path, relation.lookup);
}

bool is_deferred(const World& world, const Row& row, Name column) {
  if (!world.values.is(row.query, ValueKind::query)) return false;
  const Query query = world.values.query(row.query);
  const schema::Column* found = world.schema.entity(row.entity).column(column);
  if (found == nullptr || found->is_primary) return false;
  const std::vector<Name> path = world.plans.names(row.path);
  const Relation* key_of = world.schema.entity(row.entity).relation_by_key(column);
  const auto is_named = [&](const Step& step) {
    return std::ranges::any_of(step.arguments, [&](const auto& argument) {
      if (!world.values.is(argument.second, ValueKind::constant)) return false;
      const Name text = world.values.constant(argument.second).text;
      return text == column || (key_of != nullptr && text == key_of->lookup);
    });
  };
  bool deferred = found->is_deferred;
  world.plans.each(query.last, [&](const Step& step, bool is_certain) {
    if (step.kind == StepKind::created) deferred = false;
    const bool asks = step.kind == StepKind::undefer && (step.arguments.empty() || is_named(step));
    if (asks && world.plans.names(step.path) == path) return deferred = false;
    const bool restricts = step.kind == StepKind::only || step.kind == StepKind::defer;
    const bool here = restricts && world.plans.names(step.path) == path;
    if (step.kind == StepKind::fetch_peers || step.kind == StepKind::forbid_lazy) return false;
    const bool forgets = step.kind == StepKind::defer && step.arguments.empty();
    if (forgets && is_certain) return false;
    if (!here || !is_certain) return true;
    if (step.kind == StepKind::defer && !is_named(step)) return true;
    deferred = (step.kind == StepKind::defer) == is_named(step);
    return false;
  });
  return deferred;
}

bool is_prefetched(const World& world, const Query& query) {
  for (StepId id = query.last; id; id = world.plans.step(id).previous) {
    const Step& step = world.plans.step(id);
    if (step.kind == StepKind::copy || step.kind == StepKind::slice) continue;
    if (step.kind != StepKind::related || step.arguments.empty()) return false;
    const Value owner = step.arguments.front().second;
    if (!world.values.is(owner, ValueKind::row)) return false;
    const Row row = world.values.row(owner);
    const Presence there = presence(world, row.query, row.path, world.plans.last(step.path));
    return there == Presence::prefetched || there == Presence::joined;
  }
  return false;
}

bool defeats_prefetch(const World& world, const Query& query) {
  Query unchanged = query;
  unchanged.last = world.plans.root(query.last);
  return is_prefetched(world, unchanged);
}

bool is_filled_in(const World& world, const Row& row, Name attribute) {
  if (!world.values.is(row.query, ValueKind::query) || row.path) return false;
  bool found = false;
  world.plans.each(world.values.query(row.query).last, [&](const Step& step, bool) {
    found = (step.kind == StepKind::annotate && !step.label &&
             find_attribute(step.arguments, attribute)) ||
            (step.kind == StepKind::load_into && step.label == attribute);
    return !found;
  });
  return found;
}

Value prefetched_query(World& world, Value inner, const Relation& relation, const Row& owner) {
  if (relation.is_many_to_many || !relation.inverse) return inner;
  Query query = world.values.query(inner);
  Step step;
  step.kind = StepKind::know_parent;
  step.previous = query.last;
  step.path = world.plans.extend({}, relation.inverse);
  const std::pair<Name, Value> outer{{}, owner.query};
  if (!owner.path) step.arguments = {&outer, 1};
  query.last = world.plans.add(step);
  return world.values.make(query);
}

Row related_row(World& world, const Row& row, const Relation& relation, NestId born) {
  Row result;
  result.entity = relation.target;
  result.certainty = row.certainty;
  result.query = row.query;
  result.path = world.plans.extend(row.path, relation.lookup);
  result.born = born;
  if (!world.values.is(row.query, ValueKind::query)) return result;
  const std::vector<Name> wanted = world.plans.names(result.path);
  Value inner;
  world.plans.each(world.values.query(row.query).last, [&](const Step& step, bool) {
    const bool loads =
        step.kind == StepKind::load_separate && world.plans.names(step.path) == wanted;
    if (loads) inner = inner_query(step);
    return !loads;
  });
  if (world.values.is(inner, ValueKind::query)) {
    result.query = prefetched_query(world, inner, relation, row);
    result.path = {};
  }
  return result;
}

bool keeps_rows(const World& world, Value query) {
  const Query found = world.values.query(query);
  return world.schema.entity(found.entity).keeps_rows &&
         !world.plans.has(found.last, StepKind::stream);
}

const Step& root_of(const World& world, Value query) {
  return world.plans.step(world.plans.root(world.values.query(query).last));
}

}  // namespace querylint::flow
