// The schema: what the tables behind the program look like, in no ORM's terms.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/base/names.h"
#include "analyzer/program/program.h"

namespace querylint::schema {

using base::Name;
using EntityId = base::Id<struct EntityTag>;

enum class ColumnType : std::uint8_t {
  text,
  long_text,
  integer,
  decimal,
  real,
  boolean,
  date,
  datetime,
  time,
  duration,
  json,
  binary,
  uuid,
  file,
  vector,
  array,
  other,
};

struct Column {
  Name name;  ///< as rows spell it; a foreign key's is `author_id`
  ColumnType type = ColumnType::other;
  bool is_nullable = false;
  bool is_primary = false;
  bool is_unique = false;
  bool has_choices = false;  ///< one of a few values
  bool is_touched = false;   ///< every `save()` sets it: when the row was changed last
  bool is_indexed = false;   ///< by an index of its own, unique ones included
  bool is_deferred = false;  ///< left out by every query that does not ask for it
  program::Site declared;    ///< nowhere for built-in entities

  /// JSON, long text, binary, vectors: what makes a row expensive to read.
  bool is_heavy() const;
  bool is_number() const;
};

enum class Cardinality : std::uint8_t { to_one, to_many };

/// Who declares an entity. Only readers of schemas and frameworks look at it; to all others it is
/// the key of the words that messages use.
enum class Orm : std::uint8_t {
  django,
  sqlalchemy,
  sql,      ///< nobody: statements that are written as text
  lancedb,  ///< nobody: tables of a store with queries of its own
};
constexpr std::size_t orm_count = 4;

/// What comes of a relation where the query says nothing.
enum class Loading : std::uint8_t {
  lazy,      ///< reading it runs a query, once for the row
  joined,    ///< loaded in the row's own statement
  separate,  ///< loaded in a further statement for all rows
  query,     ///< reading it gives a query
  never,     ///< reading it is an error, or gives nothing
};

struct Relation {
  Name name;    ///< the attribute of rows; nowhere when rows have none
  Name lookup;  ///< what query paths call it
  Cardinality cardinality = Cardinality::to_one;
  bool holds_key = false;       ///< the foreign key is a column of this entity
  bool is_polymorphic = false;  ///< the target differs from row to row
  bool is_nullable = false;
  bool is_many_to_many = false;
  bool is_by_value = false;  ///< the key holds another column of the target than its primary key
  Loading loading = Loading::lazy;
  EntityId target;  ///< nowhere when polymorphic or not in the program
  Name inverse;     ///< lookup name of the same relation on the target
  Name key_column;  ///< when `holds_key`
  program::Site declared;
};

/// Columns by their names, in order. A foreign key is named by its column.
struct Index {
  std::vector<Name> columns;
  bool is_unique = false;
  bool is_partial = false;
  program::Site declared;
};

/// Code that runs besides a write: overrides of `save`, signal receivers and their like.
struct WriteHooks {
  bool on_save = false;
  bool on_delete = false;
  bool on_bulk_delete = false;  ///< deleting by a query has to load the rows, to tell receivers
  bool on_relation_change = false;
};

struct Entity {
  Name name;
  Orm orm = Orm::django;
  Name group;               ///< what tells entities of one name apart: an app's label, a module
  program::ClassId class_;  ///< nowhere for built-in entities
  bool is_abstract = false;
  bool is_placeholder = false;  ///< stands for whatever table a query is of, with any columns
  bool is_proxy = false;
  bool keeps_rows = true;       ///< a query runs once and then has its rows; else each time anew
  bool shares_objects = false;  ///< one object for each key: what is loaded once is not asked again
  bool deletes_one_by_one = true;   ///< deleting by a query looks for what refers to the rows first
  bool writes_changes = false;      ///< what is set on a row is written without being told to
  bool opens_transactions = false;  ///< any query begins one, which lasts until the session ends it
  bool is_partial =
      false;  ///< a base is not in the program: there may be more columns and relations
  std::vector<EntityId> parents;  ///< entities whose columns and relations it has too
  std::vector<Column> columns;
  std::vector<Relation> relations;
  std::vector<Index> indexes;
  std::vector<Name> ordering;  ///< default ordering; `-` in front is kept
  WriteHooks hooks;
  program::Site declared;

  const Column* column(Name name) const;
  const Column* primary_key() const;
  /// By the attribute of rows, and by the name in query paths.
  const Relation* relation(Name name) const;
  const Relation* relation_by_lookup(Name lookup) const;
  const Relation* relation_by_key(Name key_column) const;
};

/// What a variable's name says that it holds.
struct Spelled {
  EntityId entity;  ///< nowhere when no entity is spelled so, or several are
  bool is_plural = false;
};

class Schema {
 public:
  std::vector<Entity> entities;
  EntityId user;                  ///< whom requests belong to
  bool tells_of_deletes = false;  ///< some receiver hears of deleted rows of any entity
  /// The program is of a time when aggregates took no conditions.
  bool lacks_conditional_aggregates = false;
  EntityId unknown;    ///< stands for whatever entity a guess cannot name
  EntityId statement;  ///< stands for what a statement in a text asks for
  EntityId store;      ///< stands for a table of a store whose tables no class maps

  const Entity& entity(EntityId id) const { return entities[id.value]; }
  bool is_placeholder(EntityId id) const { return id && entity(id).is_placeholder; }
  EntityId of_class(program::ClassId id) const;
  /// `group.Name`, as string references spell it.
  EntityId named(Name group, Name name) const;
  /// The only entity of that name, if there is just one.
  EntityId named(Name name) const;
  /// By the dotted path of a class outside the program.
  EntityId external(Name path) const;
  /// Whether `id` is `ancestor` or has its columns by inheritance.
  bool is_kind_of(EntityId id, EntityId ancestor) const;

  /// `order_line` spells the entity OrderLine, `order_lines` and `order_line_list` several of its
  /// rows.
  Spelled spelled(Name variable) const;

  void add(Entity entity);
  /// Makes `spelled` know all entities that are not abstract.
  void spell_entities(base::Names& names);
  void name_external(Name path, EntityId id) { by_path_.emplace(path, id); }

 private:
  std::unordered_map<program::ClassId, EntityId> by_class_;
  std::unordered_map<std::uint64_t, EntityId> by_label_;
  std::unordered_map<Name, std::vector<EntityId>> by_name_;
  std::unordered_map<Name, EntityId> by_path_;
  std::unordered_map<Name, Spelled> by_spelling_;
};

/// Entities of the wanted files in the order of their labels, with columns, relations and indexes.
/// Built-in entities are of the file "".
std::string dump(const Schema& schema, const program::Program& program,
                 const std::function<bool(const std::string& path)>& wants);

}  // namespace querylint::schema
