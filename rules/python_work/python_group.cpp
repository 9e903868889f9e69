#include "rules/generated/python_group.h"

#include <fmt/format.h>

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {

void python_group(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto fold = needless_fold(evidence, event);
  if (!fold || !evidence.is_of_rows(event.detail_value)) {
    const bool counts = fold && flow::is_constant(evidence.world(), event.detail_value, ir::ConstantKind::number);
    if (!counts) return;
  }
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  const std::string key = event.member ? std::string(evidence.text(event.member)) : "...";
  finding.message = PythonGroup{.entity = entity_name(evidence, evidence.query(event.subject).entity),
                                .repair = fmt::format("`.values(\"{}\").annotate(n=Count(\"pk\"))`", key)}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
