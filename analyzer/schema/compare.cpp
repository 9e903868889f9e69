#include "analyzer/schema/compare.h"

#include <algorithm>
#include <tuple>

namespace querylint::schema {
namespace {

// Bindings name every field, so that a new one cannot be forgotten here.

bool is_same_column(const Column& a, const Column& b) {
  const auto parts = [](const Column& column) {
    const auto& [name, type, is_nullable, is_primary, is_unique, has_choices, is_touched,
                 is_indexed, is_deferred, declared] = column;
    return std::tie(name, type, is_nullable, is_primary, is_unique, has_choices, is_touched,
                    is_indexed, is_deferred);
  };
  return parts(a) == parts(b);
}

bool is_same_relation(const Relation& a, const Relation& b) {
  const auto parts = [](const Relation& relation) {
    const auto& [name, lookup, cardinality, holds_key, is_polymorphic, is_nullable, is_many_to_many,
                 is_by_value, loading, target, inverse, key_column, declared] = relation;
    return std::tie(name, lookup, cardinality, holds_key, is_polymorphic, is_nullable,
                    is_many_to_many, is_by_value, loading, target, inverse, key_column);
  };
  return parts(a) == parts(b);
}

bool is_same_index(const Index& a, const Index& b) {
  const auto parts = [](const Index& index) {
    const auto& [columns, is_unique, is_partial, declared] = index;
    return std::tie(columns, is_unique, is_partial);
  };
  return parts(a) == parts(b);
}

bool has_same_hooks(const WriteHooks& a, const WriteHooks& b) {
  const auto parts = [](const WriteHooks& hooks) {
    const auto& [on_save, on_delete, on_bulk_delete, on_relation_change] = hooks;
    return std::tie(on_save, on_delete, on_bulk_delete, on_relation_change);
  };
  return parts(a) == parts(b);
}

bool is_same_entity(const Entity& a, const Entity& b) {
  const auto parts = [](const Entity& entity) {
    const auto& [name, orm, group, class_, is_abstract, is_placeholder, is_proxy, keeps_rows,
                 shares_objects, deletes_one_by_one, writes_changes, opens_transactions, is_partial,
                 parents, columns, relations, indexes, ordering, hooks, declared] = entity;
    return std::tie(name, orm, group, class_, is_abstract, is_placeholder, is_proxy, keeps_rows,
                    shares_objects, deletes_one_by_one, writes_changes, opens_transactions,
                    is_partial, parents, ordering);
  };
  return parts(a) == parts(b) && std::ranges::equal(a.columns, b.columns, is_same_column) &&
         std::ranges::equal(a.relations, b.relations, is_same_relation) &&
         std::ranges::equal(a.indexes, b.indexes, is_same_index) &&
         has_same_hooks(a.hooks, b.hooks);
}

}  // namespace

bool are_the_same(const Schema& a, const Schema& b) {
  return a.user == b.user && a.tells_of_deletes == b.tells_of_deletes &&
         a.lacks_conditional_aggregates == b.lacks_conditional_aggregates &&
         a.unknown == b.unknown && std::ranges::equal(a.entities, b.entities, is_same_entity);
}

}  // namespace querylint::schema
