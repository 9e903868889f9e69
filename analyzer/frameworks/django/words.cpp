// Repairs as Django's users write them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analyzer/frameworks/dictionary.h"

namespace querylint::frameworks::django {
namespace {

using flow::ColumnNames;
using flow::Number;
using flow::Way;

std::string joined(Way way, std::string_view flow::Hop::* name) {
  std::string path;
  for (const flow::Hop& hop : way) path.append(path.empty() ? "" : "__").append(hop.*name);
  return path;
}

/// Paths of lookups, and those of attributes, which have `chair_set` for `chair`.
std::string lookups(Way way) { return joined(way, &flow::Hop::lookup); }
std::string attributes(Way way) { return joined(way, &flow::Hop::attribute); }

std::string quoted(const ColumnNames& columns) {
  std::string text;
  for (const std::string_view column : columns)
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", column);
  return text;
}

/// `status="open"`, as keywords; dots for a condition of another kind.
std::string keywords(const Number::Condition& condition) {
  std::string text;
  for (const auto& [lookup, value] : condition.lookups) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ",
                        lookup.empty() ? "..." : fmt::format("{}={}", lookup, value));
  }
  return text;
}

/// `Count("pk", filter=Q(status="open"))`.
std::string measure(const Number& number) {
  std::string condition;
  for (const Number::Condition& one : number.conditions) {
    condition += fmt::format("{}{}Q({})", condition.empty() ? "" : " & ", one.excludes ? "~" : "",
                             keywords(one));
  }
  return fmt::format(
      "{}="
      "{}(\"{}\"{}{})",
      number.label, number.function, number.column.empty() ? "pk" : number.column,
      number.is_distinct ? ", distinct=True" : "",
      condition.empty() ? "" : ", filter=" + condition);
}

class DjangoWords : public flow::Words {
 public:
  std::string load_join(Way way) const override {
    return fmt::format(".select_related(\"{}\")", lookups(way));
  }
  std::string load_separate(Way way) const override {
    return fmt::format(".prefetch_related(\"{}\")", attributes(way));
  }
  std::string load_some(Way way) const override {
    return fmt::format("Prefetch `{}` with the outer query, with a `Prefetch` for what is wanted.",
                       attributes(way));
  }
  std::string use_loaded() const override {
    return "Work on `.all()` in Python, or prefetch what is wanted with `Prefetch(..., "
           "queryset=..., to_attr=...)`.";
  }
  std::string load_column() const override {
    return "Add it to `only()`, or take it out of `defer()`.";
  }
  std::string only(std::string_view, const ColumnNames& columns) const override {
    return fmt::format(".only({})", quoted(columns));
  }
  std::string defer(std::string_view, const ColumnNames& columns) const override {
    return fmt::format(".defer({})", quoted(columns));
  }
  std::string values_of(std::string_view, std::string_view column) const override {
    return fmt::format(".values_list(\"{}\", flat=True)", column);
  }
  std::string distinct_values(std::string_view entity, std::string_view column) const override {
    return values_of(entity, column) + ".distinct()";
  }
  std::string only_of_relation(Way way, std::string_view target,
                               const ColumnNames& columns) const override {
    return fmt::format("Prefetch(\"{}\", queryset={}.objects{})", lookups(way), target,
                       columns.empty() ? ".only(...)" : only(target, columns));
  }
  std::string stream() const override { return ".iterator(chunk_size=2000)"; }
  std::string limit_to_one() const override { return ".first()"; }
  std::string slice() const override {
    return "Slice the query before it becomes a list, so that the database sends no more.";
  }
  std::string order_by(std::string_view, std::string_view column, bool descends) const override {
    return fmt::format(".order_by(\"{}{}\")", descends ? "-" : "", column);
  }

  std::string count_of(Way way, bool is_distinct, bool is_narrowed) const override {
    return fmt::format("Annotate the outer query instead: `annotate(n=Count(\"{}\"{}{}))`.",
                       lookups(way), is_distinct ? ", distinct=True" : "",
                       is_narrowed ? ", filter=Q(...)" : "");
  }
  std::string existence_of(Way way) const override {
    return fmt::format("Annotate the outer query instead, with an `Exists(...)` over `{}`.",
                       lookups(way));
  }
  std::string aggregate_of(Way way) const override {
    return fmt::format("Annotate the outer query instead, with the same aggregate over `{}`.",
                       lookups(way));
  }
  std::string fetch_many() const override {
    return "Fetch all of them before the loop with one `filter(...__in=...)` or `in_bulk`, and "
           "look them up.";
  }
  std::string write_many() const override {
    return "Collect the changes and write them with one `bulk_create`, `bulk_update` or `update`.";
  }
  std::string update_many(std::string_view, std::string_view column) const override {
    return fmt::format(".update({}=...)", column);
  }
  std::string insert_many(std::string_view entity) const override {
    return fmt::format("{}.objects.bulk_create(...)", entity);
  }

  std::string exists() const override { return ".exists()"; }
  std::string contains() const override {
    return "Ask the database: `.contains(obj)`, or `.filter(pk=obj.pk).exists()`.";
  }
  std::string count() const override { return ".count()"; }
  std::string numbers(std::string_view, const Number::Condition& shared,
                      std::span<const Number> numbers, bool has_more) const override {
    std::string measures;
    for (const Number& number : numbers)
      measures.append(measures.empty() ? "" : ", ").append(measure(number));
    const std::string base =
        shared.lookups.empty() ? "" : fmt::format(".filter({})", keywords(shared));
    return fmt::format("{}.aggregate({}{})", base, measures, has_more ? ", ..." : "");
  }
  std::string column(std::string_view, std::string_view lookup) const override {
    return fmt::format("F(\"{}\")", lookup);
  }
  /// Python's sum of nothing is 0, where the database's is NULL.
  std::string total(std::string_view, std::string_view function, std::string_view lookup,
                    std::string_view expression) const override {
    const std::string_view rest = function == "Sum" ? ", default=0" : "";
    return lookup.empty()
               ? fmt::format(".aggregate(total={}({}{}))", function, expression, rest)
               : fmt::format(".aggregate({}={}(\"{}\"{}))", lookup, function, lookup, rest);
  }
  std::string groups(std::string_view, std::string_view key, std::string_view sum) const override {
    return fmt::format(".values(\"{}\").annotate({})", key,
                       sum.empty() ? "n=Count(\"pk\")" : fmt::format("total=Sum({})", sum));
  }

  bool gives_query(std::string_view name) const override {
    constexpr std::array<std::string_view, 18> names = {
        "all",     "filter",   "exclude",        "complex_filter", "order_by",
        "reverse", "distinct", "select_related", "annotate",       "prefetch_related",
        "alias",   "using",    "only",           "defer",          "get_queryset",
        "extra",   "none",     "fetch_mode"};
    return std::ranges::find(names, name) != names.end();
  }
  std::optional<flow::Import> loader(bool) const override { return std::nullopt; }
  std::string_view existence_method(std::string_view method) const override {
    if (method == "count" || method == "first") return "exists";
    if (method == "acount" || method == "afirst") return "aexists";
    return {};
  }
};

}  // namespace

const flow::Words& words() {
  static const DjangoWords all;
  return all;
}

}  // namespace querylint::frameworks::django
