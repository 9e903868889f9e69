#include "rules/engine/aggregates.h"

#include <algorithm>
#include <array>
#include <functional>

#include "rules/engine/parts.h"

namespace querylint::rules {

using flow::Step;
using flow::StepKind;
using flow::Term;
using flow::ValueKind;

namespace {

constexpr std::array<std::string_view, 14> aggregate_functions = {
    "Count",    "Sum",       "Avg",      "Min",    "Max",     "StdDev", "Variance",
    "ArrayAgg", "StringAgg", "JSONBAgg", "BoolOr", "BoolAnd", "BitOr",  "BitAnd"};

void each_term(const Evidence& evidence, Value value,
               const std::function<bool(const Term&)>& visit) {
  const flow::Values& values = evidence.world().values;
  each_part(values, value, [&](Value part) {
    return !values.is(part, ValueKind::term) || visit(values.term(part));
  });
}

/// The text of `"books__id"` and of `F("books__id")`.
std::string argument_of(const Evidence& evidence, const Term& term) {
  if (term.arguments.empty() || term.arguments[0].first) return {};
  Value first = term.arguments[0].second;
  if (evidence.world().values.is(first, ValueKind::term)) {
    const Term inner = evidence.world().values.term(first);
    if (last_part(evidence.text(inner.callee)) != "F" || inner.arguments.empty()) return {};
    first = inner.arguments[0].second;
  }
  const base::Name text = flow::string_of(evidence.world(), first);
  return text ? std::string(evidence.text(text)) : std::string();
}

/// All but a column at the end, as far as its name shows one.
std::vector<base::Name> guessed_part(const Evidence& evidence, std::string_view lookup) {
  std::vector<base::Name> path;
  while (!lookup.empty()) {
    const std::size_t end = std::min(lookup.find("__"), lookup.size());
    const std::string_view part = lookup.substr(0, end);
    if (const base::Name name = evidence.world().name(part); name && part != "id" && part != "pk") {
      path.push_back(name);
    }
    lookup.remove_prefix(std::min(end + 2, lookup.size()));
  }
  return path;
}

std::vector<base::Name> to_many_part(const Evidence& evidence, schema::EntityId entity,
                                     std::string_view lookup) {
  std::vector<base::Name> path;
  std::size_t length = 0;
  if (evidence.world().schema.is_placeholder(entity)) return guessed_part(evidence, lookup);
  while (!lookup.empty() && entity) {
    const std::size_t end = std::min(lookup.find("__"), lookup.size());
    const base::Name part = evidence.world().name(lookup.substr(0, end));
    const schema::Relation* relation =
        part ? evidence.entity(entity).relation_by_lookup(part) : nullptr;
    if (relation == nullptr) break;
    path.push_back(part);
    if (relation->cardinality == schema::Cardinality::to_many) length = path.size();
    entity = relation->target;
    lookup.remove_prefix(std::min(end + 2, lookup.size()));
  }
  path.resize(length);
  return path;
}

bool is_aggregate(std::string_view function) {
  return std::ranges::find(aggregate_functions, function) != aggregate_functions.end();
}

bool is_true(const Evidence& evidence, const Term& term, std::string_view keyword) {
  const base::Name name = evidence.world().name(keyword);
  return name && std::ranges::any_of(term.arguments, [&](const auto& argument) {
           return argument.first == name && argument.second &&
                  flow::is_constant(evidence.world(), argument.second, ir::ConstantKind::true_);
         });
}

}  // namespace

bool mentions(std::string_view lookup, std::string_view label) {
  if (lookup.starts_with('-')) lookup.remove_prefix(1);
  return lookup == label ||
         (lookup.starts_with(label) && lookup.substr(label.size()).starts_with("__"));
}

std::string_view last_part(std::string_view dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

std::vector<Aggregate> aggregates_of(const Evidence& evidence, Value query) {
  std::vector<Aggregate> result;
  if (!evidence.is_query(query)) return result;
  const schema::EntityId entity = evidence.query(query).entity;
  std::vector<flow::StepId> chain = evidence.world().plans.chain(evidence.query(query).last);
  for (auto id = chain.rbegin(); id != chain.rend(); ++id) {
    const Step& step = evidence.world().plans.step(*id);
    if (step.kind != StepKind::annotate) continue;
    for (const auto& [label, expression] : step.arguments) {
      each_term(evidence, expression, [&](const Term& term) {
        const std::string_view function = last_part(evidence.text(term.callee));
        if (function == "Subquery" || function == "Exists") return false;
        if (!is_aggregate(function)) return true;
        const std::string argument = argument_of(evidence, term);
        result.push_back({.label = std::string(evidence.text(label)),
                          .function = std::string(function),
                          .argument = argument,
                          .to_many = to_many_part(evidence, entity, argument),
                          .is_distinct = is_true(evidence, term, "distinct"),
                          .site = step.site});
        return false;
      });
    }
  }
  return result;
}

std::string to_many_path(const Evidence& evidence, schema::EntityId entity,
                         std::string_view lookup) {
  std::string path;
  for (const base::Name part : to_many_part(evidence, entity, lookup)) {
    path.append(path.empty() ? "" : "__").append(evidence.text(part));
  }
  return path;
}

std::vector<Term> terms_within(const Evidence& evidence, Value value, std::string_view callee) {
  std::vector<Term> found;
  each_term(evidence, value, [&](const Term& term) {
    if (last_part(evidence.text(term.callee)) == callee) found.push_back(term);
    return true;
  });
  return found;
}

bool is_annotation_used(const Evidence& evidence, Value query, std::string_view label) {
  bool used = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const Step& step, bool) {
    const bool annotates = step.kind == StepKind::annotate;  // another one may be made of it
    const bool reads = step.kind == StepKind::filter || step.kind == StepKind::exclude ||
                       step.kind == StepKind::order;
    if (!reads && !annotates) return true;
    for (const auto& [name, value] : step.arguments) {
      if (annotates && name && evidence.text(name) == label) continue;
      used = used || (reads && name && mentions(evidence.text(name), label));
      const base::Name text = flow::string_of(evidence.world(), value);
      used = used || (text && mentions(evidence.text(text), label));
      each_term(evidence, value, [&](const Term& term) {
        for (const auto& [inner, argument] : term.arguments) {
          used = used || (inner && mentions(evidence.text(inner), label));
          const base::Name inside =
              argument ? flow::string_of(evidence.world(), argument) : base::Name{};
          used = used || (inside && mentions(evidence.text(inside), label));
        }
        return true;
      });
    }
    return !used;
  });
  return used;
}

}  // namespace querylint::rules
