// Data frames as values: a `table` keeps the query that its rows came from, a `column` of it too.
// Rows of a table are rows of an entity, or dicts of what a query gives.
#pragma once

#include <string_view>

#include "analyzer/flow/interpreter.h"

namespace querylint::frameworks::pandas {

namespace callee {
constexpr std::string_view group = "pandas.GroupBy";      ///< table, keys; the measured column
constexpr std::string_view indexer = "pandas.Indexer";    ///< table or column: `frame.loc`
constexpr std::string_view accessor = "pandas.Accessor";  ///< column: `column.str`
}  // namespace callee

/// Something that is done to a table or column.
struct Call {
  flow::Interpreter& interpreter;
  flow::Value self;
  flow::Arguments& arguments;
  flow::Site site;

  flow::World& world() const { return interpreter.world(); }
  flow::Values& values() const { return interpreter.values(); }
  flow::Container data() const { return values().container(self); }
  /// An argument by its position or name; nothing when it is not given.
  flow::Value argument(std::size_t position, std::string_view name) const;
  bool is_true(std::string_view name) const;
  bool is_false(std::string_view name) const;
};

bool is_table(flow::Interpreter& interpreter, flow::Value value);
bool is_column(flow::Interpreter& interpreter, flow::Value value);
/// A term of one of `callee`, or nothing.
bool is_made_by(flow::Interpreter& interpreter, flow::Value value, std::string_view callee);
flow::Value make_term(flow::Interpreter& interpreter, std::string_view callee,
                      std::initializer_list<flow::Value> arguments);

/// A table of the rows that a query or collection gives, which are loaded here; nothing where no
/// query is known behind them. `names` may tell what columns are called: a list of strings.
flow::Value table_of(flow::Interpreter& interpreter, flow::Value rows, flow::Value names,
                     flow::Site site);
/// A table that nothing is known of.
flow::Value other_table(flow::Interpreter& interpreter);

/// Why a column is read: for a value that goes elsewhere, or by a fold that says so itself.
enum class Reader : std::uint8_t { value, fold };

/// The values of one column in all rows; of a computed name, any.
flow::Value column_of(const Call& call, flow::Value table, flow::Name name, Reader reader);
/// Column `name` of one row of a table; nothing where the row is of another kind.
flow::Value cell(flow::Interpreter& interpreter, flow::Value row, flow::Name name, flow::Site site,
                 std::uint8_t flags = 0);

/// What Python makes of each value: of its row, but no column.
flow::Value computed(const Call& call);
/// The table or column, of which only some rows are left.
flow::Value part_of(const Call& call, flow::Value whole);
/// The table, whose columns may be others.
flow::Value renamed(const Call& call);

/// Records that a library does something to the rows behind `self`.
void fold(const Call& call, flow::FoldKind kind, flow::Name member, flow::Value detail,
          std::uint8_t flags = 0);
/// The rows for which the column `mask` is true, as `frame[mask]` takes them.
flow::Value filtered(const Call& call, flow::Value mask);
/// Some rows by their place.
flow::Value sliced(const Call& call);

/// Methods of tables, columns and groups; nothing where the name is none of them.
flow::Value call_table(const Call& call, std::string_view name);
flow::Value call_column(const Call& call, std::string_view name);
flow::Value call_group(const Call& call, std::string_view name);
bool is_table_method(std::string_view name);

}  // namespace querylint::frameworks::pandas
