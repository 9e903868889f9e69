// The methods of tables, columns and groups.
#include <algorithm>
#include <array>
#include <optional>

#include "analyzer/frameworks/pandas/tables.h"

namespace querylint::frameworks::pandas {

using namespace flow;

namespace {

using Method = Value (*)(const Call&);
using Methods = std::span<const std::pair<std::string_view, Method>>;

const Method* find(Methods methods, std::string_view name) {
  const auto found =
      std::ranges::find(methods, name, [](const auto& entry) { return entry.first; });
  return found == methods.end() ? nullptr : &found->second;
}

/// The names that `by=` gives: one string, or a list of them.
std::vector<Value> names_in(const Call& call, Value by) {
  if (!by) return {};
  if (!call.values().is(by, ValueKind::container)) return {by};
  const Container list = call.values().container(by);
  return {list.items.begin(), list.items.end()};
}

/// The value of a column that a fold reads, in any row.
Value folded(const Call& call, Value table, Value name) {
  const Value column = column_of(call, table, string_of(call.world(), name), Reader::fold);
  return call.values().container(column).element;
}

Name name_of(const Call& call, Value value) {
  const bool is_scalar = value && call.values().is(value, ValueKind::scalar);
  return is_scalar ? call.values().scalar(value).column : Name{};
}

// Tables

Value same(const Call& call) { return call.self; }
Value part(const Call& call) { return part_of(call, call.self); }

/// Everything of the rows goes elsewhere.
Value give_away(const Call& call) {
  call.interpreter.escape(call.self, call.site);
  call.interpreter.escape_all(call.arguments, call.site);
  return call.interpreter.unknown();
}

Value other_columns(const Call& call) {
  call.interpreter.escape_all(call.arguments, call.site);
  return renamed(call);
}

/// By columns of constant names, or of one that is known only when it runs.
Value sort_values(const Call& call) {
  const auto names = names_in(call, call.argument(0, "by"));
  Value measured = call.interpreter.unknown();
  for (const Value name : names) {
    if (!string_of(call.world(), name)) continue;
    const Value value = folded(call, call.self, name);
    if (name == names.front()) measured = value;
  }
  const std::uint8_t direction = call.is_false("ascending") ? flag::descending : std::uint8_t{0};
  if (!names.empty()) fold(call, FoldKind::sort, name_of(call, measured), measured, direction);
  return call.self;
}

/// `nlargest(10, "price")`: sorts, and takes the first.
Value extreme_rows(const Call& call, std::uint8_t direction) {
  const Value by = call.argument(1, "columns");
  if (!by || !string_of(call.world(), by)) return part(call);
  const Value measured = folded(call, call.self, by);
  fold(call, FoldKind::sort, name_of(call, measured), measured, direction);
  return sliced(call);
}

Value largest(const Call& call) { return extreme_rows(call, flag::descending); }
Value smallest(const Call& call) { return extreme_rows(call, 0); }

Value group(const Call& call) {
  const Value by = call.argument(0, "by");
  return by ? make_term(call.interpreter, callee::group, {call.self, by}) : give_away(call);
}

Value drop_duplicates(const Call& call) {
  const auto names = names_in(call, call.argument(0, "subset"));
  if (names.size() == 1 && string_of(call.world(), names.front())) {
    const Value measured = folded(call, call.self, names.front());
    fold(call, FoldKind::distinct, name_of(call, measured), measured);
  }
  return part(call);
}

/// Matches rows of two tables.
Value merge(const Call& call) {
  const Value other = call.argument(0, "right");
  if (other && is_table(call.interpreter, other)) {
    const Container right = call.values().container(other);
    if (call.data().source && right.source) {
      fold(call, FoldKind::join, {}, right.source);
      fold({call.interpreter, other, call.arguments, call.site}, FoldKind::join, {},
           call.data().source);
    } else {
      call.interpreter.escape(call.data().source ? call.self : other, call.site);
    }
    return other_table(call.interpreter);
  }
  give_away(call);
  return other_table(call.interpreter);
}

/// One row after the other, each with its label.
Value rows_with_labels(const Call& call) {
  const Container table = call.data();
  const std::array<Value, 2> pair = {call.interpreter.unknown(), table.element};
  Container tuple;
  tuple.kind = ContainerKind::tuple;
  tuple.items = pair;
  Container rows;
  rows.kind = ContainerKind::generator;
  rows.is_filtered = table.is_filtered;
  rows.source = table.source;
  rows.element = call.values().make(tuple);
  if (!call.values().is(table.element, ValueKind::row))  // what is read of dicts is not recorded
    call.interpreter.escape(call.self, call.site);
  return call.values().make(rows);
}

constexpr auto table_methods = std::to_array<std::pair<std::string_view, Method>>({
    {"sort_values", sort_values},
    {"nlargest", largest},
    {"nsmallest", smallest},
    {"groupby", group},
    {"drop_duplicates", drop_duplicates},
    {"merge", merge},
    {"join", merge},
    {"head", sliced},
    {"tail", sliced},
    {"sample", sliced},
    {"iterrows", rows_with_labels},
    {"query", part},
    {"dropna", part},
    {"copy", same},
    {"reset_index", same},
    {"set_index", same},
    {"sort_index", same},
    {"fillna", same},
    {"replace", same},
    {"round", same},
    {"infer_objects", same},
    {"convert_dtypes", same},
    {"drop", same},
    {"where", same},
    {"rename", other_columns},
    {"assign", other_columns},
    {"astype", same},
    {"explode", other_columns},
    {"pipe", give_away},
    {"apply", give_away},
    {"itertuples", give_away},
    {"items", give_away},
    {"to_dict", give_away},
    {"to_csv", give_away},
    {"to_json", give_away},
    {"to_records", give_away},
    {"to_numpy", give_away},
    {"to_excel", give_away},
});

// Columns

/// A fold of the column's values to something small.
Value measure(const Call& call, FoldKind kind) {
  const Value value = call.data().element;
  fold(call, kind, name_of(call, value), value);
  return call.interpreter.unknown();
}

Value sum(const Call& call) { return measure(call, FoldKind::sum); }
Value mean(const Call& call) { return measure(call, FoldKind::average); }
Value minimum(const Call& call) { return measure(call, FoldKind::minimum); }
Value maximum(const Call& call) { return measure(call, FoldKind::maximum); }
Value any(const Call& call) { return measure(call, FoldKind::any); }
Value distinct(const Call& call) { return measure(call, FoldKind::distinct); }
Value count_values(const Call& call) { return measure(call, FoldKind::group); }

Value in_column(const Call& call, Value element) {
  Container column = call.data();
  column.element = element;
  return call.values().make(column);
}

Value compared(const Call& call, ir::Operator operation, Value with) {
  return in_column(call, call.values().make(Operation{operation, call.data().element, with}));
}

Value none(const Call& call) { return call.values().make(Constant{ir::ConstantKind::none, {}}); }
Value is_missing(const Call& call) { return compared(call, ir::Operator::is, none(call)); }
Value is_there(const Call& call) { return compared(call, ir::Operator::is_not, none(call)); }

/// `isin(values)`, where the values are not those of another column.
Value is_in(const Call& call) {
  const Value among = call.argument(0, "values");
  if (!among || is_column(call.interpreter, among)) return computed(call);
  return compared(call, ir::Operator::in, call.interpreter.unknown());
}

Value call_each(const Call& call) {
  const Value function = call.argument(0, "func");
  if (!function) return computed(call);
  call.interpreter.in_loop(call.self, call.site, [&](Value value) {
    Arguments one;
    one.positional = {value};
    return call.interpreter.call(function, one, call.site);
  });
  return computed(call);
}

/// The values themselves; that they are read is recorded.
Value listed(const Call& call) {
  Container values = call.data();
  values.kind = ContainerKind::list;
  return call.values().make(values);
}

constexpr auto column_methods = std::to_array<std::pair<std::string_view, Method>>({
    {"sum", sum},
    {"mean", mean},
    {"min", minimum},
    {"max", maximum},
    {"any", any},
    {"all", any},
    {"unique", distinct},
    {"nunique", distinct},
    {"drop_duplicates", distinct},
    {"value_counts", count_values},
    {"isna", is_missing},
    {"isnull", is_missing},
    {"notna", is_there},
    {"notnull", is_there},
    {"isin", is_in},
    {"apply", call_each},
    {"map", call_each},
    {"head", sliced},
    {"tail", sliced},
    {"tolist", listed},
    {"to_list", listed},
    {"to_numpy", listed},
    {"items", computed},
    {"copy", same},
    {"astype", same},
    {"fillna", same},
    {"round", same},
    {"dropna", part},
    {"reset_index", same},
    {"sort_index", same},
    {"infer_objects", same},
    {"abs", same},
    {"sort_values", same},
});

// Groups

enum class Aggregate : std::uint8_t { rows, sum, other };

constexpr auto aggregates = std::to_array<std::pair<std::string_view, Aggregate>>({
    {"size", Aggregate::rows},
    {"count", Aggregate::rows},
    {"sum", Aggregate::sum},
    {"mean", Aggregate::other},
    {"min", Aggregate::other},
    {"max", Aggregate::other},
    {"agg", Aggregate::other},
    {"aggregate", Aggregate::other},
    {"nunique", Aggregate::other},
    {"ngroups", Aggregate::rows},
    {"any", Aggregate::other},
    {"all", Aggregate::other},
    {"std", Aggregate::other},
    {"var", Aggregate::other},
});

/// Any row of a table; nothing where it has none that is known.
Value row_of(const Call& call, Value table) {
  const Value element = call.values().container(table).element;
  if (call.values().is(element, ValueKind::row)) return element;
  if (!call.values().is(element, ValueKind::container)) return {};
  const Container record = call.values().container(element);
  const Value any = record.items.empty() ? record.element : record.items.front();
  return any ? call.interpreter.row_behind(any) : Value{};
}

/// What is added up of each group: a column; a number where rows are counted; else something of the
/// rows that has no name.
Value measured_in(const Call& call, Value table, Value column, Aggregate kind) {
  Values& values = call.values();
  if (kind == Aggregate::rows)
    return values.make(Constant{ir::ConstantKind::number, call.world().names.intern("1")});
  const Value found = column ? folded(call, table, column) : Value{};
  if (kind == Aggregate::sum && found && values.is(found, ValueKind::scalar)) return found;
  const Value row = row_of(call, table);
  return row ? values.make(Scalar{row, {}}) : call.interpreter.unknown();
}

}  // namespace

bool is_table_method(std::string_view name) { return find(table_methods, name) != nullptr; }

Value call_table(const Call& call, std::string_view name) {
  const Method* method = find(table_methods, name);
  if (method == nullptr) return give_away(call);
  const Value result = (*method)(call);
  if (!call.is_true("inplace")) return result;
  call.arguments.self = result;
  return none(call);
}

Value call_column(const Call& call, std::string_view name) {
  const Method* method = find(column_methods, name);
  return method == nullptr ? computed(call) : (*method)(call);
}

Value call_group(const Call& call, std::string_view name) {
  const auto found =
      std::ranges::find(aggregates, name, [](const auto& entry) { return entry.first; });
  const Term group = call.values().term(call.self);
  const Value table = group.arguments[0].second;
  const Call on_table{call.interpreter, table, call.arguments, call.site};
  if (found == aggregates.end()) return give_away(on_table);
  const std::vector<Value> keys = names_in(on_table, group.arguments[1].second);
  Value key;
  for (const Value one : keys) {
    const Value value = folded(on_table, table, one);
    if (!key) key = value;
  }
  const Value column = group.arguments.size() > 2 ? group.arguments[2].second : Value{};
  const Value measured = measured_in(on_table, table, column, found->second);
  const std::uint8_t flags =
      found->second == Aggregate::rows ? std::uint8_t{0} : flag::by_accumulator;
  const Name member = keys.size() == 1 && key ? name_of(on_table, key) : Name{};
  fold(on_table, FoldKind::group, member, measured, flags);
  return other_table(call.interpreter);
}

}  // namespace querylint::frameworks::pandas
