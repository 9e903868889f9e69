// Repairs as SQLAlchemy's users write them, in the style of 2.0, which 1.4 understands as well.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "analyzer/frameworks/dictionary.h"

namespace querylint::frameworks::sqlalchemy {
namespace {

using flow::ColumnNames;
using flow::Number;
using flow::Way;

/// `joinedload(Book.author).joinedload(Author.country)`.
std::string chain(Way way, std::string_view loader) {
  std::string text;
  for (const flow::Hop& hop : way)
    text += fmt::format("{}{}({}.{})", text.empty() ? "" : ".", loader, hop.entity, hop.attribute);
  return text;
}

std::string last(Way way) {
  return way.empty() ? std::string()
                     : fmt::format("{}.{}", way.back().entity, way.back().attribute);
}

/// `Author.name`, of the column's own entity, however it is reached.
std::string attribute(std::string_view entity, std::string_view lookup) {
  const std::size_t at = lookup.rfind("__");
  return fmt::format("{}.{}", entity,
                     at == std::string_view::npos ? lookup : lookup.substr(at + 2));
}

std::string listed(std::string_view entity, const ColumnNames& columns) {
  std::string text;
  for (const std::string_view column : columns)
    text += fmt::format("{}{}.{}", text.empty() ? "" : ", ", entity, column);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// `Order.status == "open"`; dots for a condition of another kind.
std::string comparison(std::string_view entity, std::string_view lookup, std::string_view value) {
  if (lookup.empty()) return "...";
  const std::size_t at = lookup.rfind("__");
  const std::string_view kind = at == std::string_view::npos ? "" : lookup.substr(at);
  const std::string left = lookup.find('.') == std::string_view::npos
                               ? fmt::format("{}.{}", entity, lookup.substr(0, at))
                               : std::string(lookup.substr(0, at));
  if (kind == "__gt") return fmt::format("{} > {}", left, value);
  if (kind == "__gte") return fmt::format("{} >= {}", left, value);
  if (kind == "__lt") return fmt::format("{} < {}", left, value);
  if (kind == "__lte") return fmt::format("{} <= {}", left, value);
  if (kind == "__in") return fmt::format("{}.in_({})", left, value);
  if (kind.empty()) return fmt::format("{} == {}", left, value);
  return fmt::format("{}.{}({})", left, kind.substr(2), value);
}

std::string all_of(const std::vector<std::string>& conditions) {
  return conditions.size() == 1 ? conditions.front()
                                : fmt::format("and_({})", fmt::join(conditions, ", "));
}

std::string comparisons(std::string_view entity, const Number::Condition& condition) {
  std::vector<std::string> parts;
  for (const auto& [lookup, value] : condition.lookups)
    parts.push_back(comparison(entity, lookup, value));
  return condition.excludes ? fmt::format("~({})", all_of(parts)) : all_of(parts);
}

/// With `case`, since not every database has FILTER.
std::string measure(std::string_view entity, const Number& number) {
  std::vector<std::string> conditions;
  for (const Number::Condition& condition : number.conditions)
    conditions.push_back(comparisons(entity, condition));
  std::string counted = number.column.empty() ? "" : attribute(entity, number.column);
  if (!conditions.empty())
    counted = fmt::format("case(({}, {}))", all_of(conditions), counted.empty() ? "1" : counted);
  return fmt::format("func.{}({})", lower(number.function), counted);
}

class SqlAlchemyWords : public flow::Words {
 public:
  std::string load_join(Way way) const override {
    return fmt::format(".options({})", chain(way, "joinedload"));
  }
  std::string load_separate(Way way) const override {
    return fmt::format(".options({})", chain(way, "selectinload"));
  }
  std::string load_some(Way way) const override {
    return fmt::format("Fetch the rows of `{}` for all of them with one query before the loop.",
                       last(way));
  }
  std::string use_loaded() const override {
    return "Work on the loaded rows in Python, or fetch what is wanted with one query before the "
           "loop.";
  }
  std::string load_column() const override {
    return "Add it to `load_only()`, or `undefer()` it for this query.";
  }
  std::string only(std::string_view entity, const ColumnNames& columns) const override {
    return fmt::format(".options(load_only({}))", listed(entity, columns));
  }
  std::string defer(std::string_view entity, const ColumnNames& columns) const override {
    std::string text;
    for (const std::string_view column : columns)
      text += fmt::format("{}defer({}.{})", text.empty() ? "" : ", ", entity, column);
    return fmt::format(".options({})", text);
  }
  std::string values_of(std::string_view entity, std::string_view column) const override {
    return fmt::format("select({})", attribute(entity, column));
  }
  std::string distinct_values(std::string_view entity, std::string_view column) const override {
    return values_of(entity, column) + ".distinct()";
  }
  std::string only_of_relation(Way way, std::string_view target,
                               const ColumnNames& columns) const override {
    return fmt::format("{}.load_only({})", chain(way, "selectinload"),
                       columns.empty() ? "..." : listed(target, columns));
  }
  std::string stream() const override { return ".yield_per(1000)"; }
  std::string limit_to_one() const override { return ".limit(1)"; }
  std::string slice() const override {
    return "Slice the query before it becomes a list, so that the database sends no more.";
  }
  std::string order_by(std::string_view entity, std::string_view column,
                       bool descends) const override {
    return fmt::format(".order_by({}{})", attribute(entity, column), descends ? ".desc()" : "");
  }

  std::string count_of(Way way, bool, bool) const override {
    return fmt::format("Count the rows of `{}` for all of them with one query that groups them.",
                       last(way));
  }
  std::string existence_of(Way way) const override {
    return fmt::format("Ask in the outer query instead, with `{}.any()`.", last(way));
  }
  std::string aggregate_of(Way way) const override {
    return fmt::format(
        "Aggregate the rows of `{}` for all of them with one query that groups them.", last(way));
  }
  std::string fetch_many() const override {
    return "Fetch all of them before the loop with one `.where(... .in_(...))`, and look them up.";
  }
  std::string write_many() const override {
    return "Collect the changes and write them with one `insert()`, or one `update()` with a list "
           "of values.";
  }
  std::string update_many(std::string_view entity, std::string_view column) const override {
    return fmt::format("update({}).where(...).values({}=...)", entity, column);
  }
  std::string insert_many(std::string_view entity) const override {
    return fmt::format("session.execute(insert({}), rows)", entity);
  }

  std::string exists() const override { return "select(exists().where(...))"; }
  std::string contains() const override { return "Ask the database, with the key in `where()`."; }
  std::string count() const override { return "select(func.count())"; }
  std::string numbers(std::string_view entity, const Number::Condition& shared,
                      std::span<const Number> numbers, bool has_more) const override {
    std::string measures;
    for (const Number& number : numbers)
      measures.append(measures.empty() ? "" : ", ").append(measure(entity, number));
    return fmt::format(
        "select({}{}){}", measures, has_more ? ", ..." : "",
        shared.lookups.empty() ? "" : fmt::format(".where({})", comparisons(entity, shared)));
  }
  std::string column(std::string_view entity, std::string_view lookup) const override {
    return attribute(entity, lookup);
  }
  std::string total(std::string_view entity, std::string_view function, std::string_view lookup,
                    std::string_view expression) const override {
    const std::string measured =
        fmt::format("func.{}({})", lower(function),
                    lookup.empty() ? std::string(expression) : attribute(entity, lookup));
    // The sum of no rows is NULL.
    return function == "Sum" ? fmt::format("select(func.coalesce({}, 0))", measured)
                             : fmt::format("select({})", measured);
  }
  std::string groups(std::string_view entity, std::string_view key,
                     std::string_view sum) const override {
    return fmt::format("select({0}, func.{1}).group_by({0})", attribute(entity, key),
                       sum.empty() ? "count()" : fmt::format("sum({})", sum));
  }

  bool gives_query(std::string_view name) const override {
    constexpr std::array<std::string_view, 14> names = {
        "select", "query",     "filter", "filter_by", "where",  "order_by", "join",
        "limit",  "outerjoin", "offset", "options",   "having", "group_by", "distinct"};
    return std::ranges::find(names, name) != names.end();
  }
  std::optional<flow::Import> loader(bool joins) const override {
    return flow::Import{"sqlalchemy.orm", joins ? "joinedload" : "selectinload"};
  }
  /// Whether there are rows is another statement here.
  std::string_view existence_method(std::string_view) const override { return {}; }
};

}  // namespace

const flow::Words& words() {
  static const SqlAlchemyWords all;
  return all;
}

}  // namespace querylint::frameworks::sqlalchemy
