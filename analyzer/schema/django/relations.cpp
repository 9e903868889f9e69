#include <fmt/format.h>

#include <algorithm>

#include "analyzer/schema/django/reader.h"

namespace querylint::schema::django {
namespace {

using program::as_string;
using program::Symbol;

bool is_to_many(FieldKind kind) {
  return kind == FieldKind::many_to_many || kind == FieldKind::generic_relation;
}

/// Whether a class stands in a package called `package`, however deep.
bool is_within(const program::Program& program, ClassId id, std::string_view package) {
  if (!id) return false;
  const std::string path =
      fmt::format(".{}", program.text(program.unit(program.class_(id).unit).dotted_name));
  return path.find(fmt::format(".{}.", package)) != std::string::npos;
}

}  // namespace

void Reader::resolve_relations(EntityId id) {
  for (const Pending& pending : drafts_[id.value].relations) resolve_relation(id, pending);
}

void Reader::resolve_relation(EntityId id, const Pending& pending) {
  Relation relation;
  relation.name = pending.name;
  relation.lookup = pending.name;
  relation.cardinality = is_to_many(pending.kind) ? Cardinality::to_many : Cardinality::to_one;
  relation.is_many_to_many = pending.kind == FieldKind::many_to_many;
  relation.is_nullable = flag(pending.call, "null", false);
  if (pending.value) relation.declared = program::site(pending.value);
  relation.holds_key =
      pending.kind == FieldKind::foreign_key || pending.kind == FieldKind::one_to_one;
  if (pending.kind == FieldKind::generic_foreign_key) {
    relation.is_polymorphic = true;
    const auto key = as_string(program_, pending.call.argument(1, name("fk_field")));
    relation.key_column = intern(key.value_or("object_id"));
    entity(id).relations.push_back(relation);
    return;
  }
  relation.target = target_of(id, pending);
  if (relation.holds_key) {
    const bool one_to_one = pending.kind == FieldKind::one_to_one;
    relation.key_column = intern(std::string(program_.text(pending.name)) + "_id");
    // Since Django 2.0, which brought `filter=`, every key says what a delete does to its row.
    const bool is_of_django =
        pending.value &&
        program::resolve(program_, pending.call.callee).kind == Symbol::Kind::external;
    if (is_of_django && !pending.call.argument(1, name("on_delete")))
      schema_.lacks_conditional_aggregates = true;
    Column key;
    key.name = relation.key_column;
    key.type = ColumnType::integer;
    key.is_nullable = relation.is_nullable;
    key.is_primary =
        flag(pending.call, "primary_key", false) || flag(pending.call, "parent_link", false);
    key.is_unique = one_to_one || key.is_primary || flag(pending.call, "unique", false);
    key.is_indexed = key.is_unique || flag(pending.call, "db_index", true);
    key.declared = relation.declared;
    entity(id).columns.push_back(key);
  }
  add_inverse(id, relation, pending);
}

EntityId Reader::target_of(EntityId id, const Pending& pending) const {
  if (pending.built_in_target) return pending.built_in_target;
  const Expression target = pending.call.argument(0, name("to"));
  if (!target) return {};
  if (const auto reference = as_string(program_, target)) return entity_named(id, *reference);
  if (const auto call = program::as_call(program_, target)) {  // get_user_model()
    const Symbol callee = program::resolve(program_, call->callee);
    const bool user = callee.kind == Symbol::Kind::external &&
                      program_.text(callee.external).ends_with(".get_user_model");
    return user ? schema_.user : EntityId{};
  }
  const Symbol symbol = program::resolve(program_, target);
  if (symbol.kind == Symbol::Kind::class_) return schema_.of_class({symbol.id});
  if (symbol.kind == Symbol::Kind::external) {
    const std::string_view path = program_.text(symbol.external);
    return path.ends_with(".AUTH_USER_MODEL") ? schema_.user : schema_.external(symbol.external);
  }
  return {};
}

/// `self`, `Model` of the same app, or `app.Model`. In a model that inherits the field, a bare name
/// is looked up in the app that declares it first.
EntityId Reader::entity_named(EntityId from, std::string_view reference) const {
  if (reference == "self") return from;
  const std::size_t dot = reference.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view app = reference.substr(0, dot);
    const EntityId found = schema_.named(name(app), name(reference.substr(dot + 1)));
    if (found) return found;
    // An app may keep its models in packages of their own: the only one of the name, within the
    // app.
    const EntityId only = schema_.named(name(reference.substr(dot + 1)));
    return only && is_within(program_, schema_.entity(only).class_, app) ? only : EntityId{};
  }
  const EntityId same_app = schema_.named(schema_.entity(from).group, name(reference));
  return same_app ? same_app : schema_.named(name(reference));
}

