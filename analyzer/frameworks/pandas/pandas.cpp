#include "analyzer/frameworks/pandas/pandas.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "analyzer/frameworks/pandas/tables.h"
#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::pandas {
namespace {

using namespace flow;
using ir::Operator;

constexpr auto readers =
    std::to_array<std::string_view>({"read_sql", "read_sql_query", "read_postgis"});

/// The function of a library of frames that a path names; empty for other paths.
std::string_view function_in(std::string_view path) {
  const std::size_t dot = path.find('.');
  const std::string_view library = path.substr(0, dot);
  const bool is_known = library == "pandas" || library == "geopandas";
  return is_known && dot != std::string_view::npos ? path.substr(dot + 1) : std::string_view();
}

/// Whether a statement asks the database for less than all rows as they are: then little is left to
/// do for Python.
bool is_worked_on(std::string_view statement) {
  std::string text(statement);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr auto words = std::to_array<std::string_view>(
      {"group by", "limit", "distinct", "count(", "sum(", "avg(", "max(", "min(", "fetch first"});
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  return !has("select") || std::ranges::any_of(words, has);
}

/// What a statement in a text asks for. Nothing where the database aggregates or limits already.
Value query_of_text(Interpreter& interpreter, Value text, Site site) {
  const Name statement = string_of(interpreter.world(), text);
  if (!statement || is_worked_on(interpreter.world().text(statement))) return {};
  return all_rows(interpreter, interpreter.schema().statement, {}, site);
}

class Pandas : public Framework {
 public:
  Value attribute(Interpreter& interpreter, Value object, Name name, Site site) const override {
    if (is_table(interpreter, object)) return table_attribute(interpreter, object, name, site);
    if (is_column(interpreter, object)) return column_attribute(interpreter, object, name);
    const bool has_methods = is_made_by(interpreter, object, callee::group) ||
                             is_made_by(interpreter, object, callee::accessor);
    return has_methods ? interpreter.values().make(Method{object, name}) : Value{};
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    const Call call{interpreter, arguments.self, arguments, site};
    const std::string_view text = interpreter.world().text(name);
    if (is_table(interpreter, call.self)) return call_table(call, text);
    if (is_column(interpreter, call.self)) return call_column(call, text);
    if (is_made_by(interpreter, call.self, callee::group)) return call_group(call, text);
    if (!is_made_by(interpreter, call.self, callee::accessor)) return {};
    const Value column = interpreter.values().term(call.self).arguments.front().second;
    return computed({interpreter, column, arguments, site});
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments& arguments,
                      Site site) const override {
    const std::string_view function = function_in(interpreter.world().text(path));
    if (function.empty()) return {};
    const Call call{interpreter, {}, arguments, site};
    if (std::ranges::find(readers, function) != readers.end()) return read_sql(call);
    const bool makes = function == "DataFrame" || function == "GeoDataFrame" ||
                       function == "DataFrame.from_records" || function == "json_normalize";
    const Value first = call.argument(0, "data");
    if (makes && first) return table_of(interpreter, first, call.argument(2, "columns"), site);
    if (function == "merge" && arguments.positional.size() > 1) {
      Arguments rest = arguments;
      rest.positional.erase(rest.positional.begin());
      const Value left = arguments.positional.front();
      return is_table(interpreter, left) ? call_table({interpreter, left, rest, site}, "merge")
                                         : Value{};
    }
    return {};
  }

  Value index(Interpreter& interpreter, Value object, Value key, Site site) const override {
    Arguments none;
    if (is_made_by(interpreter, object, callee::group)) {
      const Term group = interpreter.values().term(object);
      return make_term(interpreter, callee::group,
                       {group.arguments[0].second, group.arguments[1].second, key});
    }
    if (is_made_by(interpreter, object, callee::indexer)) {
      const Value whole = interpreter.values().term(object).arguments.front().second;
      return located({interpreter, whole, none, site}, key);
    }
    const Call call{interpreter, object, none, site};
    if (is_table(interpreter, object)) return index_table(call, key);
    if (is_column(interpreter, object)) return index_column(call, key);
    const Name name = string_of(interpreter.world(), key);
    const bool is_row = interpreter.values().is(object, ValueKind::row);
    return is_row && name ? cell(interpreter, object, name, site) : Value{};
  }

  /// `frame["price"] > 5`, `mask & other`: of each row.
  Value operate(Interpreter& interpreter, Operator operation, Value left, Value right,
                Site site) const override {
    left = as_column(interpreter, left, site);
    right = as_column(interpreter, right, site);
    const bool is_left = is_column(interpreter, left);
    const bool is_right = right && is_column(interpreter, right);
    if (!is_left && !is_right) return {};
    Values& values = interpreter.values();
    const auto each = [&](Value side, bool is_of_columns) {
      return side && is_of_columns ? values.container(side).element : side;
    };
    Container column = values.container(is_left ? left : right);
    const bool mixes = is_left && is_right && column.source != values.container(right).source;
    column.items = column.keys = {};
    column.element = values.make(Operation{operation, each(left, is_left), each(right, is_right)});
    if (mixes) column.element = interpreter.unknown();
    return values.make(column);
  }

