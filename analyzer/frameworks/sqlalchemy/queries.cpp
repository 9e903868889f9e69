#include "analyzer/frameworks/sqlalchemy/queries.h"

#include <algorithm>
#include <array>

#include "analyzer/flow/loading.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;

namespace {

Value refine_by(const QueryCall& call, StepKind kind,
                const std::vector<std::pair<Name, Value>>& arguments) {
  Step step;
  step.kind = kind;
  step.arguments = arguments;
  return refined(call, step);
}

Value refine(const QueryCall& call, StepKind kind) {
  return refine_by(call, kind, call.arguments.all());
}

Value filter(const QueryCall& call) {
  const Value linked = with_links(call);
  return refine_by({call.interpreter, linked, call.arguments, call.site}, StepKind::filter,
                   as_lookups(call.interpreter, call.data().entity, call.arguments));
}

Value order_by(const QueryCall& call) { return refine(call, StepKind::order); }
Value distinct(const QueryCall& call) { return refine(call, StepKind::distinct); }
Value combine(const QueryCall& call) { return refine(call, StepKind::combined); }

/// From a row on, up to another one; nothing where it is not said.
Value sliced(const QueryCall& call, Value begin, Value end) {
  return refine_by(call, StepKind::slice, {{Name{}, begin}, {Name{}, end}});
}

Value slice(const QueryCall& call) {
  const std::vector<Value>& bounds = call.arguments.positional;
  if (bounds.size() != 2) return refine(call, StepKind::slice);
  return sliced(call, bounds[0], bounds[1]);
}

Value limit(const QueryCall& call) {
  return call.arguments.positional.empty() ? slice(call)
                                           : sliced(call, {}, call.arguments.positional.front());
}

Value offset(const QueryCall& call) {
  return call.arguments.positional.empty() ? slice(call)
                                           : sliced(call, call.arguments.positional.front(), {});
}

Value lock(const QueryCall& call) { return refine(call, StepKind::lock); }
Value other(const QueryCall& call) { return refine(call, StepKind::other); }
Value stream(const QueryCall& call) { return refine(call, StepKind::stream); }
Value same(const QueryCall& call) { return call.query; }

/// Grouped rows are one for each group: what they are of is the group.
Value group_by(const QueryCall& call) { return refine(call, StepKind::annotate); }

/// The tables, and the condition that follows them.
Value join(const QueryCall& call) {
  const Value joined =
      refine_by(call, StepKind::join, joined_tables(call.interpreter, call.query, call.arguments));
  Arguments conditions;
  for (const Value argument : call.arguments.positional) {
    if (callee_of(call.interpreter, argument).starts_with(callee::condition))
      conditions.positional.push_back(argument);
  }
  if (conditions.positional.empty()) return joined;
  return refine_by({call.interpreter, joined, call.arguments, call.site}, StepKind::match,
                   as_lookups(call.interpreter, call.data().entity, conditions));
}

/// `select(func.count()).select_from(Book)`.
Value select_from(const QueryCall& call) {
  if (call.arguments.positional.empty()) return call.query;
  const EntityId entity = entity_behind(call.interpreter, call.arguments.positional.front());
  Query query = call.data();
  if (!entity || query.certainty != Certainty::guessed) return join(call);
  Step asked = call.world().plans.step(query.last);
  const Value all = all_rows(call.interpreter, entity, {}, call.site);
  const Shape shape = query.shape;
  query = call.interpreter.values().query(
      refined({call.interpreter, all, call.arguments, call.site}, asked));
  query.shape = shape;
  return call.interpreter.values().make(query);
}

Value options(const QueryCall& call) {
  Value query = call.query;
  for (const Value option : call.arguments.positional) query = with_option(call, query, option);
  return query;
}

/// Other columns than those that it was made with.
Value with_entities(const QueryCall& call) {
  const Value asked = query_of(call.interpreter, call.arguments, call.site);
  const QueryCall anew{call.interpreter, with_unknown_table(call), call.arguments, call.site};
  Step step;
  step.kind = StepKind::project;
  const auto all = call.arguments.all();
  step.arguments = all;
  if (asked) {
    const Step& last = call.world().plans.step(call.interpreter.values().query(asked).last);
    if (last.kind == StepKind::project) step.arguments = last.arguments;
  }
  const std::vector<std::pair<Name, Value>> columns(step.arguments.begin(), step.arguments.end());
  step.arguments = columns;
  Query query = call.interpreter.values().query(refined(anew, step));
  query.shape = Shape::tuples;
  return call.interpreter.values().make(query);
}

Value add_columns(const QueryCall& call) {
  const Value asked = with_tables(call, call.arguments.positional);
  Query query = call.interpreter.values().query(
      refine({call.interpreter, asked, call.arguments, call.site}, StepKind::project));
  query.shape = Shape::tuples;
  return call.interpreter.values().make(query);
}

// What runs

Value all(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::iterated, call.site);
  return rows_of(call.interpreter, call.query);
}

