// Abstract values: what the interpreter knows of a Python value.
//
// Values are immutable and interned: equal values have equal handles, so comparing, hashing and
// memoising by value cost nothing. Mutation of a Python object is a new value in the variable,
// attribute or element that held it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/base/names.h"
#include "analyzer/ir/module.h"
#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::flow {

using base::Name;
using program::ClassId;
using program::FunctionId;
using program::Site;
using program::UnitId;
using schema::EntityId;

using Value = base::Id<struct ValueTag>;  ///< of `Values`; the default one is "nothing"
using StepId = base::Id<struct StepTag>;  ///< of `Plans`
using PathId = base::Id<struct PathTag>;  ///< of `Plans`; the default one is the empty path
using NestId = base::Id<struct NestTag>;  ///< of `Nests`; the default one is outside all loops

/// How a value's entity is known. The order is from sure to unsure.
enum class Certainty : std::uint8_t {
  resolved,   ///< through the schema
  annotated,  ///< from a type hint, a parameter whose role the framework defines, or on some paths
              ///< only, while others lead to what nobody knows
  guessed,    ///< from a name, such as a parameter called like an entity
};

enum class ValueKind : std::uint8_t {
  unknown,
  constant,
  scalar,
  operation,
  container,
  row,
  query,
  manager,
  class_,
  function,
  bound,
  method,
  instance,
  module,
  external,
  term,
  super,
  either,
};

/// A literal: `text` is a string's content or a number's spelling.
struct Constant {
  ir::ConstantKind kind = ir::ConstantKind::unknown;
  Name text;
};

/// A column's value; of a row, if it is known which.
struct Scalar {
  Value row;
  Name column;
};

/// A result of an operator over known operands.
struct Operation {
  ir::Operator operation = ir::Operator::add;
  Value left;
  Value right;
};

enum class ContainerKind : std::uint8_t {
  list,
  tuple,
  set,
  dict,
  generator,
  table,   ///< of a library for tables: `element` is a row of it, `keys` and `items` are columns
           ///< that were set since; it iterates over the names of its columns
  column,  ///< of such a table
};

/// A collection. Items that are known one by one (`items`, of literals; for a dict with `keys`), or
/// what any other of them may be (`element`, `key`), or both: a dict of known keys that may have
/// more.
struct Container {
  ContainerKind kind = ContainerKind::list;
  bool is_filtered = false;  ///< holds a part of `source`'s rows
  Value element;
  Value key;
  Value source;  ///< the query or container whose elements it has, one for one
  std::span<const Value> items;
  std::span<const Value> keys;
};

using Attributes = std::span<const std::pair<Name, Value>>;

/// One row, or any one of many: an object of the entity.
struct Row {
  EntityId entity;
  Certainty certainty = Certainty::resolved;
  Value query;            ///< that loaded it
  PathId path;            ///< the relations followed from the query's rows to this one
  NestId born;            ///< the loops in whose each iteration it is another row
  Attributes attributes;  ///< set on the object since
};

/// Whether it is of a library for tables, whose methods are not those of Python's collections.
constexpr bool is_tabular(ContainerKind kind) {
  return kind == ContainerKind::table || kind == ContainerKind::column;
}

enum class Shape : std::uint8_t { rows, dicts, tuples, scalars };

/// A query that is being built or has been; `last` is the newest step of its plan.
struct Query {
  EntityId entity;
  Certainty certainty = Certainty::resolved;
  Shape shape = Shape::rows;
  StepId last;
  NestId born;     ///< the loops in whose each iteration it is another object
  ClassId class_;  ///< the project's query or manager class, whose methods it has
};

/// What queries start from: of an entity, or of a row's relation.
struct Manager {
  EntityId entity;
  Certainty certainty = Certainty::resolved;
  ClassId class_;
  Value row;      ///< the owner, of a related manager
  Name relation;  ///< its attribute on the owner
  ClassId base;   ///< where `class_` is a query class: that of the manager it was put on
};

/// A class of the program, an entity without one, or both.
struct ClassValue {
  ClassId class_;
  EntityId entity;
};

