#include "rules/generated/deep_offset.h"

#include "rules/engine/wording.h"

namespace querylint::rules::loading {

void deep_offset(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Query query = evidence.query(event.subject);
  const flow::Step& slice = evidence.world().plans.step(query.last);
  if (slice.arguments.size() < 2) return;  // one row
  const Value begin = slice.arguments.front().second;
  if (!begin || evidence.world().values.is(begin, flow::ValueKind::constant)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.message = DeepOffset{.entity = entity_name(evidence, query.entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
