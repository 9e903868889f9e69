#include "rules/generated/python_group.h"

#include <fmt/format.h>

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {

void python_group(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto fold = needless_fold(evidence, event);
  if (!fold || is_grouped(evidence, event.subject)) return;
  const bool counts =
      flow::is_constant(evidence.world(), event.detail_value, ir::ConstantKind::number);
  if (!counts && !is_of_rows(evidence, event.detail_value, event.subject)) return;
  const bool sums = !counts && (event.flags & flow::flag::by_accumulator) != 0;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  // Mostly the groups are few rows each, or shared with what asks for them otherwise.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string key = event.member ? std::string(evidence.text(event.member)) : "...";
  const std::string sum = !sums ? "" : fold->expression.empty() ? "..." : fold->expression;
  const schema::EntityId id = evidence.query(event.subject).entity;
  const std::string entity = entity_name(evidence, id);
  finding.message =
      PythonGroup{.entity = entity,
                  .repair = fmt::format("`{}`", evidence.words(id).groups(entity, key, sum))}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
