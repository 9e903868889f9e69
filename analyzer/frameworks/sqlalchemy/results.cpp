// Results: what a statement that has run gives.
#include <algorithm>
#include <array>
#include <optional>

#include "analyzer/frameworks/sqlalchemy/queries.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;

namespace {

enum class Ending : std::uint8_t { same, scalars, list, next, one, scalar, dicts };

constexpr std::array<std::pair<std::string_view, Ending>, 20> endings = {{
    {"unique", Ending::same},
    {"yield_per", Ending::same},
    {"tuples", Ending::same},
    {"columns", Ending::same},
    {"partitions", Ending::same},
    {"freeze", Ending::same},
    {"scalars", Ending::scalars},
    {"mappings", Ending::dicts},
    {"all", Ending::list},
    {"fetchall", Ending::list},
    {"fetchmany", Ending::list},
    {"to_list", Ending::list},
    {"first", Ending::one},
    {"one", Ending::one},
    {"one_or_none", Ending::one},
    {"fetchone", Ending::next},
    {"scalar", Ending::scalar},
    {"scalar_one", Ending::scalar},
    {"scalar_one_or_none", Ending::scalar},
    {"rowcount", Ending::same},
}};

std::optional<Ending> ending_named(std::string_view name) {
  for (const auto& [known, ending] : endings) {
    if (known == name) return ending;
  }
  return std::nullopt;
}

/// The first column of what a statement gives for each row.
Value first_of(Interpreter& interpreter, Value element) {
  if (!interpreter.values().is(element, ValueKind::container)) return element;
  const Container tuple = interpreter.values().container(element);
  return tuple.items.empty() ? interpreter.unknown() : tuple.items.front();
}

}  // namespace

bool is_result_method(std::string_view name) { return ending_named(name).has_value(); }

bool is_result(Interpreter& interpreter, Value value) {
  if (!interpreter.values().is(value, ValueKind::container)) return false;
  const Container container = interpreter.values().container(value);
  return container.kind == ContainerKind::generator &&
         interpreter.values().is(container.source, ValueKind::query) &&
         is_of(interpreter, container.source, schema::Orm::sqlalchemy);
}

Value result_of(Interpreter& interpreter, Value query) {
  const Value found = interpreter.element_of_query(query, interpreter.nest());
  Container tuple;
  tuple.kind = ContainerKind::tuple;
  tuple.items = {&found, 1};
  const bool is_whole = interpreter.values().query(query).shape == Shape::rows;
  Container result;
  result.kind = ContainerKind::generator;
  result.element = is_whole ? interpreter.values().make(tuple) : found;
  result.source = query;
  return interpreter.values().make(result);
}

Value call_result(Interpreter& interpreter, Value result, std::string_view name, Site) {
  const auto ending = ending_named(name);
  if (!ending || !is_result(interpreter, result)) return {};
  Container container = interpreter.values().container(result);
  const Value element = container.element ? container.element : interpreter.unknown();
  switch (*ending) {
    case Ending::same:
      return result;
    case Ending::scalars:
      container.element = first_of(interpreter, element);
      return interpreter.values().make(container);
    case Ending::dicts:
      container.element = interpreter.unknown();
      return interpreter.values().make(container);
    case Ending::list:
      container.kind = ContainerKind::list;
      return interpreter.values().make(container);
    case Ending::next:
      return element;
    case Ending::one:
      interpreter.only_one_of(container.source);
      return element;
    case Ending::scalar:
      interpreter.only_one_of(container.source);
      return first_of(interpreter, element);
  }
  return {};
}

}  // namespace querylint::frameworks::sqlalchemy
