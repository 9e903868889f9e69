// The words of an ORM: how messages write a repair in the user's own names. Each framework of an
// ORM gives its own; nothing else knows them. Calls are what is added to a query, with their dot;
// sentences begin with a capital letter and end with a full stop.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/schema/schema.h"

namespace querylint::flow {

/// A relation on the way from a query's rows to others.
struct Hop {
  std::string_view entity;     ///< whose relation it is
  std::string_view attribute;  ///< its name on rows
  std::string_view lookup;     ///< its name in paths
};
using Way = std::span<const Hop>;
using ColumnNames = std::vector<std::string_view>;

/// One of several numbers that one query can give: `Count("pk", filter=Q(status="open"))`.
struct Number {
  std::string label;
  std::string function;  ///< Count, Sum, Avg, Min, Max
  std::string column;    ///< as a lookup; empty for rows
  bool is_distinct = false;
  /// Conditions as lookups and the text of their values, of one step each; `excludes` negates.
  struct Condition {
    bool excludes = false;
    std::vector<std::pair<std::string_view, std::string>> lookups;  ///< without a name: unknown
  };
  std::vector<Condition> conditions;
};

/// `from module import name`.
struct Import {
  std::string_view module;
  std::string_view name;
};

class Words {
 public:
  virtual ~Words() = default;

  // Loading
  /// With the rows, in their own statement.
  virtual std::string load_join(Way way) const = 0;
  /// In a statement of its own.
  virtual std::string load_separate(Way way) const = 0;
  /// How rows of a relation come with the outer query, although only some of them are wanted.
  virtual std::string load_some(Way way) const = 0;
  /// How a loop gets some rows of a relation that is loaded whole, without asking again.
  virtual std::string use_loaded() const = 0;
  /// Where a column that a query left out is put back.
  virtual std::string load_column() const = 0;
  virtual std::string only(std::string_view entity, const ColumnNames& columns) const = 0;
  virtual std::string defer(std::string_view entity, const ColumnNames& columns) const = 0;
  /// The values of one column, without objects.
  virtual std::string values_of(std::string_view entity, std::string_view column) const = 0;
  virtual std::string distinct_values(std::string_view entity, std::string_view column) const = 0;
  /// Only these columns of a relation that is loaded apart.
  virtual std::string only_of_relation(Way way, std::string_view target,
                                       const ColumnNames& columns) const = 0;
  virtual std::string stream() const = 0;        ///< `.iterator(chunk_size=2000)`
  virtual std::string limit_to_one() const = 0;  ///< `.first()`
  /// How a query gives some of its rows only.
  virtual std::string slice() const = 0;
  virtual std::string order_by(std::string_view entity, std::string_view column,
                               bool descends) const = 0;

  // Queries in loops
  /// What the outer query can say of each row of a relation instead: their number, whether there
  /// are any, another aggregate. `is_narrowed`: not of all of them.
  virtual std::string count_of(Way way, bool is_distinct, bool is_narrowed) const = 0;
  virtual std::string existence_of(Way way) const = 0;
  virtual std::string aggregate_of(Way way) const = 0;
  virtual std::string fetch_many() const = 0;
  virtual std::string write_many() const = 0;
  /// One UPDATE that gives all rows the same value.
  virtual std::string update_many(std::string_view entity, std::string_view column) const = 0;
  virtual std::string insert_many(std::string_view entity) const = 0;

  // Numbers. Columns are lookups from the query's rows, `author__name`; the entity is their own.
  virtual std::string exists() const = 0;  ///< `.exists()`
  virtual std::string contains() const = 0;
  virtual std::string count() const = 0;  ///< `.count()`
  /// One query for several numbers; `shared` are conditions of all of them.
  virtual std::string numbers(std::string_view entity, const Number::Condition& shared,
                              std::span<const Number> numbers, bool has_more) const = 0;
  /// A column in an expression: `F("amount")`.
  virtual std::string column(std::string_view entity, std::string_view lookup) const = 0;
  /// `.aggregate(amount=Sum("amount", default=0))`. Either of `lookup` and `expression` is given.
  virtual std::string total(std::string_view entity, std::string_view function,
                            std::string_view lookup, std::string_view expression) const = 0;
  /// `.values("status").annotate(total=Sum("amount"))`; no `sum`: the rows of each group are
  /// counted.
  virtual std::string groups(std::string_view entity, std::string_view key,
                             std::string_view sum) const = 0;

  // Fixes
  /// Whether a call or attribute of that name gives a query that further calls can be added to.
  virtual bool gives_query(std::string_view name) const = 0;
  /// Besides the way's entities, the name that `load_join` or `load_separate` needs in scope.
  /// Nothing where they are written with strings and need no name at all.
  virtual std::optional<Import> loader(bool joins) const = 0;
  /// What a method that counts or fetches is replaced with where only the truth of its result
  /// counts: `exists` for `count`. Empty where no method of the query can.
  virtual std::string_view existence_method(std::string_view method) const = 0;
};

/// By `schema::Orm`.
using Dictionary = std::array<const Words*, schema::orm_count>;

}  // namespace querylint::flow