Value fetch(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::fetched, call.site);
  return call.interpreter.element_of_query(call.query, call.interpreter.nest());
}

/// `query.get(key)`: by the key, which the session may have already.
Value get(const QueryCall& call) {
  const Value narrowed = refine_by(
      call, StepKind::filter, as_lookups(call.interpreter, call.data().entity, call.arguments));
  return fetch({call.interpreter, narrowed, call.arguments, call.site});
}

/// The first column of the first row.
Value scalar(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::fetched, call.site);
  const Value row = call.interpreter.element_of_query(call.query, call.interpreter.nest());
  if (!call.interpreter.values().is(row, ValueKind::container)) return row;
  const Container tuple = call.interpreter.values().container(row);
  return tuple.items.empty() ? call.interpreter.unknown() : tuple.items.front();
}

Value count(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::counted, call.site);
  return call.interpreter.measured(call.world().counted, call.query);
}

Value update(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::bulk_written, call.site);
  return call.interpreter.unknown();
}

Value delete_all(const QueryCall& call) {
  run(call.interpreter, call.query, Cause::bulk_deleted, call.site);
  return call.interpreter.unknown();
}

/// A part of another statement: nothing runs.
Value part_called(const QueryCall& call, std::string_view name) {
  Arguments inner;
  inner.positional = {call.query};
  return condition(call.interpreter, name, inner);
}

/// A value of it, or a condition.
Value as_part(const QueryCall& call) { return part_called(call, "part"); }
/// A table of it.
Value as_table(const QueryCall& call) { return part_called(call, "subquery"); }

/// Flask-SQLAlchemy's page: it loads some rows. That it counts all of them nobody can help.
Value paginate(const QueryCall& call) {
  const Value part = slice(call);
  run(call.interpreter, part, Cause::iterated, call.site);
  Arguments page;
  page.positional = {part};
  return make_term(call.interpreter, callee::page, "", page);
}

constexpr std::array<std::pair<std::string_view, QueryMethod>, 78> methods = {{
    {"filter", filter},
    {"filter_by", filter},
    {"where", filter},
    {"having", other},
    {"order_by", order_by},
    {"group_by", group_by},
    {"distinct", distinct},
    {"limit", limit},
    {"offset", offset},
    {"slice", slice},
    {"fetch", limit},
    {"join", join},
    {"outerjoin", join},
    {"join_from", join},
    {"outerjoin_from", join},
    {"select_from", select_from},
    {"union", combine},
    {"union_all", combine},
    {"intersect", combine},
    {"except_", combine},
    {"with_for_update", lock},
    {"with_hint", other},
    {"prefix_with", other},
    {"suffix_with", other},
    {"params", other},
    {"from_self", other},
    {"from_statement", other},
    {"correlate", other},
    {"correlate_except", other},
    {"execution_options", same},
    {"populate_existing", same},
    {"enable_eagerloads", same},
    {"enable_assertions", same},
    {"autoflush", same},
    {"with_session", same},
    {"reset_joinpoint", same},
    {"with_labels", same},
    {"set_label_style", same},
    {"add_criteria", other},
    {"options", options},
    {"with_entities", with_entities},
    {"with_only_columns", with_entities},
    {"add_columns", add_columns},
    {"add_column", add_columns},
    {"add_entity", add_columns},
    {"yield_per", stream},
    {"all", all},
    {"get", get},
    {"get_or_404", get},
    {"first", fetch},
    {"first_or_404", fetch},
    {"one", fetch},
    {"one_or_none", fetch},
    {"one_or_404", fetch},
    {"scalar", scalar},
    {"scalar_one", scalar},
    {"count", count},
    {"update", update},
    {"delete", delete_all},
    {"paginate", paginate},
    {"exists", as_part},
    {"subquery", as_table},
    {"cte", as_table},
    {"alias", as_table},
    {"scalar_subquery", as_part},
    {"as_scalar", as_part},
    {"label", as_part},
    {"in_", as_part},
    {"compile", as_part},
    {"execute", all},
    {"iter_rows", all},
    {"append", same},
    {"remove", same},
    {"extend", same},
    {"add", same},
    {"add_all", same},
    {"select", same},
    {"__iter__", all},
}};

}  // namespace

std::span<const std::pair<std::string_view, QueryMethod>> query_methods() { return methods; }

Value refined(const QueryCall& call, Step step) {
  Query query = call.data();
  step.previous = query.last;
  step.site = call.site;
  query.last = call.world().plans.add(step);
  query.born = call.interpreter.nest();
  const Value result = call.interpreter.values().make(query);
  const bool is_told = step.kind == StepKind::annotate || step.kind == StepKind::distinct ||
                       step.kind == StepKind::combined || step.kind == StepKind::join ||
                       step.kind == StepKind::filter || step.kind == StepKind::match ||
                       step.kind == StepKind::slice || step.kind == StepKind::order ||
                       step.kind == StepKind::other;
  if (is_told) call.interpreter.step(step.kind, result, call.site);
  if (step.kind == StepKind::filter) {
    for (const auto& [label, argument] : step.arguments)
      use_keys(call.interpreter, argument, call.site);
  }
  return result;
}

