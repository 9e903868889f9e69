#include "analyzer/frameworks/sqlalchemy/terms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "analyzer/flow/conditions.h"
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
  const bool is_of_class =
      made == callee::attribute || made == callee::alias || made == callee::table;
  if (!is_of_class || values.term(value).arguments.empty()) return {};
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

Value attribute_of_type(Interpreter& interpreter, Value attribute, Value type) {
  Arguments parts;
  for (const auto& [label, part] : interpreter.values().term(attribute).arguments)
    parts.positional.push_back(part);
  parts.positional.resize(2);
  parts.positional.push_back(type);
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

namespace {

using Lookups = std::vector<std::pair<Name, Value>>;

constexpr int deepest = 4;  // of conditions in conditions

/// Reads conditions on the rows of one entity.
class Conditions {
 public:
  Conditions(Interpreter& interpreter, EntityId entity)
      : interpreter_(interpreter), world_(interpreter.world()), entity_(entity) {}

  void add(Value given, Lookups& found, int depth) {
    const std::string_view kind = after(callee_of(interpreter_, given), callee::condition);
    const Attributes operands = kind.empty() ? Attributes{} : world_.values.term(given).arguments;
    if (depth < deepest && kind == "and") {
      for (const auto& [label, part] : operands) add(part, found, depth + 1);
    } else if (depth < deepest && kind == "or") {
      found.emplace_back(Name{}, either(operands, depth));
    } else if (depth < deepest && (kind == "any" || kind == "has") && is_own_relation(operands)) {
      found.emplace_back(Name{}, of_related(operands, depth));
    } else if (depth < deepest && world_.values.is(given, ValueKind::either)) {
      found.emplace_back(Name{}, whichever(given, depth));
    } else {
      add_comparison(given, kind, operands, found);
    }
  }

 private:
  Value made(std::string_view callee, const Lookups& parts) {
    return world_.values.make(Term{world_.names.intern(callee), parts});
  }

  /// One comparison as an argument, several as one term.
  std::pair<Name, Value> as_one(const Lookups& parts) {
    return parts.size() == 1 ? parts.front()
                             : std::pair{Name{}, made(flow::condition::all_of, parts)};
  }

  std::pair<Name, Value> as_one(Value given, int depth) {
    Lookups parts;
    add(given, parts, depth + 1);
    return as_one(parts);
  }

  Value either(Attributes operands, int depth) {
    Lookups alternatives;
    for (const auto& [label, part] : operands) alternatives.push_back(as_one(part, depth));
    return made(flow::condition::any_of, alternatives);
  }

  /// A condition that was put together under an `if`.
  Value whichever(Value given, int depth) {
    std::vector<Value> options;
    for (const Value option : world_.values.options(given))
      options.push_back(made(flow::condition::all_of, Lookups{as_one(option, depth)}));
    return world_.values.make_either(options);
  }

  bool is_own_relation(Attributes operands) {
    if (operands.empty() || entity_behind(interpreter_, operands[0].second) != entity_)
      return false;
    const Name name = attribute_name(interpreter_, operands[0].second);
    return name && world_.schema.entity(entity_).relation(name) != nullptr;
  }

  /// `Book.genres.any(Genre.name == x)`: conditions on the rows that the relation leads to.
  Value of_related(Attributes operands, int depth) {
    const schema::Relation& relation =
        *world_.schema.entity(entity_).relation(attribute_name(interpreter_, operands[0].second));
    Lookups parts;
    Conditions target(interpreter_, relation.target);
    for (const auto& [label, part] : operands.subspan(1)) {
      if (label) {
        parts.emplace_back(label, part);
      } else {
        target.add(part, parts, depth + 1);
      }
    }
    for (auto& [label, operand] : parts) {
      if (label)
        label = world_.names.intern(
            fmt::format("{}__{}", world_.text(relation.lookup), world_.text(label)));
    }
    if (parts.empty()) parts.emplace_back(relation.lookup, interpreter_.unknown());
    return made(flow::condition::all_of, parts);
  }

  void add_comparison(Value given, std::string_view kind, Attributes operands, Lookups& found) {
    const auto* known =
        std::ranges::find(lookups, kind, [](const auto& entry) { return entry.first; });
    const Name column =
        operands.size() == 2 ? attribute_name(interpreter_, operands[0].second) : Name{};
    if (kind.empty() || known == lookups.end() || !column) {
      found.emplace_back(Name{}, given);
      return;
    }
    const EntityId owner = entity_behind(interpreter_, operands[0].second);
    const std::string front =
        owner == entity_ ? "" : fmt::format("{}.", world_.text(world_.schema.entity(owner).name));
    const std::string label = fmt::format("{}{}{}", front, world_.text(column), known->second);
    found.emplace_back(world_.names.intern(label), operands[1].second);
  }

  Interpreter& interpreter_;
  World& world_;
  EntityId entity_;
};

}  // namespace

std::vector<std::pair<Name, Value>> as_lookups(Interpreter& interpreter, EntityId entity,
                                               const Arguments& conditions) {
  Lookups found;
  Conditions own(interpreter, entity);
  for (const Value given : conditions.positional) own.add(given, found, 0);
  for (const auto& keyword : conditions.keywords) found.push_back(keyword);
  return found;
}

}  // namespace querylint::frameworks::sqlalchemy
