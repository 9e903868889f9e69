#include "rules/generated/save_in_loop.h"

#include <fmt/format.h>

#include "rules/engine/writes.h"

namespace querylint::rules::loops {
namespace {

std::string repair_for(const Evidence& evidence, const Event& event, const std::string& entity) {
  const std::string fields = assigned_fields(evidence, event.subject);
  return fmt::format(
      "Collect the rows and write them with `{}.objects.bulk_update(rows, [{}])`, or with one "
      "`update()` "
      "where all get the same values.",
      entity, fields.empty() ? "..." : fields);
}

}  // namespace

void save_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto write = repeated_write(evidence, event);
  if (!write) return;
  const std::string entity = entity_name(evidence, write->entity);
  diagnostics::Diagnostic finding =
      write_finding(evidence, event, *write, findings, {"query-in-loop"});
  finding.message =
      SaveInLoop{.cost = statement_cost(evidence, write->repetition, "UPDATE"),
                 .what = fmt::format(
                     "{} is saved in the loop{}", entity,
                     evidence.is_called_in_loop(event, write->repetition) ? "" : ", by this call"),
                 .repair = repair_for(evidence, event, entity),
                 .caveat = write->caveat}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