Value query_of(Interpreter& interpreter, const Arguments& columns, Site site) {
  World& world = interpreter.world();
  std::vector<Value> asked;
  for (const Value column : columns.positional) {
    const bool is_list = world.values.is(column, ValueKind::container);  // select([Book.id]), 1.3
    if (!is_list) asked.push_back(column);
    if (is_list) {
      const Container list = world.values.container(column);
      asked.insert(asked.end(), list.items.begin(), list.items.end());
    }
  }
  EntityId entity;
  bool is_aggregate = !asked.empty();
  std::vector<std::pair<Name, Value>> projected;
  for (const Value column : asked) {
    Value inner = column;
    const bool is_function = callee_of(interpreter, column).starts_with(callee::function);
    if (is_function && !world.values.term(column).arguments.empty())
      inner = world.values.term(column).arguments.front().second;
    const EntityId found = entity_behind(interpreter, inner);
    if (!entity) entity = found;
    is_aggregate = is_aggregate && is_function;
    const Name name = attribute_name(interpreter, column);
    const bool is_own =
        name && found == entity && world.schema.entity(entity).column(name) != nullptr;
    projected.emplace_back(
        Name{}, is_own ? world.values.make(Constant{ir::ConstantKind::string, name}) : column);
  }
  if (!entity && !is_aggregate) return {};
  const bool is_whole = asked.size() == 1 && entity && !is_aggregate &&
                        !attribute_name(interpreter, asked.front()) &&
                        entity_behind(interpreter, asked.front());
  const Value all = entity
                        ? all_rows(interpreter, entity, {}, site)
                        : given_query(interpreter, world.schema.unknown, Certainty::guessed, site);
  Arguments none;
  Value tables = with_tables({interpreter, all, none, site}, asked);
  if (columns.is_open) tables = with_unknown_table({interpreter, tables, none, site});
  if (is_whole) return tables;
  Step step;
  step.kind = StepKind::project;
  step.arguments = projected;
  Query query = world.values.query(refined({interpreter, tables, none, site}, step));
  query.shape = Shape::tuples;
  return world.values.make(query);
}

Cause cause_of(Interpreter& interpreter, Value query, Cause cause) {
  const World& world = interpreter.world();
  const StepId last = world.values.query(query).last;
  if (world.plans.has(last, StepKind::annotate)) return cause;
  for (StepId id = last; id; id = world.plans.step(id).previous) {
    const Step& step = world.plans.step(id);
    if (step.kind != StepKind::project) continue;
    bool counts = !step.arguments.empty();
    for (const auto& [label, column] : step.arguments) {
      const std::string_view made = callee_of(interpreter, column);
      if (!made.starts_with(callee::function)) return cause;
      counts = counts && made.ends_with(".count");
    }
    return counts ? Cause::counted : Cause::aggregated;
  }
  return cause;
}

void run(Interpreter& interpreter, Value query, Cause cause, Site site) {
  const Step& root = root_of(interpreter.world(), query);
  if (root.kind == StepKind::related)
    interpreter.use(root.arguments.front().second, interpreter.world().plans.last(root.path), site);
  interpreter.execution(cause_of(interpreter, query, cause), query, site, interpreter.nest());
}

Value rows_of(Interpreter& interpreter, Value query) {
  Container rows;
  rows.element = interpreter.element_of_query(query, interpreter.nest());
  rows.source = query;
  return interpreter.values().make(rows);
}

Value indexed(Interpreter& interpreter, Value query, Value key, Site site) {
  World& world = interpreter.world();
  const bool is_slice =
      world.values.is(key, ValueKind::term) && world.values.term(key).callee == world.slice;
  const std::pair<Name, Value> position{Name{}, key};
  Step step;
  step.kind = StepKind::slice;
  step.arguments = {&position, 1};
  if (is_slice) step.arguments = world.values.term(key).arguments;
  Arguments none;
  const Value part = refined({interpreter, query, none, site}, step);
  run(interpreter, part, is_slice ? Cause::iterated : Cause::fetched, site);
  return is_slice ? rows_of(interpreter, part)
                  : interpreter.element_of_query(part, interpreter.nest());
}

Value related_query(Interpreter& interpreter, const Manager& related, Site site) {
  World& world = interpreter.world();
  const Row row = world.values.row(related.row);
  const schema::Relation* relation =
      interpreter.schema().entity(row.entity).relation(related.relation);
  const std::pair<Name, Value> owner{{}, related.row};
  Step step;
  step.kind = StepKind::related;
  step.path = world.plans.extend({}, relation != nullptr ? relation->lookup : related.relation);
  step.site = site;
  step.arguments = {&owner, 1};
  Query query;
  query.entity = related.entity;
  query.certainty = related.certainty;
  query.last = world.plans.add(step);
  query.born = interpreter.nest();
  return world.values.make(query);
}

}  // namespace querylint::frameworks::sqlalchemy
