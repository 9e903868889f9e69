#include "rules/engine/conditions.h"

#include <algorithm>
#include <array>

#include "analyzer/flow/conditions.h"
#include "rules/engine/aggregates.h"

namespace querylint::rules {

using flow::Attributes;
using flow::Term;
using flow::ValueKind;

namespace {

constexpr int deepest = 8;

using OnTerm = std::function<void(const Term&)>;
using OnComparison = std::function<void(std::string_view, Value)>;

void walk(const Evidence& evidence, Attributes arguments, const OnComparison& on_comparison,
          const OnTerm& on_term, int depth);

void walk_part(const Evidence& evidence, Value part, const OnComparison& on_comparison,
               const OnTerm& on_term, int depth) {
  const flow::Values& values = evidence.world().values;
  if (!part || depth > deepest) return;
  if (values.is(part, ValueKind::either)) {
    for (const Value option : values.options(part))
      walk_part(evidence, option, on_comparison, on_term, depth + 1);
  }
  if (!values.is(part, ValueKind::term)) return;
  const Term term = values.term(part);
  on_term(term);
  walk(evidence, term.arguments, on_comparison, on_term, depth + 1);
}

void walk(const Evidence& evidence, Attributes arguments, const OnComparison& on_comparison,
          const OnTerm& on_term, int depth) {
  for (const auto& [label, value] : arguments) {
    if (label) {
      on_comparison(evidence.text(label), value);
    } else {
      walk_part(evidence, value, on_comparison, on_term, depth);
    }
  }
}

}  // namespace

void each_comparison(const Evidence& evidence, Attributes arguments, const OnComparison& visit) {
  walk(evidence, arguments, visit, [](const Term&) {}, 0);
}

void each_choice(const Evidence& evidence, Attributes arguments,
                 const std::function<void(Attributes)>& visit) {
  const auto on_term = [&](const Term& term) {
    if (evidence.text(term.callee) == flow::condition::any_of) visit(term.arguments);
  };
  walk(evidence, arguments, [](std::string_view, Value) {}, on_term, 0);
}

std::string_view comparison_of(std::string_view lookup) {
  static constexpr std::array<std::string_view, 20> kinds = {
      "exact", "iexact", "contains",   "icontains", "in",    "gt",          "gte",
      "lt",    "lte",    "startswith", "endswith",  "range", "istartswith", "iendswith",
      "regex", "iregex", "like",       "ilike",     "isnot", "isnull"};
  const std::size_t at = lookup.rfind("__");
  if (at == std::string_view::npos) return {};
  const std::string_view last = lookup.substr(at + 2);
  return std::ranges::find(kinds, last) == kinds.end() ? std::string_view() : last;
}

std::string other_table(const Evidence& evidence, schema::EntityId entity,
                        std::string_view lookup) {
  const std::size_t dot = lookup.find('.');
  if (dot != std::string_view::npos) return std::string(lookup.substr(0, dot));
  return to_many_path(evidence, entity, lookup);
}

const schema::Column* compared_column(const Evidence& evidence, schema::EntityId entity,
                                      std::string_view lookup) {
  const flow::World& world = evidence.world();
  const std::string_view comparison = comparison_of(lookup);
  if (!comparison.empty()) lookup.remove_suffix(comparison.size() + 2);
  if (const std::size_t dot = lookup.find('.'); dot != std::string_view::npos) {
    const base::Name name = world.name(lookup.substr(0, dot));
    entity = name ? world.schema.named(name) : schema::EntityId();
    lookup.remove_prefix(dot + 1);
  }
  while (entity) {
    const std::size_t end = std::min(lookup.find("__"), lookup.size());
    const base::Name part = world.name(lookup.substr(0, end));
    if (!part) return nullptr;
    const schema::Relation* relation = evidence.entity(entity).relation_by_lookup(part);
    if (end == lookup.size()) {
      if (lookup == "pk") return evidence.entity(entity).primary_key();
      const bool is_key = relation != nullptr && relation->holds_key;
      return evidence.entity(entity).column(is_key ? relation->key_column : part);
    }
    if (relation == nullptr) return nullptr;
    entity = relation->target;
    lookup.remove_prefix(end + 2);
  }
  return nullptr;
}

}  // namespace querylint::rules
