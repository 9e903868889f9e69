#include <algorithm>

#include "analyzer/schema/django/reader.h"

namespace querylint::schema::django {
namespace {

using program::as_call;
using program::as_elements;
using program::as_string;
using program::Member;

}  // namespace

/// The value of an option: of the class's own `Meta`, or of its bases; where the class has none, of
/// the `Meta` that it inherits (`abstract` and `proxy` are never inherited). At most one value.
std::vector<Expression> Reader::meta_values(ClassId id, std::string_view option) const {
  const Name meta = name("Meta");
  const Name wanted = name(option);
  if (!meta || !wanted) return {};
  const bool own_only = option == "abstract" || option == "proxy" || option == "app_label";
  const Member* member = own_only ? program_.own_member(id, meta) : program_.member(id, meta);
  if (member == nullptr || member->kind != Member::Kind::class_) return {};
  const ClassId meta_class{member->id};
  if (own_only && program_.own_member(meta_class, wanted) == nullptr) return {};
  const Expression value = program::class_value(program_, meta_class, wanted);
  return value ? std::vector{value} : std::vector<Expression>{};
}

void Reader::read_meta(EntityId id) {
  const ClassId class_ = entity(id).class_;
  if (!class_) return;
  for (const Expression value : meta_values(class_, "ordering")) {
    for (const Expression element : as_elements(program_, value)) {
      if (const auto field = as_string(program_, element)) {
        entity(id).ordering.push_back(intern(*field));
      }
    }
  }
}

/// `unique_together`, `index_together`, `indexes` and `constraints`, once all columns are known.
void Reader::read_indexes(EntityId id) {
  const ClassId class_ = entity(id).class_;
  const auto columns_of = [&](Expression fields) {
    std::vector<Name> columns;
    for (const Expression element : as_elements(program_, fields)) {
      const auto field = as_string(program_, element);
      if (!field) return std::vector<Name>{};
      columns.push_back(column_named(entity(id), *field));
    }
    return columns;
  };
  if (class_) {
    for (const std::string_view option : {"unique_together", "index_together"}) {
      for (const Expression value : meta_values(class_, option)) {
        const bool unique = option == "unique_together";
        const std::vector<Expression> groups = as_elements(program_, value);
        const bool flat = !groups.empty() && as_string(program_, groups.front()).has_value();
        if (flat) add_index(id, columns_of(value), unique, false, program::site(value));
        for (const Expression group : groups) {
          if (flat) break;
          add_index(id, columns_of(group), unique, false, program::site(group));
        }
      }
    }
    for (const std::string_view option : {"indexes", "constraints"}) {
      for (const Expression value : meta_values(class_, option)) {
        for (const Expression element : as_elements(program_, value)) {
          const auto call = as_call(program_, element);
          if (!call) continue;
          const program::Symbol callee = program::resolve(program_, call->callee);
          const bool unique = callee.kind == program::Symbol::Kind::external &&
                              program_.text(callee.external).ends_with("UniqueConstraint");
          const bool partial = static_cast<bool>(call->keyword(name("condition")));
          add_index(id, columns_of(call->keyword(name("fields"))), unique, partial,
                    program::site(element));
        }
      }
    }
  }
  mark_indexed_columns(id);
}

void Reader::add_index(EntityId id, std::vector<Name> columns, bool unique, bool partial,
                       program::Site declared) {
  if (columns.empty()) return;
  entity(id).indexes.push_back({std::move(columns), unique, partial, declared});
}

/// `-author` of an index is the column `author_id`.
Name Reader::column_named(const Entity& found, std::string_view field) const {
  if (field.starts_with('-')) field.remove_prefix(1);
  const Name wanted = program_.names.find(field);
  const Relation* relation = found.relation(wanted);
  return relation != nullptr && relation->holds_key ? relation->key_column : wanted;
}

void Reader::mark_indexed_columns(EntityId id) {
  for (const Column& column : entity(id).columns) {
    const std::vector<Index>& known = entity(id).indexes;
    const bool listed = std::any_of(known.begin(), known.end(), [&](const Index& index) {
      return index.columns.size() == 1 && index.columns.front() == column.name;
    });
    if (column.is_indexed && !listed) {
      entity(id).indexes.push_back({{column.name}, column.is_unique, false, column.declared});
    }
  }
  for (const Index& index : entity(id).indexes) {
    if (index.columns.size() != 1 || index.is_partial) continue;
    for (Column& column : entity(id).columns) {
      if (column.name != index.columns.front()) continue;
      column.is_indexed = true;
      column.is_unique = column.is_unique || index.is_unique;
    }
  }
}

}  // namespace querylint::schema::django
