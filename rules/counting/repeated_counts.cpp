#include "rules/generated/repeated_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/engine/aggregates.h"
#include "rules/engine/code.h"
#include "rules/engine/folds.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {
namespace {

using flow::Cause;

bool is_counted(const Evidence& evidence, const Event& event) {
  if (event.kind != flow::EventKind::execution || !evidence.is_query(event.subject)) return false;
  if (event.cause() != Cause::counted && event.cause() != Cause::aggregated) return false;
  if (!evidence.is_in_followed(event.site)) return false;
  // A paginator counts as well, but cannot be told not to.
  const std::string_view name = called_name(evidence.world(), event.site);
  const flow::StepId last = evidence.query(event.subject).last;
  const bool asks_for_number =
      event.cause() == Cause::counted && evidence.world().plans.has(last, flow::StepKind::project);
  if (!name.ends_with("count") && !name.ends_with("aggregate") && !asks_for_number) return false;
  // Aggregates in the base multiply its rows by what they join.
  return !evidence.world().plans.has(last, flow::StepKind::combined) &&
         !is_grouped(evidence, event.subject) && aggregates_of(evidence, event.subject).empty();
}

/// Where the number is asked for: in a chain over several lines that is the last condition, not the
/// call behind it that only fetches the number.
Site place_of(const Evidence& evidence, const Event& event) {
  const flow::StepId last = evidence.query(event.subject).last;
  const Site asked = evidence.site_of_query(event.subject);
  const bool is_one_chain = asked && same_statement(evidence.world(), asked, event.site);
  return is_one_chain && evidence.world().plans.has(last, flow::StepKind::project) ? asked
                                                                                   : event.site;
}

/// A condition that joins multiplies what is summed beside it.
bool may_be_multiplied(const Evidence& evidence, const Event& first, const Event& later) {
  return (first.cause() == Cause::aggregated || later.cause() == Cause::aggregated) &&
         (is_distinct(evidence, first.subject) || is_distinct(evidence, later.subject));
}

bool belong_together(const Evidence& evidence, const Event& first, const Event& later) {
  return !may_be_multiplied(evidence, first, later) && first.site != later.site &&
         evidence.function_name(first.site) == evidence.function_name(later.site) &&
         first.calls == later.calls && follows(evidence, first, later) &&
         same_base(evidence, first, later) && !same_rows(evidence, first, later) &&
         !is_written_between(evidence, first, later, evidence.query(first.subject).entity);
}

/// `"open"`, `5`; dots for what is not known.
std::string literal(const Evidence& evidence, Value value) {
  if (!value || !evidence.world().values.is(value, flow::ValueKind::constant)) return "...";
  const flow::Constant constant = evidence.world().values.constant(value);
  switch (constant.kind) {
    case ir::ConstantKind::string:
      return fmt::format("\"{}\"", evidence.text(constant.text));
    case ir::ConstantKind::number:
      return std::string(evidence.text(constant.text));
    case ir::ConstantKind::true_:
      return "True";
    case ir::ConstantKind::false_:
      return "False";
    default:
      return "...";
  }
}

bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::islower(c) || c == '_'; });
}

using Keyword = std::pair<base::Name, Value>;

/// Conditions as words want them.
flow::Number::Condition condition_of(const Evidence& evidence,
                                     const std::vector<Keyword>& arguments, bool excludes) {
  flow::Number::Condition condition;
  condition.excludes = excludes;
  for (const auto& [label, value] : arguments) {
    condition.lookups.emplace_back(label ? evidence.text(label) : std::string_view(),
                                   label ? literal(evidence, value) : "...");
  }
  return condition;
}

/// `open` of `status="open"`, or else the column: never the name of a column, which the aggregate
/// would hide.
std::string label_of(const Evidence& evidence, const std::vector<Keyword>& arguments,
                     schema::EntityId entity, bool excludes) {
  std::string found;
  for (const auto& [label, value] : arguments) {
    if (!label) continue;
    const std::string_view lookup = evidence.text(label);
    const base::Name text = value ? flow::string_of(evidence.world(), value) : base::Name{};
    const std::string_view word = text ? evidence.text(text) : std::string_view();
    found = is_word(word) ? word : lookup.substr(0, lookup.find("__"));
    break;
  }
  if (found.empty()) found = "some";
  const base::Name name = evidence.world().name(found);
  const schema::Entity& counted = evidence.entity(entity);
  const bool is_member =
      name && (counted.column(name) != nullptr || counted.relation(name) != nullptr);
  return (excludes ? "not_" : is_member ? "n_" : "") + found;
}

