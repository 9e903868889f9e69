#include "rules/generated/related_object_for_its_key.h"

#include "rules/engine/code.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {

void related_object_for_its_key(const Evidence& evidence, const Event& event, Findings& findings) {
  const schema::Relation* relation = evidence.relation_of(event);
  if (relation == nullptr || !evidence.only_key_is_read(event)) return;
  if (evidence.was_read_before(event)) return;
  const flow::Row row = evidence.row(event.subject);
  const auto repetition = evidence.repetition(event);
  const bool is_repeated = repetition && evidence.varies(row, repetition->nest);
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // One query too many on a page is worth a hint, one per row is worth a warning.
  if (!is_repeated) finding.severity = diagnostics::Severity::advice;
  finding.certainty = is_repeated ? certainty_of_read(evidence, event, *repetition, row)
                                  : certainty_of(evidence, event);
  if (!is_looked_at_in_place(evidence.world(), event.site)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message =
      RelatedObjectForItsKey{
          .cost = is_repeated ? query_cost(evidence, *repetition) : "One query too many",
          .relation = relation_name(evidence, row, *relation),
          .where = flow::is_deferred(evidence.world(), row, relation->key_column)
                       ? "which the query leaves out, but should not"
                       : "which is in the row already",
          .key = std::string(evidence.text(relation->key_column))}
          .message();
  if (is_repeated) {
    finding.cause =
        evidence.cause_of_read(row.query, *repetition) + evidence.lookup_path(row, *relation);
    finding.related = explanation(evidence, event, *repetition, row.query, event.site);
  }
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
