// The steps of `read_models`, in the order they run.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/schema/schema.h"
#include "analyzer/schema/sqlalchemy/spelling.h"

namespace querylint::schema::sqlalchemy {

using program::CallExpression;
using program::ClassId;
using program::Symbol;

class Reader {
 public:
  Reader(program::Program& program, Schema& schema) : program_(program), schema_(schema) {}

  void run();

 private:
  /// A relationship whose other end is looked up once all entities are known.
  struct Pending {
    Name name;
    CallExpression call;
    Expression value;
    MappedType annotated;
  };
  /// A column that refers to another table.
  struct Key {
    Name column;
    std::string table;
    Expression target;  ///< where it is given as `Book.id`
  };
  struct Draft {
    Expression table;       ///< the call of `Table(...)`, if the class is mapped to one
    Expression properties;  ///< of a mapping by a call
    std::string registry;   ///< of its base: names of classes and tables are looked up in one
    std::string table_name;
    std::vector<Pending> relations;
    std::vector<Key> keys;
  };

  // models.cpp: which classes are mapped, and to which table
  void find_mappings_by_calls();
  void find_entities();
  bool is_root(const Symbol& base) const;
  /// The declarative base that a class derives from, as text; empty when there is none.
  std::string registry_of(ClassId id) const;
  bool names_tables(ClassId id) const;
  bool is_mapped(ClassId id) const;
  bool is_abstract(ClassId id) const;
  bool has_primary_key(ClassId id) const;
  std::string table_name(ClassId id) const;

  // columns.cpp
  void read_attributes(EntityId id);
  void read_class(EntityId id, ClassId from);
  void read_attribute(EntityId id, Name name, Expression value);
  void read_property(EntityId id, Name name, Expression value);
  void read_table(EntityId id, Expression table);
  void add_column(EntityId id, Name name, const CallExpression* call, const MappedType& annotated,
                  Expression value, bool is_deferred);
  bool refers_elsewhere(EntityId id, const CallExpression& call, Name column);
  void read_table_arguments(EntityId id);
  void share_primary_key(EntityId id);
  bool flag(const CallExpression& call, std::string_view keyword) const;

  // relations.cpp
  void resolve_relations(EntityId id);
  void resolve_relation(EntityId id, const Pending& pending);
  EntityId target_of(EntityId id, const Pending& pending) const;
  EntityId entity_named(EntityId from, std::string_view reference) const;
  Expression argument(const CallExpression& call, std::string_view keyword) const;
  const Key* key_to(EntityId from, EntityId to, const Pending& pending) const;
  const Column* referred_column(EntityId target, const Key& key) const;
  Loading loading_of(const CallExpression& call) const;
  void add_back_reference(EntityId id, const Relation& relation, Expression reference);
  void link_inverses();
  void inherit_relations();

  Name intern(std::string_view text) { return program_.names.intern(text); }
  Name name(std::string_view text) const { return program_.names.find(text); }
  Entity& entity(EntityId id) { return schema_.entities[id.value]; }
  bool is_own(EntityId id) const { return id.value >= first_; }

  program::Program& program_;
  Schema& schema_;
  std::uint32_t first_ = 0;  ///< of the entities that are read here
  std::vector<Draft> drafts_;
  std::unordered_map<ClassId, Draft> mapped_by_calls_;
  std::unordered_map<std::string, EntityId> by_table_;              ///< registry and table
  std::unordered_map<std::string, std::vector<EntityId>> by_name_;  ///< registry and class
  std::unordered_set<Name> seen_;  ///< attributes of the entity that is being read
};

}  // namespace querylint::schema::sqlalchemy
