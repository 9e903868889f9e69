#include "analyzer/frameworks/sqlalchemy/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;
using ir::Operator;

namespace {

/// Operators and methods by what plans call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> lookups = {{
    {"==", ""},
    {"is_", ""},
    {"in_", "__in"},
    {"<", "__lt"},
    {"<=", "__lte"},
    {">", "__gt"},
    {">=", "__gte"},
    {"like", "__like"},
    {"ilike", "__ilike"},
    {"contains", "__contains"},
    {"startswith", "__startswith"},
    {"endswith", "__endswith"},
    {"is_not", "__isnot"},
}};

std::string_view after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view();
}

}  // namespace

std::string_view callee_of(Interpreter& interpreter, Value value) {
  if (!interpreter.values().is(value, ValueKind::term)) return {};
  return interpreter.world().text(interpreter.values().term(value).callee);
}

bool is_session(Interpreter& interpreter, Value value) {
  return callee_of(interpreter, value) == callee::session || is_async_session(interpreter, value);
}

bool is_async_session(Interpreter& interpreter, Value value) {
  return callee_of(interpreter, value) == callee::async_session;
}

Value make_term(Interpreter& interpreter, std::string_view kind, std::string_view name,
                const Arguments& arguments) {
  const auto all = arguments.all();
  const std::string text = fmt::format("{}{}", kind, name);
  return interpreter.values().make(Term{interpreter.world().names.intern(text), all});
}

Value session_value(Interpreter& interpreter, bool is_async) {
  return make_term(interpreter, is_async ? callee::async_session : callee::session, "", {});
}

EntityId entity_behind(Interpreter& interpreter, Value value) {
  const Values& values = interpreter.values();
  if (values.is(value, ValueKind::class_)) {
    return is_of(interpreter, value, schema::Orm::sqlalchemy) ? values.class_(value).entity
                                                              : EntityId{};
  }
  const std::string_view made = callee_of(interpreter, value);
  if (made != callee::attribute && made != callee::alias) return {};
  return entity_behind(interpreter, values.term(value).arguments.front().second);
}

Value attribute_of(Interpreter& interpreter, Value class_, Name name) {
  const EntityId id = entity_behind(interpreter, class_);
  if (!id) return {};
  const schema::Entity& entity = interpreter.schema().entity(id);
  if (entity.column(name) == nullptr && entity.relation(name) == nullptr) return {};
  Arguments parts;
  parts.positional = {class_, interpreter.values().make(Constant{ir::ConstantKind::string, name})};
  return make_term(interpreter, callee::attribute, "", parts);
}

Name attribute_name(Interpreter& interpreter, Value value) {
  if (callee_of(interpreter, value) != callee::attribute) return {};
  return string_of(interpreter.world(), interpreter.values().term(value).arguments[1].second);
}

Value condition(Interpreter& interpreter, std::string_view name, const Arguments& operands) {
  return make_term(interpreter, callee::condition, name, operands);
}

bool is_expression(Interpreter& interpreter, Value value) {
  const std::string_view made = callee_of(interpreter, value);
  return made == callee::attribute || made.starts_with(callee::condition) ||
         made.starts_with(callee::function);
}

std::string_view operator_name(Operator operation) {
  switch (operation) {
    case Operator::equal:
      return "==";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
    case Operator::bit_and:
      return "and";
    case Operator::bit_or:
      return "or";
    case Operator::invert:
      return "not";
    case Operator::not_equal:
      return "!=";
    default:
      return "computed";
  }
}

std::vector<std::pair<Name, Value>> as_lookups(Interpreter& interpreter, EntityId entity,
                                               const Arguments& conditions, int depth) {
  constexpr int deepest = 4;  // of conditions in conditions
  World& world = interpreter.world();
  std::vector<std::pair<Name, Value>> found;
  for (const Value given : conditions.positional) {
    const std::string_view kind = after(callee_of(interpreter, given), callee::condition);
    const Attributes operands = kind.empty() ? Attributes{} : world.values.term(given).arguments;
    if (kind == "and" && depth < deepest) {
      Arguments parts;
      for (const auto& [label, part] : operands) parts.positional.push_back(part);
      for (const auto& part : as_lookups(interpreter, entity, parts, depth + 1))
        found.push_back(part);
      continue;
    }
    const auto* known =
        std::ranges::find(lookups, kind, [](const auto& entry) { return entry.first; });
    const Name column =
        operands.size() == 2 ? attribute_name(interpreter, operands[0].second) : Name{};
    if (kind.empty() || known == lookups.end() || !column) {
      found.emplace_back(Name{}, given);
      continue;
    }
    const EntityId owner = entity_behind(interpreter, operands[0].second);
    const std::string front =
        owner == entity ? "" : fmt::format("{}.", world.text(world.schema.entity(owner).name));
    const std::string label = fmt::format("{}{}{}", front, world.text(column), known->second);
    found.emplace_back(world.names.intern(label), operands[1].second);
  }
  for (const auto& keyword : conditions.keywords) found.push_back(keyword);
  return found;
}

}  // namespace querylint::frameworks::sqlalchemy
