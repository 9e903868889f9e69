#include "rules/generated/repeated_counts.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {
namespace {

using flow::Cause;

bool is_counted(const Evidence& evidence, const Event& event) {
  if (event.kind != flow::EventKind::execution || !evidence.is_query(event.subject)) return false;
  if (event.cause() != Cause::counted && event.cause() != Cause::aggregated) return false;
  if (!evidence.is_in_followed(event.site)) return false;
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(event.subject).last;
  return !plans.has(last, flow::StepKind::slice) && !plans.has(last, flow::StepKind::distinct) &&
         !plans.has(last, flow::StepKind::annotate) && !plans.has(last, flow::StepKind::combined);
}

bool belong_together(const Evidence& evidence, const Event& first, const Event& later) {
  return evidence.function_name(first.site) == evidence.function_name(later.site) &&
         first.calls == later.calls && follows(evidence, first, later) &&
         same_base(evidence, first.subject, later.subject) &&
         !same_rows(evidence, first.subject, later.subject) &&
         !is_written_between(evidence, first, later, evidence.query(first.subject).entity);
}

/// `Count("pk", filter=Q(status="open"))`: what the query's last condition would be inside an aggregate.
std::string conditional_count(const Evidence& evidence, Value query) {
  const flow::World& world = evidence.world();
  std::string condition;
  for (flow::StepId id = evidence.query(query).last; id && condition.empty(); id = world.plans.step(id).previous) {
    const flow::Step& step = world.plans.step(id);
    const bool excludes = step.kind == flow::StepKind::exclude;
    if (step.kind != flow::StepKind::filter && !excludes) continue;
    for (const auto& [label, value] : step.arguments) {
      if (!label) continue;
      const base::Name text = value ? flow::string_of(world, value) : base::Name{};
      condition += fmt::format("{}{}={}", condition.empty() ? "" : ", ", evidence.text(label),
                               text ? fmt::format("\"{}\"", evidence.text(text)) : "...");
    }
    if (condition.empty()) condition = "...";
    condition = fmt::format("{}Q({})", excludes ? "~" : "", condition);
  }
  return condition.empty() ? "Count(\"pk\")" : fmt::format("Count(\"pk\", filter={})", condition);
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
    const bool in_one_expression = group.size() == 2 && evidence.same_statement(group[0]->site, group[1]->site);
    if (group.size() < 3 && !in_one_expression) continue;
    diagnostics::Diagnostic finding = findings.at(first.site, first);
    finding.message = RepeatedCounts{.count = std::to_string(group.size()),
                                     .entity = entity_name(evidence, evidence.query(first.subject).entity),
                                     .first = conditional_count(evidence, first.subject),
                                     .second = conditional_count(evidence, group[1]->subject)}
                          .message();
    for (const Event* other : std::span(group).subspan(1)) {
      finding.related.push_back({evidence.place(other->site), "counted again"});
    }
    findings.add(std::move(finding));
  }
}

}  // namespace querylint::rules::counting
