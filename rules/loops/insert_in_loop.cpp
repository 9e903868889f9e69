#include "rules/generated/insert_in_loop.h"

#include <fmt/format.h>

#include "rules/engine/code.h"
#include "rules/engine/writes.h"

namespace querylint::rules::loops {

void insert_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto write = repeated_write(evidence, event);
  if (!write) return;
  const std::string entity = entity_name(evidence, write->entity);
  const bool is_known = write->entity != evidence.world().schema.unknown;
  diagnostics::Diagnostic finding =
      write_finding(evidence, event, *write, findings, {"query-in-loop"});
  if (is_used(evidence.world(), event.site))  // what it gives may be needed at once
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      InsertInLoop{
          .cost = statement_cost(evidence, write->repetition, "INSERT"),
          .what = is_known ? fmt::format("{} is inserted", entity) : "each row is inserted",
          .repair = is_known
                        ? fmt::format("one `{}`", evidence.words(write->entity).insert_many(entity))
                        : "one statement and a list of them"}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
