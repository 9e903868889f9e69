// What statements read from: the tables that columns and conditions name, and what compares them.
#include <algorithm>
#include <array>

#include "analyzer/frameworks/sqlalchemy/queries.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;

namespace {

constexpr int deepest = 6;  // of conditions in conditions

/// Conditions that ask inside a subquery: tables that are named there are of its own statement.
constexpr std::array<std::string_view, 5> inner = {"exists", "subquery", "part", "any", "has"};
/// What is called of such a one, and gives another.
constexpr std::array<std::string_view, 7> refining = {
    "where", "filter", "select_from", "correlate", "correlate_except", "label", "scalar_subquery"};
/// Text of SQL, which may name any table.
constexpr std::array<std::string_view, 3> untold = {"text", "literal_column", "bindparam"};

/// The tables that an expression names.
struct Tables {
  std::vector<Value> named;
  bool may_be_more = false;

  void add(Value table) {
    if (std::ranges::find(named, table) == named.end()) named.push_back(table);
  }
};

std::string_view kind_of(Interpreter& interpreter, Value value) {
  const std::string_view made = callee_of(interpreter, value);
  return made.starts_with(callee::condition) ? made.substr(callee::condition.size())
                                             : std::string_view();
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& kinds, std::string_view kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

Value first_argument(Interpreter& interpreter, Value term) {
  const Attributes arguments = interpreter.values().term(term).arguments;
  return arguments.empty() ? Value{} : arguments.front().second;
}

Value class_of_entity(Interpreter& interpreter, EntityId entity) {
  return interpreter.values().make(ClassValue{interpreter.schema().entity(entity).class_, entity});
}

/// What stands for a table in its own right: a class, an alias, a table, a subquery; nothing for
/// anything else. An alias of a subquery is that one, since its columns may be asked for as well.
Value table_behind(Interpreter& interpreter, Value value) {
  if (interpreter.values().is(value, ValueKind::class_)) {
    const EntityId entity = entity_behind(interpreter, value);
    return entity ? class_of_entity(interpreter, entity) : Value{};
  }
  const std::string_view made = callee_of(interpreter, value);
  if (made == callee::alias) {
    const Attributes of = interpreter.values().term(value).arguments;
    const Value inside = of.size() > 1 ? table_behind(interpreter, of[1].second) : Value{};
    return inside ? inside : value;
  }
  if (made == callee::table) {
    const Value of_class = table_behind(interpreter, first_argument(interpreter, value));
    return of_class ? of_class : value;
  }
  return kind_of(interpreter, value) == "subquery" ? value : Value{};
}

/// Whether a condition is made of `exists()`, as `exists().where(...)` is.
bool is_inner(Interpreter& interpreter, Value value, int depth = 0) {
  const std::string_view kind = kind_of(interpreter, value);
  if (is_one_of(inner, kind)) return true;
  return is_one_of(refining, kind) && depth < deepest &&
         is_inner(interpreter, first_argument(interpreter, value), depth + 1);
}

void add_tables(Interpreter& interpreter, Value value, Tables& tables, int depth = 0) {
  Values& values = interpreter.values();
  if (!value) return;
  if (depth > deepest) {
    tables.may_be_more = true;
    return;
  }
  const std::string_view made = callee_of(interpreter, value);
  const std::string_view kind = kind_of(interpreter, value);
  if (made == callee::attribute) {
    add_tables(interpreter, first_argument(interpreter, value), tables, depth + 1);
  } else if (kind == "column") {
    const Value table = table_behind(interpreter, first_argument(interpreter, value));
    if (table) tables.add(table);
    tables.may_be_more = tables.may_be_more || !table;
  } else if (kind == "any" || kind == "has") {  // of the attribute's own table
    add_tables(interpreter, first_argument(interpreter, value), tables, depth + 1);
  } else if (is_one_of(untold, kind)) {
    tables.may_be_more = true;
  } else if (is_inner(interpreter, value)) {
    return;
  } else if (const Value table = table_behind(interpreter, value)) {
    tables.add(table);
  } else if (values.is(value, ValueKind::term)) {
    for (const auto& [label, part] : values.term(value).arguments)
      add_tables(interpreter, part, tables, depth + 1);
  } else if (values.is(value, ValueKind::container)) {
    const Container container = values.container(value);
    for (const Value item : container.items) add_tables(interpreter, item, tables, depth + 1);
    add_tables(interpreter, container.element, tables, depth + 1);
  } else if (values.is(value, ValueKind::either)) {
    tables.may_be_more = true;
  }
}

/// The table that a relation leads to, as its condition or `join()` means it.
Value target_of(Interpreter& interpreter, Value attribute) {
  const Attributes parts = interpreter.values().term(attribute).arguments;
  if (parts.size() > 2) return table_behind(interpreter, parts[2].second);
  const EntityId owner = entity_behind(interpreter, attribute);
  const Name name = attribute_name(interpreter, attribute);
  const schema::Relation* relation = interpreter.schema().entity(owner).relation(name);
  const bool is_known = relation != nullptr && relation->target;
  return is_known ? class_of_entity(interpreter, relation->target) : Value{};
}

bool is_relation(Interpreter& interpreter, Value value) {
  const Name name = attribute_name(interpreter, value);
  const EntityId owner = name ? entity_behind(interpreter, value) : EntityId{};
  return owner && interpreter.schema().entity(owner).relation(name) != nullptr;
}

std::vector<std::pair<Name, Value>> as_arguments(const Tables& tables) {
  std::vector<std::pair<Name, Value>> arguments;
  for (const Value table : tables.named) arguments.emplace_back(Name{}, table);
  if (tables.may_be_more) arguments.emplace_back(Name{}, Value{});
  return arguments;
}

Value with_step(const QueryCall& call, Value query, StepKind kind,
                const std::vector<std::pair<Name, Value>>& arguments) {
  Arguments none;
  Step step;
  step.kind = kind;
  step.arguments = arguments;
  return refined({call.interpreter, query, none, call.site}, step);
}

/// The tables of one condition that has no other conditions beside it.
Tables tables_of_condition(Interpreter& interpreter, Value condition) {
  Tables tables;
  add_tables(interpreter, condition, tables);
  if (is_relation(interpreter, condition)) tables.add(target_of(interpreter, condition));
  const bool is_nobodys = interpreter.values().is_unknown(condition) ||
                          interpreter.values().is(condition, ValueKind::either);
  tables.may_be_more = tables.may_be_more || is_nobodys;
  return tables;
}

Value with_condition(const QueryCall& call, Value query, Value condition, int depth) {
  Interpreter& interpreter = call.interpreter;
  if (kind_of(interpreter, condition) == "and" && depth < deepest) {
    for (const auto& [label, part] : interpreter.values().term(condition).arguments)
      query = with_condition(call, query, part, depth + 1);
    return query;
  }
  const Tables tables = tables_of_condition(interpreter, condition);
  if (tables.may_be_more || tables.named.size() > 1)
    return with_step(call, query, StepKind::link, as_arguments(tables));
  const EntityId own = call.data().entity;
  const bool is_own =
      tables.named.empty() || tables.named.front() == class_of_entity(interpreter, own);
  return is_own ? query : with_step(call, query, StepKind::table, as_arguments(tables));
}

void add_joined(Interpreter& interpreter, Value query, Value argument, Tables& tables) {
  Values& values = interpreter.values();
  if (const Name name = string_of(interpreter.world(), argument)) {
    const EntityId entity = values.query(query).entity;
    const schema::Relation* relation = interpreter.schema().entity(entity).relation(name);
    const bool is_known = relation != nullptr && relation->target;
    if (is_known) tables.add(class_of_entity(interpreter, relation->target));
    tables.may_be_more = tables.may_be_more || !is_known;
  } else if (const Value table = table_behind(interpreter, argument)) {
    tables.add(table);
  } else if (is_relation(interpreter, argument)) {
    add_tables(interpreter, argument, tables);
    const Value target = target_of(interpreter, argument);
    if (target) tables.add(target);
    tables.may_be_more = tables.may_be_more || !target;
  } else if (values.is(argument, ValueKind::container)) {
    for (const Value item : values.container(argument).items)
      add_joined(interpreter, query, item, tables);
  } else if (is_expression(interpreter, argument)) {
    add_tables(interpreter, argument, tables);
  } else if (!values.is(argument, ValueKind::constant)) {
    tables.may_be_more = true;
  }
}

}  // namespace

Value with_tables(const QueryCall& call, std::span<const Value> columns) {
  Tables tables;
  for (const Value column : columns) {
    const Value table = table_behind(call.interpreter, column);
    if (table) tables.add(table);
    if (!table) add_tables(call.interpreter, column, tables);
    const bool is_nobodys = call.interpreter.values().is_unknown(column);
    tables.may_be_more = tables.may_be_more || is_nobodys;
  }
  const Value own = class_of_entity(call.interpreter, call.data().entity);
  const bool is_own = std::ranges::all_of(tables.named, [&](Value table) { return table == own; });
  if (is_own && !tables.may_be_more) return call.query;
  return with_step(call, call.query, StepKind::table, as_arguments(tables));
}

Value with_links(const QueryCall& call) {
  Value query = call.query;
  for (const Value condition : call.arguments.positional)
    query = with_condition(call, query, condition, 0);
  return call.arguments.is_open ? with_unknown_table(call) : query;
}

Value with_unknown_table(const QueryCall& call) {
  return with_step(call, call.query, StepKind::link, {{Name{}, Value{}}});
}

std::vector<std::pair<Name, Value>> joined_tables(Interpreter& interpreter, Value query,
                                                  const Arguments& arguments) {
  Tables tables;
  for (const Value argument : arguments.positional)
    add_joined(interpreter, query, argument, tables);
  tables.may_be_more = tables.may_be_more || arguments.is_open;
  return as_arguments(tables);
}

}  // namespace querylint::frameworks::sqlalchemy
