#include "rules/generated/annotated_exists.h"

#include "rules/engine/aggregates.h"

namespace querylint::rules::subqueries {
namespace {

bool tests_annotation(const Evidence& evidence, const flow::Step& filter, base::Name label) {
  for (const auto& [lookup, value] : filter.arguments) {
    if (lookup == label) return true;
    for (const flow::Term& condition : terms_within(evidence, value, "Q")) {
      if (flow::find_attribute(condition.arguments, label)) return true;
    }
  }
  return false;
}

}  // namespace

void annotated_exists(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  evidence.world().plans.each(filter.previous, [&](const flow::Step& step, bool is_certain) {
    if (step.kind != flow::StepKind::annotate || step.label || !is_certain) return true;
    for (const auto& [label, value] : step.arguments) {
      const bool is_exists =
          value && evidence.world().values.is(value, flow::ValueKind::term) &&
          last_part(evidence.text(evidence.world().values.term(value).callee)) == "Exists";
      if (!is_exists || !label || !tests_annotation(evidence, filter, label)) continue;
      diagnostics::Diagnostic finding = findings.at(step.site, event);
      finding.message = AnnotatedExists{.label = evidence.text(label)}.message();
      finding.related.push_back({evidence.place(event.site), "filtered here"});
      findings.add(std::move(finding));
      return false;
    }
    return true;
  });
}

}  // namespace querylint::rules::subqueries
