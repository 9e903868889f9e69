#include "rules/generated/nested_outerref.h"

#include <algorithm>
#include <set>

#include "rules/engine/aggregates.h"
#include "rules/engine/parts.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

enum class Reach : std::uint8_t { nowhere, middle, outermost };

/// How far a reference goes: `OuterRef("a")` to the query around, one around another further.
Reach reach_of(const Evidence& evidence, const flow::Term& reference) {
  if (reference.arguments.empty()) return Reach::nowhere;
  const bool is_nested = !terms_within(evidence, reference.arguments[0].second, "OuterRef").empty();
  return is_nested ? Reach::outermost : Reach::middle;
}

/// Whether a condition of the query compares with the query right around it.
bool refers_to_middle(const Evidence& evidence, Value query) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    for (const auto& [label, value] : step.arguments) {
      const auto references = terms_within(evidence, value, "OuterRef");
      // The inner part of a nested reference is not one of its own.
      const auto reaching = std::ranges::count_if(references, [&](const flow::Term& reference) {
        return reach_of(evidence, reference) == Reach::outermost;
      });
      found = found || std::ssize(references) > 2 * reaching;
    }
    return !found;
  });
  return found;
}

/// Whether an annotation holds a query that goes on from the step, and a condition asks for rows
/// where it is false: rows that a join cannot tell.
bool is_denied(const Evidence& evidence, flow::StepId inner) {
  const flow::Plans& plans = evidence.world().plans;
  const auto holds_inner = [&](Value value) {
    bool found = false;
    each_part(evidence.world().values, value, [&](Value part) {
      if (evidence.is_query(part)) {
        const auto chain = plans.chain(evidence.query(part).last);
        found = found || std::ranges::find(chain, inner) != chain.end();
      }
      return !found;
    });
    return found;
  };
  std::set<base::Name> labels;
  std::set<base::Name> denied;
  for (const Event& event : evidence.trace().events) {
    if (event.kind != flow::EventKind::step || !evidence.is_query(event.subject)) continue;
    for (const flow::StepId id : plans.chain(evidence.query(event.subject).last)) {
      for (const auto& [label, value] : plans.step(id).arguments) {
        if (!label || !value) continue;
        if (holds_inner(value)) labels.insert(label);
        if (flow::is_constant(evidence.world(), value, ir::ConstantKind::false_)) {
          denied.insert(label);
        }
      }
    }
  }
  return std::ranges::any_of(labels, [&](base::Name label) { return denied.contains(label); });
}

}  // namespace

void nested_outerref(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& step = evidence.world().plans.step(evidence.query(event.subject).last);
  for (const auto& [label, value] : step.arguments) {
    for (const flow::Term& outer : terms_within(evidence, value, "OuterRef")) {
      if (reach_of(evidence, outer) != Reach::outermost) continue;
      diagnostics::Diagnostic finding = findings.at(event.site, event);
      // One that refers to the outermost query alone can be run once for each of its rows.
      const bool is_costly = refers_to_middle(evidence, event.subject) &&
                             !is_denied(evidence, evidence.query(event.subject).last);
      if (!is_costly) {
        finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
      }
      finding.message =
          NestedOuterref{.entity = entity_name(evidence, evidence.query(event.subject).entity)}
              .message();
      findings.add(std::move(finding));
      return;
    }
  }
}

}  // namespace querylint::rules::subqueries
