#include "rules/generated/repeated_subquery.h"

#include <fmt/format.h>

#include "rules/engine/aggregates.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

struct Subquery {
  Value query;
  std::string label;
  Site site;
};

std::vector<Subquery> subqueries_of(const Evidence& evidence, Value query) {
  std::vector<Subquery> result;
  std::vector<flow::StepId> chain = evidence.world().plans.chain(evidence.query(query).last);
  for (auto id = chain.rbegin(); id != chain.rend(); ++id) {
    const flow::Step& step = evidence.world().plans.step(*id);
    if (step.kind != flow::StepKind::annotate) continue;
    for (const auto& [label, value] : step.arguments) {
      for (const flow::Term& term : terms_within(evidence, value, "Subquery")) {
        if (term.arguments.empty() || !evidence.is_query(term.arguments[0].second)) continue;
        result.push_back({term.arguments[0].second, std::string(evidence.text(label)), step.site});
      }
    }
  }
  return result;
}

}  // namespace

void repeated_subquery(const Evidence& evidence, const Event& event, Findings& findings) {
  const std::vector<Subquery> all = subqueries_of(evidence, event.subject);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::string labels = "`" + all[i].label + "`";
    std::size_t count = 1;
    Site last = all[i].site;
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!same_rows(evidence, all[i].query, all[j].query, Order::counts)) continue;
      labels += ", `" + all[j].label + "`";
      last = all[j].site;
      ++count;
    }
    if (count < 2 || last != event.site) continue;
    diagnostics::Diagnostic finding = findings.at(event.site, event);
    // What later conditions, orders and subqueries make of the columns is not looked at.
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    finding.message =
        RepeatedSubquery{.count = std::to_string(count),
                         .entity = entity_name(evidence, evidence.query(all[i].query).entity),
                         .labels = labels}
            .message();
    const Site built = evidence.site_of_query(all[i].query);
    if (built) finding.related.push_back({evidence.place(built), "the rows of this subquery"});
    findings.add(std::move(finding));
    return;
  }
}

}  // namespace querylint::rules::subqueries
