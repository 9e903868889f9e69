#include "rules/generated/prefetch_defeated.h"

#include "rules/engine/regions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {

void prefetch_defeated(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.defeats_prefetch(event)) return;
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const schema::Relation* relation = evidence.relation_from_owner(event.subject);
  const flow::Row owner = evidence.row(evidence.owner_of(event.subject));
  if (relation == nullptr || !evidence.varies(owner, repetition->nest)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // Far away, or where the row may fail, somebody may want what is in the database by now.
  if (repetition->calls > 1 || is_tried(evidence.world(), repetition->place, repetition->loop)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message = PrefetchDefeated{.cost = query_cost(evidence, *repetition),
                                     .relation = relation_name(evidence, owner, *relation),
                                     .call = evidence.narrowing_call(event),
                                     .repair = evidence.words(owner.entity).use_loaded()}
                        .message();
  finding.related = explanation(evidence, event, *repetition, owner.query, event.site);
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
