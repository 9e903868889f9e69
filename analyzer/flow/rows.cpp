// What reading an attribute of a row does to the database.
#include <algorithm>

#include "analyzer/flow/interpreter.h"
#include "analyzer/flow/loading.h"

namespace querylint::flow {

using schema::Cardinality;
using schema::Entity;
using schema::Relation;

namespace {

/// Constants are spelled so.
bool is_upper_case(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

/// Columns and relations, then what the entity's class defines, then what its query adds.
Value Interpreter::row_attribute(Value object, Name name, Site site) {
  const Row row = world_.values.row(object);
  if (const Value set = find_attribute(row.attributes, name)) return set;
  const Entity& entity = schema().entity(row.entity);
  if (const Relation* relation = entity.relation(name))
    return read_relation(object, *relation, site);
  if (entity.column(name) != nullptr) return read_column(object, name, site);
  if (world_.text(name) == "__dict__") {
    escape(object, site);
    return unknown();
  }
  if (const Value loaded = read_loaded_into(object, name)) return loaded;
  if (entity.class_) {
    if (const program::Member* member = program().member(entity.class_, name)) {
      const Value value = bound_member(*member, object, site);
      // What the class assigns may be a column of a kind that the schema does not know.
      const bool may_be_column = member->kind == program::Member::Kind::value &&
                                 world_.values.is_unknown(value) &&
                                 !is_upper_case(world_.text(name));
      if (may_be_column) escape(object, site);
      return value;
    }
  }
  for (const auto& framework : frameworks_) {
    if (const Value found = framework->inherited_attribute(*this, object, name, site)) return found;
  }
  // Something of a class that is not all in the program, or of an entity that derives from it: it
  // may read any column.
  const auto has_it = [&](const Entity& other) {
    return std::ranges::find(other.parents, row.entity) != other.parents.end() &&
           other.column(name) != nullptr;
  };
  if (entity.is_partial || !entity.class_ || std::ranges::any_of(schema().entities, has_it))
    escape(object, site);
  return unknown();
}

Value Interpreter::read_relation(Value object, const Relation& relation, Site site) {
  const Row row = world_.values.row(object);
  const Presence there = presence(world_, row, relation);
  use(object, relation.name, site);
  if (relation.cardinality == Cardinality::to_many) {
    Manager manager;
    manager.entity = relation.target;
    manager.certainty = row.certainty;
    manager.row = object;
    manager.relation = relation.name;
    if (!relation.target) return unknown();
    for (const auto& framework : frameworks_) {
      if (const Value related = framework->relation(*this, manager, site)) return related;
    }
    return unknown();
  }
  if (there == Presence::absent) {
    if (relation.holds_key && is_deferred(world_, row, relation.key_column)) {
      execution(Cause::deferred_column, object, site, row.born, relation.key_column);
    }
    execution(Cause::lazy_relation, object, site, row.born, relation.name);
  }
  if (!relation.target) return world_.values.make(Scalar{object, relation.name});
  if (there == Presence::known) {
    const Step& root =
        world_.values.is(row.query, ValueKind::query) ? root_of(world_, row.query) : Step{};
    if (root.kind == StepKind::related && !row.path) return root.arguments.front().second;
    if (root.kind == StepKind::created) {
      const Value given = find_attribute(root.arguments, relation.name);
      if (world_.values.is(given, ValueKind::row)) return given;
    }
  }
  return world_.values.make(related_row(world_, row, relation, row.born));
}

Value Interpreter::read_column(Value object, Name column, Site site) {
  const Row row = world_.values.row(object);
  if (is_deferred(world_, row, column)) {
    execution(Cause::deferred_column, object, site, row.born, column);
  }
  use(object, column, site);
  return world_.values.make(Scalar{object, column});
}

/// Attributes that the row's query fills: annotations, and prefetches with an attribute of their
/// own.
Value Interpreter::read_loaded_into(Value object, Name name) {
  const Row row = world_.values.row(object);
  if (!world_.values.is(row.query, ValueKind::query) || row.path) return {};
  // What is loaded may need further steps, so that none is held on to here.
  bool is_annotation = false;
  PathId path;
  Value loaded;
  world_.plans.each(world_.values.query(row.query).last, [&](const Step& step, bool) {
    is_annotation = step.kind == StepKind::annotate && find_attribute(step.arguments, name);
    if (step.kind == StepKind::load_into && step.label == name) {
      path = step.path;
      if (!step.arguments.empty()) loaded = step.arguments.front().second;
    }
    return !is_annotation && !path;
  });
  if (is_annotation) return world_.values.make(Scalar{object, name});
  const std::vector<Name> names = world_.plans.names(path);
  const Relation* relation =
      names.size() == 1 ? schema().entity(row.entity).relation_by_lookup(names[0]) : nullptr;
  if (relation == nullptr || !relation->target) return {};
  Row member = related_row(world_, row, *relation, row.born);
  if (loaded) {
    member.query = prefetched_query(world_, loaded, *relation, row);
    member.path = {};
  }
  Container rows;
  rows.element = world_.values.make(member);
  rows.source = member.query;
  return world_.values.make(rows);
}

}  // namespace querylint::flow
