#include "rules/generated/deferred_column_in_loop.h"

#include "rules/engine/wording.h"

namespace querylint::rules::loops {

void deferred_column_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const flow::Row row = evidence.row(event.subject);
  if (!evidence.varies(row, repetition->nest)) return;
  const Site place = reading_place(evidence, event, *repetition, row.query);
  diagnostics::Diagnostic finding = findings.at(place, event);
  finding.certainty = certainty_of_read(evidence, event, *repetition, row);
  const std::string column =
      entity_name(evidence, row.entity) + "." + std::string(evidence.text(event.member));
  finding.message =
      DeferredColumnInLoop{.cost = query_cost(evidence, *repetition), .column = column}.message();
  finding.related = explanation(evidence, event, *repetition, row.query, place);
  finding.cause = evidence.cause_of_read(row.query, *repetition) + column;
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