struct FunctionValue {
  FunctionId function;
  std::span<const Value> captures;
};

/// A function of the program with its first argument.
struct Bound {
  Value self;
  FunctionId function;
};

/// A method that a framework defines, with its object.
struct Method {
  Value self;
  Name name;
};

struct Instance {
  ClassId class_;
  Attributes attributes;
};

/// The result of calling something outside the program that a framework takes apart later, such as
/// `Q(...)`, `Count(...)`, `Prefetch(...)`, `Paginator(...)`: the call itself.
struct Term {
  Name callee;
  Attributes arguments;  ///< positional ones without a name
};

/// `super()`: members of `self` behind class `after`.
struct Super {
  ClassId after;
  Value self;
};

/// The table of one thread. Objects and collections that stand in each other more than `max_depth`
/// deep, as in trees that a project builds, are cut there: what was inside is given up. Spans in
/// returned views stay valid until the table is destroyed.
class Values {
 public:
  Values();
  Values(const Values&) = delete;
  Values& operator=(const Values&) = delete;

  Value unknown() const { return {0}; }
  Value make(const Constant& value);
  Value make(const Scalar& value);
  Value make(const Operation& value);
  Value make(const Container& value);
  Value make(const Row& value);
  Value make(const Query& value);
  Value make(const Manager& value);
  Value make(const ClassValue& value);
  Value make(const FunctionValue& value);
  Value make(const Bound& value);
  Value make(const Method& value);
  Value make(const Instance& value);
  Value make(const Term& value);
  Value make(const Super& value);
  Value make_module(UnitId unit);
  Value make_external(Name path);
  /// Distinct alternatives, flat and at most `max_options`; more are unknown, and given up.
  Value make_either(const std::vector<Value>& options);
  /// Notes that values are not followed any more, wherever they go.
  void give_up(std::span<const Value> values) {
    given_up_.insert(given_up_.end(), values.begin(), values.end());
  }
  /// What was given up since the last call.
  std::vector<Value> take_given_up() { return std::exchange(given_up_, {}); }
  bool has_given_up() const { return !given_up_.empty(); }

  ValueKind kind(Value value) const { return node(value).kind; }
  bool is(Value value, ValueKind wanted) const { return value && kind(value) == wanted; }
  bool is_unknown(Value value) const { return !value || kind(value) == ValueKind::unknown; }

  Constant constant(Value value) const;
  Scalar scalar(Value value) const;
  Operation operation(Value value) const;
  Container container(Value value) const;
  Row row(Value value) const;
  Query query(Value value) const;
  Manager manager(Value value) const;
  ClassValue class_(Value value) const;
  FunctionValue function(Value value) const;
  Bound bound(Value value) const;
  Method method(Value value) const;
  Instance instance(Value value) const;
  Term term(Value value) const;
  Super super(Value value) const;
  UnitId module(Value value) const { return {node(value).a}; }
  Name external(Value value) const { return {node(value).a}; }
  std::span<const Value> options(Value value) const;

  std::uint32_t size() const { return nodes_.size(); }

  static constexpr std::size_t max_options = 4;
  static constexpr std::uint8_t max_depth = 6;

 private:
  /// One value of any kind; what the fields mean depends on `kind`.
  struct Node {
    ValueKind kind;
    std::uint8_t detail = 0;
    std::uint8_t flag = 0;
    bool has_keys = false;
    std::uint8_t depth = 0;  ///< of objects and collections in each other
    std::uint32_t a = 0, b = 0, c = 0, d = 0;
    std::span<const std::uint32_t> children = {};

    bool operator==(const Node& other) const;
  };

  Value intern(Node node, std::span<const std::uint32_t> children = {});
  const Node& node(Value value) const { return nodes_[value.value]; }

  std::uint8_t depth_of(Value value) const { return value ? node(value).depth : std::uint8_t{0}; }
  std::uint8_t depth_of(std::span<const Value> parts) const;
  std::vector<Value> given_up_;
  base::Interner<Node> nodes_;
  base::SpanArena<std::uint32_t> children_;
};

}  // namespace querylint::flow
