#include "rules/generated/load_then_index.h"

#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {

void load_then_index(const Evidence& evidence, const Event& event, Findings& findings) {
  const Event* run = needless_run(evidence, event);
  if (run == nullptr) return;
  const flow::Values& values = evidence.world().values;
  const bool is_constant = values.is(event.detail_value, flow::ValueKind::constant);
  const bool is_first =
      is_constant && evidence.text(values.constant(event.detail_value).text) == "0";
  const schema::EntityId entity = evidence.query(event.subject).entity;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message = LoadThenIndex{.entity = entity_name(evidence, entity),
                                  .which = is_first ? "the first" : "one",
                                  .limit = evidence.words(entity).limit_to_one(),
                                  .order = is_first ? "" : ", from the other end for the last one"}
                        .message();
  finding.related.push_back({evidence.place(run->site), "all rows are loaded here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
