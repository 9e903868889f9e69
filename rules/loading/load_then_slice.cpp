#include "rules/generated/load_then_slice.h"

#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {

void load_then_slice(const Evidence& evidence, const Event& event, Findings& findings) {
  const Event* run = needless_run(evidence, event);
  if (run == nullptr) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      LoadThenSlice{.entity = entity_name(evidence, evidence.query(event.subject).entity)}
          .message();
  finding.related.push_back({evidence.place(run->site), "all rows are loaded here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
