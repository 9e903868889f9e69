#include "analyzer/frameworks/pandas/tables.h"

#include <algorithm>
#include <array>

#include "analyzer/flow/loading.h"

namespace querylint::frameworks::pandas {

using namespace flow;

namespace {

bool has_kind(Interpreter& interpreter, Value value, ContainerKind kind) {
  return interpreter.values().is(value, ValueKind::container) &&
         interpreter.values().container(value).kind == kind;
}

/// The query behind a collection of its rows; nothing for other values.
Value query_behind(Interpreter& interpreter, Value source) {
  while (interpreter.values().is(source, ValueKind::container))
    source = interpreter.values().container(source).source;
  return interpreter.values().is(source, ValueKind::query) ? source : Value{};
}

/// A tuple as a dict: by the given names, or by those of the columns that it holds.
Value with_names(Interpreter& interpreter, Value tuple, Value names) {
  Values& values = interpreter.values();
  Container row = values.container(tuple);
  if (row.kind == ContainerKind::dict || row.items.empty()) return tuple;
  std::vector<Value> keys;
  const bool is_named = values.is(names, ValueKind::container) &&
                        values.container(names).items.size() == row.items.size();
  for (std::size_t i = 0; i < row.items.size(); ++i) {
    const Value item = row.items[i];
    const Name column = values.is(item, ValueKind::scalar) ? values.scalar(item).column : Name{};
    keys.push_back(is_named ? values.container(names).items[i]
                   : column ? values.make(Constant{ir::ConstantKind::string, column})
                            : interpreter.unknown());
  }
  row.kind = ContainerKind::dict;
  row.keys = keys;
  return values.make(row);
}

}  // namespace

Value Call::argument(std::size_t position, std::string_view name) const {
  const Name known = world().name(name);
  if (position < arguments.positional.size()) return arguments.positional[position];
  return known ? arguments.keyword(known) : Value{};
}

bool Call::is_true(std::string_view name) const {
  const Value given = argument(arguments.positional.size(), name);
  return given && is_constant(world(), given, ir::ConstantKind::true_);
}

bool Call::is_false(std::string_view name) const {
  const Value given = argument(arguments.positional.size(), name);
  return given && is_constant(world(), given, ir::ConstantKind::false_);
}

bool is_table(Interpreter& interpreter, Value value) {
  return has_kind(interpreter, value, ContainerKind::table);
}

bool is_column(Interpreter& interpreter, Value value) {
  return has_kind(interpreter, value, ContainerKind::column);
}

bool is_made_by(Interpreter& interpreter, Value value, std::string_view callee) {
  return interpreter.values().is(value, ValueKind::term) &&
         interpreter.world().text(interpreter.values().term(value).callee) == callee;
}

Value make_term(Interpreter& interpreter, std::string_view callee,
                std::initializer_list<Value> arguments) {
  std::vector<std::pair<Name, Value>> unnamed;
  for (const Value argument : arguments) unnamed.emplace_back(Name{}, argument);
  return interpreter.values().make(Term{interpreter.world().names.intern(callee), unnamed});
}

Value table_of(Interpreter& interpreter, Value rows, Value names, Site site) {
  Values& values = interpreter.values();
  const bool may_be_rows =
      values.is(rows, ValueKind::query) ||
      (values.is(rows, ValueKind::container) && values.container(rows).kind != ContainerKind::dict);
  if (!may_be_rows) return {};
  Container table = interpreter.collect(rows, ContainerKind::table, site);
  table.source = query_behind(interpreter, table.source);
  if (!table.source) return {};
  const Value row = element(interpreter.world(), table);
  table.items = table.keys = {};
  table.element = values.is(row, ValueKind::container) ? with_names(interpreter, row, names)
                  : row                                ? row
                                                       : interpreter.unknown();
  return values.make(table);
}

Value other_table(Interpreter& interpreter) {
  Container table;
  table.kind = ContainerKind::table;
  table.element = interpreter.unknown();
  return interpreter.values().make(table);
}

Value cell(Interpreter& interpreter, Value row, Name name, Site site, std::uint8_t flags) {
  Values& values = interpreter.values();
  if (values.is(row, ValueKind::row)) {
    const schema::Entity& entity = interpreter.schema().entity(values.row(row).entity);
    if (!entity.is_placeholder && entity.column(name) == nullptr) return {};
    interpreter.use(row, name, site, flags);
    return values.make(Scalar{row, name});
  }
  if (!values.is(row, ValueKind::container)) return {};
  const Container record = values.container(row);
  for (std::size_t i = 0; i < record.keys.size(); ++i) {
    if (string_of(interpreter.world(), record.keys[i]) != name) continue;
    const Value found = record.items[i];
    const Scalar scalar = values.is(found, ValueKind::scalar) ? values.scalar(found) : Scalar{};
    if (scalar.row && scalar.column) interpreter.use(scalar.row, scalar.column, site, flags);
    return found;
  }
  return record.element ? record.element : Value{};
}

Value column_of(const Call& call, Value table, Name name, Reader reader) {
  const Container whole = call.values().container(table);
  for (std::size_t i = 0; i < whole.keys.size(); ++i) {
    if (name && string_of(call.world(), whole.keys[i]) == name) return whole.items[i];
  }
  std::uint8_t flags = whole.is_filtered ? flag::part : std::uint8_t{0};
  if (reader == Reader::fold) flags |= flag::by_table;
  const Value found =
      name ? cell(call.interpreter, whole.element, name, call.site, flags) : Value{};
  if (!found && !name) call.interpreter.escape(table, call.site);
  Container column;
  column.kind = ContainerKind::column;
  column.is_filtered = whole.is_filtered;
  column.source = whole.source;
  column.element = found ? found : call.interpreter.unknown();
  return call.values().make(column);
}

Value computed(const Call& call) {
  Container column = call.data();
  column.kind = ContainerKind::column;
  column.items = column.keys = {};
  const Value row = column.element ? call.interpreter.row_behind(column.element) : Value{};
  column.element = row ? call.values().make(Scalar{row, {}}) : call.interpreter.unknown();
  return call.values().make(column);
}

Value part_of(const Call& call, Value whole) {
  Container part = call.values().container(whole);
  part.is_filtered = true;
  return call.values().make(part);
}

Value renamed(const Call& call) {
  Container table = call.data();
  table.element = call.interpreter.unknown();
  table.items = table.keys = {};
  return call.values().make(table);
}

void fold(const Call& call, FoldKind kind, Name member, Value detail, std::uint8_t flags) {
  const Container whole = call.data();
  if (!whole.source) return;
  if (whole.is_filtered) flags |= flag::part;
  call.interpreter.fold(kind, whole.source, member, detail, call.site, flags | flag::by_table);
}

Value filtered(const Call& call, Value mask) {
  const Container condition = call.values().container(mask);
  if (condition.source && condition.source == call.data().source) {
    Container all;
    all.kind = ContainerKind::tuple;
    all.items = {&condition.element, 1};
    fold(call, FoldKind::filter, {}, call.values().make(all));
  }
  return part_of(call, call.self);
}

Value sliced(const Call& call) {
  fold(call, FoldKind::slice, {}, {});
  return part_of(call, call.self);
}

}  // namespace querylint::frameworks::pandas