 private:
  /// `frame.price` of a table whose columns are not known may be a method, until it is computed
  /// with.
  static Value as_column(Interpreter& interpreter, Value value, Site site) {
    if (!value || !interpreter.values().is(value, ValueKind::method)) return value;
    const Method method = interpreter.values().method(value);
    if (!is_table(interpreter, method.self)) return value;
    Arguments none;
    return column_of({interpreter, method.self, none, site}, method.self, method.name,
                     Reader::value);
  }

  static Value read_sql(const Call& call) {
    const Name chunks = call.world().name("chunksize");
    if (chunks && call.arguments.keyword(chunks)) return {};
    Value asked = call.argument(0, "sql");
    if (!asked) return {};
    if (!call.values().is(asked, ValueKind::query))
      asked = query_of_text(call.interpreter, asked, call.site);
    return asked ? table_of(call.interpreter, asked, {}, call.site) : Value{};
  }

  static Value table_attribute(Interpreter& interpreter, Value table, Name name, Site site) {
    Values& values = interpreter.values();
    const std::string_view text = interpreter.world().text(name);
    const Container whole = values.container(table);
    Arguments none;
    const Call call{interpreter, table, none, site};
    if (text == "columns" || text == "index" || text == "dtypes" || text == "size")
      return interpreter.unknown();
    if (text == "loc" || text == "iloc" || text == "at" || text == "iat")
      return make_term(interpreter, callee::indexer, {table});
    if (text == "empty") {
      if (whole.source) fold(call, FoldKind::truth, {}, whole.source);
      return interpreter.unknown();
    }
    if (text == "shape") return shape_of(call);
    if (is_table_method(text)) return values.make(Method{table, name});
    if (find_attribute_column(whole, interpreter, name)) {
      const Value column = column_of(call, table, name, Reader::value);
      if (!interpreter.values().is_unknown(values.container(column).element)) return column;
    }
    return values.make(Method{table, name});
  }

  /// Whether a row of the table may have a column of that name.
  static bool find_attribute_column(const Container& table, Interpreter& interpreter, Name name) {
    const Values& values = interpreter.values();
    if (values.is(table.element, ValueKind::row)) {
      const EntityId entity = values.row(table.element).entity;
      return interpreter.schema().entity(entity).column(name) != nullptr;
    }
    if (!values.is(table.element, ValueKind::container)) return false;
    return std::ranges::any_of(values.container(table.element).keys, [&](Value key) {
      return string_of(interpreter.world(), key) == name;
    });
  }

  /// The number of rows, and that of columns.
  static Value shape_of(const Call& call) {
    const Container table = call.data();
    if (table.source) fold(call, FoldKind::length, {}, call.self);
    const bool is_all = table.source && !table.is_filtered;
    const std::array<Value, 2> numbers = {
        is_all ? call.interpreter.measured(call.world().length, table.source)
               : call.interpreter.unknown(),
        call.interpreter.unknown()};
    Container shape;
    shape.kind = ContainerKind::tuple;
    shape.items = numbers;
    return call.values().make(shape);
  }

  static Value column_attribute(Interpreter& interpreter, Value column, Name name) {
    const std::string_view text = interpreter.world().text(name);
    if (text == "str" || text == "dt" || text == "cat")
      return make_term(interpreter, callee::accessor, {column});
    if (text == "loc" || text == "iloc" || text == "at" || text == "iat")
      return make_term(interpreter, callee::indexer, {column});
    if (text == "values") {
      Container values = interpreter.values().container(column);
      values.kind = ContainerKind::list;
      return interpreter.values().make(values);
    }
    return interpreter.values().make(Method{column, name});
  }

  static bool is_slice(const Call& call, Value key) {
    return call.values().is(key, ValueKind::term) &&
           call.values().term(key).callee == call.world().slice;
  }

  static Value index_table(const Call& call, Value key) {
    if (is_column(call.interpreter, key)) return filtered(call, key);
    if (is_slice(call, key)) return sliced(call);
    if (call.values().is(key, ValueKind::container)) return call.self;  // some of its columns
    return column_of(call, call.self, string_of(call.world(), key), Reader::value);
  }

  static Value index_column(const Call& call, Value key) {
    if (is_column(call.interpreter, key)) return filtered(call, key);
    if (is_slice(call, key)) return sliced(call);
    fold(call, FoldKind::slice, {}, {});
    const Value value = call.data().element;
    return value ? value : call.interpreter.unknown();
  }

  /// `frame.loc[mask]`, `frame.loc[mask, "price"]`, `frame.iloc[:10]`. A single row is a part too.
  static Value located(const Call& call, Value key) {
    Value rows = key;
    Value columns;
    if (call.values().is(key, ValueKind::container)) {
      const Container pair = call.values().container(key);
      if (pair.kind == ContainerKind::tuple && pair.items.size() == 2) {
        rows = pair.items[0];
        columns = pair.items[1];
      }
    }
    const Value found = is_column(call.interpreter, rows) ? filtered(call, rows) : sliced(call);
    const Name name = columns ? string_of(call.world(), columns) : Name{};
    if (!name || !is_table(call.interpreter, found)) return found;
    return column_of({call.interpreter, found, call.arguments, call.site}, found, name,
                     Reader::value);
  }
};

}  // namespace

std::unique_ptr<Framework> make_pandas() { return std::make_unique<Pandas>(); }

}  // namespace querylint::frameworks::pandas