/// What every one of the numbers asks for in the first condition that they do not share as a whole:
/// it belongs in front of the aggregate.
std::vector<Keyword> shared_by(const Evidence& evidence, const std::vector<const Event*>& group) {
  std::vector<Keyword> shared;
  Site asked;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto own = own_conditions(evidence, *group[i], *group[i == 0 ? 1 : 0]);
    if (own.empty()) return {};
    const flow::Step& step = evidence.world().plans.step(own.front());
    if (step.kind != flow::StepKind::filter) return {};
    if (i == 0) {
      shared.assign(step.arguments.begin(), step.arguments.end());
      std::erase_if(shared, [](const Keyword& keyword) { return !keyword.first; });
      asked = step.site;
      continue;
    }
    std::erase_if(shared, [&](const Keyword& keyword) {
      const bool is_equal = std::ranges::find(step.arguments, keyword) != step.arguments.end();
      return !is_equal || !(is_known(evidence, keyword.second) ||
                            pass_the_same(evidence.world(), asked, step.site, keyword.first));
    });
  }
  return shared;
}

/// One of the numbers: what was asked of the rows, and the conditions that it does not share with
/// `other`.
flow::Number number_of(const Evidence& evidence, const Event& event, const Event& other,
                       const std::vector<Keyword>& shared) {
  flow::Number number;
  number.label = "all";
  number.function = "Count";
  for (const flow::StepId id : own_conditions(evidence, event, other)) {
    const flow::Step& step = evidence.world().plans.step(id);
    if (step.kind == flow::StepKind::distinct) continue;
    const bool excludes = step.kind == flow::StepKind::exclude;
    std::vector<Keyword> own(step.arguments.begin(), step.arguments.end());
    std::erase_if(own, [&](const Keyword& keyword) {
      return std::ranges::find(shared, keyword) != shared.end();
    });
    if (own.empty()) continue;
    number.label = label_of(evidence, own, evidence.query(event.subject).entity, excludes);
    number.conditions.push_back(condition_of(evidence, own, excludes));
  }
  for (const std::string_view function : {"Count", "Avg", "Min", "Max", "Sum"}) {
    const auto terms = terms_within(evidence, event.detail_value, function);
    if (event.cause() != Cause::aggregated || terms.empty() || terms[0].arguments.empty()) continue;
    const base::Name column = flow::string_of(evidence.world(), terms[0].arguments[0].second);
    number.function = function;
    number.column = column ? evidence.text(column) : "...";
  }
  return number;
}

bool any_is_distinct(const Evidence& evidence, const std::vector<const Event*>& group) {
  return std::ranges::any_of(
      group, [&](const Event* event) { return is_distinct(evidence, event->subject); });
}

std::string repair_for(const Evidence& evidence, const std::vector<const Event*>& group) {
  const std::vector<Keyword> shared = shared_by(evidence, group);
  std::array<flow::Number, 2> numbers = {number_of(evidence, *group[0], *group[1], shared),
                                         number_of(evidence, *group[1], *group[0], shared)};
  if (numbers[1].label == numbers[0].label) numbers[1].label += "_2";
  const bool is_joined = any_is_distinct(evidence, group);
  for (flow::Number& number : numbers)
    number.is_distinct = is_joined && number.function == "Count" && number.column.empty();
  const schema::EntityId entity = evidence.query(group[0]->subject).entity;
  return evidence.words(entity).numbers(entity_name(evidence, entity),
                                        condition_of(evidence, shared, false), numbers,
                                        group.size() > 2);
}

}  // namespace

void repeated_counts(const Evidence& evidence, Findings& findings) {
  std::vector<const Event*> counts;
  for (const Event& event : evidence.trace().events) {
    if (is_counted(evidence, event)) counts.push_back(&event);
  }
  while (counts.size() > 1) {
    const Event& first = *counts.front();
    std::vector<const Event*> group = {&first};
    std::vector<const Event*> rest;
    for (const Event* later : std::span(counts).subspan(1)) {
      const bool fits = std::ranges::all_of(
          group, [&](const Event* one) { return belong_together(evidence, *one, *later); });
      (fits ? group : rest).push_back(later);
    }
    counts = std::move(rest);
    const bool in_one_expression =
        group.size() == 2 && same_statement(evidence.world(), group[0]->site, group[1]->site);
    if (group.size() < 3 && !in_one_expression) continue;
    const Event& again = *group[1];
    diagnostics::Diagnostic finding = findings.at(place_of(evidence, again), again);
    // What joins and is made distinct again may be cheaper on its own, and a count that only some
    // runs come to costs the others nothing.
    const bool all_run = std::ranges::all_of(group, [&](const Event* event) {
      return evidence.world().chains.implies(first.branch, event->branch);
    });
    if (any_is_distinct(evidence, group) || !all_run ||
        evidence.world().schema.lacks_conditional_aggregates) {
      finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    }
    finding.message =
        RepeatedCounts{.count = std::to_string(group.size()),
                       .entity = entity_name(evidence, evidence.query(first.subject).entity),
                       .repair = repair_for(evidence, group)}
            .message();
    finding.related.push_back({evidence.place(place_of(evidence, first)), "counted before"});
    for (const Event* other : std::span(group).subspan(2)) {
      finding.related.push_back({evidence.place(place_of(evidence, *other)), "counted again"});
    }
    findings.add(std::move(finding));
  }
}

}  // namespace querylint::rules::counting
