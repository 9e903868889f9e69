#include "rules/generated/joined_or.h"

#include <set>

#include "rules/engine/aggregates.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {

void joined_or(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  const schema::EntityId entity = evidence.query(event.subject).entity;
  std::set<std::string> relations;
  for (const auto& [label, value] : filter.arguments) {
    for (const flow::Term& either : terms_within(evidence, value, "Or")) {
      for (const auto& [position, part] : either.arguments) {
        for (const flow::Term& condition : terms_within(evidence, part, "Q")) {
          for (const auto& [lookup, operand] : condition.arguments) {
            if (lookup) relations.insert(to_many_path(evidence, entity, evidence.text(lookup)));
          }
        }
      }
    }
  }
  relations.erase("");
  if (relations.size() < 2) return;
  std::string names;
  for (const std::string& relation : relations)
    names += (names.empty() ? "`" : ", `") + relation + "`";
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.message = JoinedOr{.relations = names, .entity = entity_name(evidence, entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::subqueries
