#include "rules/generated/joined_or.h"

#include <fmt/format.h>

#include <set>

#include "rules/engine/code.h"
#include "rules/engine/conditions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {

namespace {

/// The tables that the alternatives of one OR compare columns of, if there are several.
std::set<std::string> tables_of(const Evidence& evidence, schema::EntityId entity,
                                const std::pair<base::Name, Value>& argument) {
  std::set<std::string> tables;
  each_choice(evidence, {&argument, 1}, [&](flow::Attributes alternatives) {
    std::set<std::string> either;
    each_comparison(evidence, alternatives, [&](std::string_view lookup, Value) {
      either.insert(other_table(evidence, entity, lookup));
    });
    if (either.size() > 1) tables.merge(either);
  });
  return tables;
}

/// Whether a join matches rows by either of several conditions, one of which compares columns of
/// the two tables.
bool matches_by_either(const Evidence& evidence, const flow::Step& match) {
  bool found = false;
  each_choice(evidence, match.arguments, [&](flow::Attributes alternatives) {
    if (alternatives.size() < 2) return;
    each_comparison(evidence, alternatives, [&](std::string_view, Value operand) {
      found = found || evidence.world().values.is(operand, flow::ValueKind::term);
    });
  });
  return found;
}

void judge_match(const Evidence& evidence, const Event& event, const flow::Step& match,
                 Findings& findings) {
  if (!matches_by_either(evidence, match)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.message = JoinedOr{.what = "The condition of a join is an OR",
                             .entity = entity_name(evidence, evidence.query(event.subject).entity)}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace

void joined_or(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  if (filter.kind == flow::StepKind::match) return judge_match(evidence, event, filter, findings);
  const schema::EntityId entity = evidence.query(event.subject).entity;
  std::set<std::string> tables;
  std::size_t position = 0;
  for (; position < filter.arguments.size() && tables.empty(); ++position)
    tables = tables_of(evidence, entity, filter.arguments[position]);
  if (tables.empty()) return;
  std::string names;
  for (const std::string& table : tables) {
    const std::string name = table.empty()
                                 ? fmt::format("columns of {}", entity_name(evidence, entity))
                                 : fmt::format("`{}`", table);
    names += (names.empty() ? "" : table == *tables.rbegin() ? " and " : ", ") + name;
  }
  diagnostics::Diagnostic finding = findings.at(
      argument_site(evidence.world(), event.site, position - 1, filter.arguments.size()), event);
  finding.message =
      JoinedOr{.what = "An OR over " + names, .entity = entity_name(evidence, entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::subqueries
