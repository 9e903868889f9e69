// The steps of `read_models`, in the order they run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/program/literals.h"
#include "analyzer/schema/django/fields.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema::django {

using program::ClassId;
using program::Expression;

class Reader {
 public:
  Reader(program::Program& program, Schema& schema) : program_(program), schema_(schema) {}

  void run();

 private:
  /// A relation whose other end is looked up once all entities are known. A field of an abstract
  /// base is resolved anew in each entity that inherits it.
  struct Pending {
    Name name;
    FieldKind kind = FieldKind::foreign_key;
    program::CallExpression call;
    Expression value;
    ClassId declared_in;
    EntityId built_in_target;
    std::string built_in_related_name;
    std::string built_in_query_name;
  };
  struct Draft {
    std::vector<Pending> relations;
  };

  // models.cpp: which classes are models, and what they inherit
  void add_built_ins();
  void find_models();
  bool is_model_class(ClassId id, bool& is_partial) const;
  bool declares_fields(ClassId id) const;
  Name app_label(ClassId id);
  Name package_label(const std::string& package, program::UnitId from);
  void read_entity(EntityId id);
  void read_own_fields(EntityId id);
  void inherit(EntityId id, EntityId parent);
  bool declares_parent_link(EntityId id) const;
  void add_parent_link(EntityId id, EntityId parent);
  void add_column(EntityId id, Name name, const FieldClass& field,
                  const program::CallExpression& call, Expression value);
  void add_primary_key(EntityId id);
  bool flag(const program::CallExpression& call, std::string_view keyword, bool otherwise) const;

  // meta.cpp
  std::vector<Expression> meta_values(ClassId id, std::string_view option) const;
  void read_meta(EntityId id);
  void read_indexes(EntityId id);
  void add_index(EntityId id, std::vector<Name> columns, bool unique, bool partial,
                 program::Site declared);
  Name column_named(const Entity& entity, std::string_view field) const;
  void mark_indexed_columns(EntityId id);

  // relations.cpp
  void resolve_relations(EntityId id);
  void resolve_relation(EntityId id, const Pending& pending);
  EntityId target_of(EntityId id, const Pending& pending) const;
  EntityId entity_named(EntityId from, std::string_view reference) const;
  void add_inverse(EntityId id, const Relation& relation, const Pending& pending);
  bool is_symmetrical(const Pending& pending) const;
  std::string related_name(EntityId id, const Pending& pending) const;
  std::string substituted(EntityId id, std::string_view pattern) const;
  void share_inverses_with_children();

  // hooks.cpp
  void find_user();
  void find_hooks();
  bool keeps_history(ClassId class_) const;
  bool has_foreign_base(ClassId class_) const;
  Expression declarer(Expression sender) const;
  void find_wrapped_receiver(const program::CallExpression& call);
  void find_receivers(program::FunctionId function);
  void add_hook(std::string_view signal, EntityId sender);

  Name intern(std::string_view text) { return program_.names.intern(text); }
  Name name(std::string_view text) const { return program_.names.find(text); }
  std::string lower(Name name) const;
  Entity& entity(EntityId id) { return schema_.entities[id.value]; }

  program::Program& program_;
  Schema& schema_;
  std::vector<Draft> drafts_;
  std::vector<std::uint8_t> state_;  ///< per entity: 0 not read, 1 being read, 2 read
};

}  // namespace querylint::schema::django