void Reader::add_inverse(EntityId id, const Relation& relation, const Pending& pending) {
  Relation forward = relation;
  const std::string accessor = related_name(id, pending);
  const bool hidden = accessor.ends_with('+') || is_symmetrical(pending);
  const bool generic = pending.kind == FieldKind::generic_relation;
  std::string lookup = accessor;
  const auto query_name = as_string(program_, pending.call.keyword(name("related_query_name")));
  const bool named = !pending.built_in_related_name.empty() ||
                     pending.call.keyword(name("related_name")) || !accessor.ends_with("_set");
  if (!pending.built_in_query_name.empty()) {
    lookup = pending.built_in_query_name;
  } else if (query_name) {
    lookup = substituted(id, *query_name);
  } else if (!named || generic) {
    lookup = lower(entity(id).name);
  }
  if (!hidden && (!generic || query_name)) forward.inverse = intern(lookup);
  entity(id).relations.push_back(forward);
  const bool has_inverse = relation.target && !entity(id).is_abstract && !hidden;
  if (!has_inverse || (generic && !query_name)) return;
  Relation inverse;
  const bool to_one = pending.kind == FieldKind::one_to_one;
  if (!generic) inverse.name = intern(accessor);
  inverse.lookup = intern(lookup);
  inverse.cardinality = to_one ? Cardinality::to_one : Cardinality::to_many;
  inverse.is_many_to_many = relation.is_many_to_many;
  inverse.is_nullable = to_one;
  inverse.target = id;
  inverse.inverse = relation.lookup;
  inverse.declared = relation.declared;
  entity(relation.target).relations.push_back(inverse);
}

/// `ManyToManyField("self")`: both sides are the same attribute.
bool Reader::is_symmetrical(const Pending& pending) const {
  const auto target = as_string(program_, pending.call.argument(0, name("to")));
  return pending.kind == FieldKind::many_to_many && target == "self" &&
         flag(pending.call, "symmetrical", true);
}

std::string Reader::related_name(EntityId id, const Pending& pending) const {
  if (!pending.built_in_related_name.empty()) return pending.built_in_related_name;
  if (const auto given = as_string(program_, pending.call.keyword(name("related_name")))) {
    return substituted(id, *given);
  }
  const ClassId class_ = schema_.entity(id).class_;
  if (class_) {
    for (const Expression value : meta_values(class_, "default_related_name")) {
      if (const auto given = as_string(program_, value)) return substituted(id, *given);
    }
  }
  const std::string own = lower(schema_.entity(id).name);
  return pending.kind == FieldKind::one_to_one ? own : own + "_set";
}

std::string Reader::substituted(EntityId id, std::string_view pattern) const {
  std::string out(pattern);
  const auto replace = [&](std::string_view mark, const std::string& with) {
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark)) {
      out.replace(at, mark.size(), with);
    }
  };
  replace("%(class)s", lower(schema_.entity(id).name));
  replace("%(model_name)s", lower(schema_.entity(id).name));
  replace("%(app_label)s", lower(schema_.entity(id).group));
  return out;
}

/// A child of a concrete model has its parents' relations, those that point at the parent included.
void Reader::share_inverses_with_children() {
  std::vector<EntityId> order;
  std::vector<bool> placed(schema_.entities.size());
  const auto place = [&](const auto& self, EntityId id) -> void {
    if (placed[id.value]) return;
    placed[id.value] = true;
    for (const EntityId parent : entity(id).parents) self(self, parent);
    order.push_back(id);
  };
  for (std::uint32_t i = 0; i < schema_.entities.size(); ++i) place(place, {i});
  for (const EntityId id : order) {
    for (const EntityId parent : entity(id).parents) {
      const std::vector<Relation> inherited = schema_.entity(parent).relations;
      for (const Relation& relation : inherited) {
        const bool is_link_to_child = relation.target == id && relation.is_nullable &&
                                      !relation.holds_key && relation.name == relation.lookup &&
                                      relation.cardinality == Cardinality::to_one;
        const bool known = entity(id).relation_by_lookup(relation.lookup) != nullptr;
        if (!known && !is_link_to_child) entity(id).relations.push_back(relation);
      }
      const std::vector<Column> columns = schema_.entity(parent).columns;
      for (const Column& column : columns) {
        if (entity(id).column(column.name) != nullptr) continue;
        entity(id).columns.push_back(column);
        if (!entity(id).is_proxy) entity(id).columns.back().is_primary = false;
      }
    }
  }
}

}  // namespace querylint::schema::django
