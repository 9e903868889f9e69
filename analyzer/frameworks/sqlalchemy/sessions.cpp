// Sessions: what runs statements and writes objects.
#include <algorithm>
#include <array>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/sqlalchemy/queries.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;

namespace {

struct SessionCall {
  Interpreter& interpreter;
  Value session;
  Arguments& arguments;
  Site site;

  Value first() const {
    return arguments.positional.empty() ? Value{} : arguments.positional.front();
  }
  bool is_sure() const { return is_session(interpreter, session); }
};

using SessionMethod = Value (*)(const SessionCall&);

/// The query as this session runs it.
Value run_here(const SessionCall& call, Value query, Cause cause) {
  Value asked = query;
  if (is_async_session(call.interpreter, call.session)) {
    Arguments none;
    Step step;
    step.kind = StepKind::awaited;
    asked = refined({call.interpreter, query, none, call.site}, step);
  }
  run(call.interpreter, asked, cause, call.site);
  return asked;
}

bool is_query(const SessionCall& call, Value value) {
  return call.interpreter.values().is(value, ValueKind::query) &&
         !is_of_another(call.interpreter, value, schema::Orm::sqlalchemy);
}

bool is_row(const SessionCall& call, Value value) {
  return call.interpreter.values().is(value, ValueKind::row) &&
         is_of(call.interpreter, value, schema::Orm::sqlalchemy);
}

Value query(const SessionCall& call) {
  return query_of(call.interpreter, call.arguments, call.site);
}

/// `insert(Book).values(title="x")`, `update(Book).where(...)`, `delete(Book)`.
Value execute_write(const SessionCall& call, std::string_view kind) {
  const Term write = call.interpreter.values().term(call.first());
  const Value table = write.arguments.empty() ? Value{} : write.arguments.front().second;
  EntityId entity = entity_behind(call.interpreter, table);
  if (!entity) entity = call.interpreter.schema().unknown;
  const Values& values = call.interpreter.values();
  const Value given = call.arguments.positional.size() > 1 ? call.arguments.positional[1] : Value{};
  const bool has_many = given && !(values.is(given, ValueKind::container) &&
                                   values.container(given).kind == ContainerKind::dict);
  Cause cause = Cause::bulk_written;
  if (kind == "delete") cause = Cause::bulk_deleted;
  if (kind == "insert" && !has_many) {
    const Value row = created_row(call.interpreter, entity, {}, call.site);
    call.interpreter.execution(Cause::inserted, row, call.site, call.interpreter.nest());
    return call.interpreter.unknown();
  }
  const Value rows = entity == call.interpreter.schema().unknown
                         ? given_query(call.interpreter, entity, Certainty::annotated, call.site)
                         : all_rows(call.interpreter, entity, {}, call.site);
  call.interpreter.execution(cause, rows, call.site, call.interpreter.nest());
  return call.interpreter.unknown();
}

Value execute(const SessionCall& call) {
  const std::string_view made = callee_of(call.interpreter, call.first());
  if (made.starts_with(callee::write))
    return execute_write(call, made.substr(callee::write.size()));
  if (!is_query(call, call.first())) {  // SQL in a string, or what nobody knows: it may write
    if (!call.is_sure()) return {};
    call.interpreter.execution(Cause::raw, call.session, call.site, call.interpreter.nest());
    call.interpreter.escape_all(call.arguments, call.site);
    return call.interpreter.unknown();
  }
  return result_of(call.interpreter, run_here(call, call.first(), Cause::iterated));
}

Value scalars(const SessionCall& call) {
  const Value result = execute(call);
  if (!result || !is_result(call.interpreter, result)) return result;
  return call_result(call.interpreter, result, "scalars", call.site);
}

/// Rows that the server keeps until they are asked for.
Value stream(const SessionCall& call) {
  if (!is_query(call, call.first())) return execute(call);
  Step step;
  step.kind = StepKind::stream;
  Arguments none;
  const Value streamed = refined({call.interpreter, call.first(), none, call.site}, step);
  return result_of(call.interpreter, run_here(call, streamed, Cause::iterated));
}

Value stream_scalars(const SessionCall& call) {
  const Value result = stream(call);
  if (!result || !is_result(call.interpreter, result)) return result;
  return call_result(call.interpreter, result, "scalars", call.site);
}

Value scalar(const SessionCall& call) {
  if (!is_query(call, call.first())) return execute(call);
  const Value result = result_of(call.interpreter, run_here(call, call.first(), Cause::fetched));
  return call_result(call.interpreter, result, "scalar", call.site);
}

/// By the key: the session may have the row already, and then asks nobody.
Value get(const SessionCall& call) {
  const EntityId entity = entity_behind(call.interpreter, call.first());
  if (!entity) return {};
  const Value all = all_rows(call.interpreter, entity, {}, call.site);
  Arguments key;
  const schema::Column* primary = call.interpreter.schema().entity(entity).primary_key();
  if (primary != nullptr && call.arguments.positional.size() > 1)
    key.keywords.emplace_back(primary->name, call.arguments.positional[1]);
  Step step;
  step.kind = StepKind::filter;
  step.arguments = key.keywords;
  Value found = refined({call.interpreter, all, key, call.site}, step);
  for (const auto& [label, value] : call.arguments.keywords) {
    if (call.interpreter.world().text(label) == "options")
      found = with_option({call.interpreter, found, call.arguments, call.site}, found, value);
  }
  found = run_here(call, found, Cause::fetched);
  return call.interpreter.element_of_query(found, call.interpreter.nest());
}

/// It is written when the session is flushed, however many there are.
Value add(const SessionCall& call) {
  if (!call.is_sure() && !is_row(call, call.first())) return {};
  call.interpreter.escape_all(call.arguments, call.site);
  return call.interpreter.unknown();
}

/// The row of that key is looked for, unless the session has it.
Value merge(const SessionCall& call) {
  if (!is_row(call, call.first())) return {};
  call.interpreter.execution(Cause::refreshed, call.first(), call.site, call.interpreter.nest());
  return call.first();
}

Value refresh(const SessionCall& call) {
  if (!is_row(call, call.first())) return {};
  call.interpreter.execution(Cause::refreshed, call.first(), call.site, call.interpreter.nest());
  if (call.arguments.positional.size() < 2 ||
      !call.interpreter.values().is(call.arguments.positional[1], ValueKind::container)) {
    return call.interpreter.unknown();
  }
  // What it names is loaded from now on.
  Value row = call.first();
  World& world = call.interpreter.world();
  for (const Value name : world.values.container(call.arguments.positional[1]).items) {
    const Name attribute = string_of(world, name);
    if (attribute) row = with_attribute(world, row, attribute, call.interpreter.unknown());
  }
  call.arguments.positional[0] = row;
  return call.interpreter.unknown();
}

Value send(const SessionCall& call, Cause cause) {
  if (!call.is_sure()) return {};
  call.interpreter.execution(cause, call.session, call.site, call.interpreter.nest());
  return call.interpreter.unknown();
}

Value flush(const SessionCall& call) { return send(call, Cause::flushed); }
Value commit(const SessionCall& call) { return send(call, Cause::committed); }
Value end(const SessionCall& call) { return send(call, Cause::ended); }

/// A savepoint: it flushes, and is two statements more.
Value begin_nested(const SessionCall& call) {
  if (!call.is_sure()) return {};
  send(call, Cause::flushed);
  return call.session;
}

Value bulk(const SessionCall& call) {
  const EntityId entity = entity_behind(call.interpreter, call.first());
  if (!call.is_sure() && !entity) return {};
  const EntityId written = entity ? entity : call.interpreter.schema().unknown;
  const Value rows = entity
                         ? all_rows(call.interpreter, written, {}, call.site)
                         : given_query(call.interpreter, written, Certainty::annotated, call.site);
  call.interpreter.execution(Cause::bulk_written, rows, call.site, call.interpreter.nest());
  call.interpreter.escape_all(call.arguments, call.site);
  return call.interpreter.unknown();
}

/// What neither reads nor writes rows by itself.
Value quiet(const SessionCall& call) {
  if (!call.is_sure()) return {};
  return call.interpreter.unknown();
}

/// `await session.run_sync(f)` calls `f` with an ordinary session.
Value run_sync(const SessionCall& call) {
  if (!call.is_sure() || !call.first()) return {};
  Arguments inner;
  inner.positional = {session_value(call.interpreter)};
  inner.positional.insert(inner.positional.end(), call.arguments.positional.begin() + 1,
                          call.arguments.positional.end());
  return call.interpreter.call(call.first(), inner, call.site);
}

Value itself(const SessionCall& call) { return call.is_sure() ? call.session : Value{}; }

constexpr std::array<std::pair<std::string_view, SessionMethod>, 34> methods = {{
    {"query", query},
    {"execute", execute},
    {"exec", scalars},  // SQLModel's
    {"stream", stream},
    {"scalars", scalars},
    {"stream_scalars", stream_scalars},
    {"scalar", scalar},
    {"get", get},
    {"get_one", get},
    {"get_or_404", get},
    {"add", add},
    {"add_all", add},
    {"delete", add},
    {"merge", merge},
    {"refresh", refresh},
    {"flush", flush},
    {"commit", commit},
    {"begin_nested", begin_nested},
    {"bulk_save_objects", bulk},
    {"bulk_insert_mappings", bulk},
    {"bulk_update_mappings", bulk},
    {"run_sync", run_sync},
    {"begin", itself},
    {"no_autoflush", itself},
    {"connection", itself},
    {"rollback", end},
    {"close", end},
    {"expire", quiet},
    {"expire_all", quiet},
    {"expunge", quiet},
    {"expunge_all", quiet},
    {"remove", end},
    {"__enter__", itself},
    {"__aenter__", itself},
}};

}  // namespace

Value call_session(Interpreter& interpreter, Value session, std::string_view name,
                   Arguments& arguments, Site site) {
  const auto* found =
      std::ranges::find(methods, name, [](const auto& entry) { return entry.first; });
  if (found == methods.end()) return {};
  return found->second({interpreter, session, arguments, site});
}

}  // namespace querylint::frameworks::sqlalchemy
