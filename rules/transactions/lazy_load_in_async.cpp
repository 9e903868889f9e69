#include "rules/generated/lazy_load_in_async.h"

#include <fmt/format.h>

#include "rules/engine/loading_fix.h"
#include "rules/engine/shared_objects.h"
#include "rules/engine/wording.h"

namespace querylint::rules::transactions {

void lazy_load_in_async(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Row row = evidence.row(event.subject);
  if (!evidence.is_query(row.query)) return;
  const flow::Plans& plans = evidence.world().plans;
  if (!plans.has(evidence.query(row.query).last, flow::StepKind::awaited)) return;
  const schema::Relation* relation = evidence.relation_of(event);
  if (relation != nullptr && loaded_elsewhere(evidence, event, row, *relation) == Elsewhere::all)
    return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // Some other query of the session may have loaded the related row.
  if (relation != nullptr && relation->holds_key)
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      LazyLoadInAsync{
          .attribute =
              fmt::format("{}.{}", entity_name(evidence, row.entity), evidence.text(event.member)),
          .repair = relation != nullptr ? fmt::format("Add `{}` to the query.",
                                                      loading_call(evidence, row, *relation))
                                        : evidence.words(row.entity).load_column()}
          .message();
  const Site built = evidence.site_of_query(row.query);
  if (built) finding.related.push_back({evidence.place(built), "rows of this query"});
  if (relation != nullptr) {
    if (auto fix = loading_fix(evidence, {event, row, relation, false, finding.certainty}))
      finding.fixes.push_back(std::move(*fix));
  }
  for (const std::string_view rule :
       {"lazy-relation-in-loop", "related-object-for-its-key", "deferred-column-in-loop"}) {
    finding.moot.push_back({rule, finding.place, {}});
  }
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::transactions
