#include "rules/generated/delete_in_loop.h"

#include <fmt/format.h>

#include "rules/engine/writes.h"

namespace querylint::rules::loops {

void delete_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto write = repeated_write(evidence, event);
  if (!write) return;
  const std::string entity = entity_name(evidence, write->entity);
  diagnostics::Diagnostic finding =
      write_finding(evidence, event, *write, findings, {"query-in-loop"});
  // Such loops are written for what deleting one by one runs, or for the one row too many.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      DeleteInLoop{
          .cost = statement_cost(evidence, write->repetition, "DELETE"),
          .what = fmt::format(
              "{} is deleted in the loop{}", entity,
              evidence.is_called_in_loop(event, write->repetition) ? "" : ", by this call"),
          .repair = fmt::format("Delete with one query: `{}.objects.filter(pk__in=...).delete()`.",
                                entity),
          .caveat = write->caveat}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
