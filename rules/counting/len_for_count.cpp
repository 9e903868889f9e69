#include "rules/generated/len_for_count.h"

#include "rules/engine/edits.h"
#include "rules/engine/number_fixes.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {

void len_for_count(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site)) return;
  const Usage usage = usage_of(evidence, event.subject);
  if (usage.runs.empty() || !is_unread(usage) || usage.numbers.empty()) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  const schema::EntityId entity = evidence.query(event.subject).entity;
  finding.message =
      LenForCount{.entity = entity_name(evidence, entity), .repair = evidence.words(entity).count()}
          .message();
  if (auto fix = weakened(count_fix(evidence, event), finding.certainty))
    finding.fixes.push_back(std::move(*fix));
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::counting
