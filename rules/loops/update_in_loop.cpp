#include "rules/generated/update_in_loop.h"

#include <algorithm>

#include "rules/engine/regions.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {
namespace {

/// Whether every iteration sets the same value: nothing that it is made of comes from the loop, and
/// nothing is called for it, which may give another one each time.
bool is_same_for_all(const Evidence& evidence, const Event& change, Site loop) {
  const flow::World& world = evidence.world();
  const ir::Instruction& set = world.program.at(change.site);
  if (set.op != ir::Op::set_attribute || set.c == ir::Instruction::nowhere) return false;
  const Site value{change.site.function, set.c};
  return world.program.at(value).op != ir::Op::call && !depends_on_loop(world, value, loop);
}

/// Whether nothing else is done with the rows than to give all of them the same values, where the
/// known change is made.
bool is_only_changed(const Evidence& evidence, const Event& known, Site loop, Value query) {
  const Usage usage = usage_of(evidence, query);
  const bool is_all_here = std::ranges::all_of(usage.changes, [&](const Event* change) {
    return change->calls == known.calls && is_same_for_all(evidence, *change, loop);
  });
  return is_all_here && usage.is_whole && usage.writes.empty() && usage.reads.empty() &&
         usage.escapes.empty() && usage.folds.empty();
}

}  // namespace

void update_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition || !repetition->is_direct) return;
  const flow::Row row = evidence.row(event.subject);
  if (row.path || !evidence.is_query(row.query) || !evidence.is_element(row, repetition->nest))
    return;
  if (is_of_new_row(evidence, row)) return;  // not in the database yet
  const schema::Relation* relation = evidence.relation_of(event);
  if (relation != nullptr && !relation->holds_key) return;  // rows of a collection
  if (!is_same_for_all(evidence, event, repetition->loop)) return;
  if (!is_only_changed(evidence, event, repetition->loop, row.query)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.certainty = certainty_of(evidence, event, *repetition);
  const bool is_locked =
      evidence.world().plans.has(evidence.query(row.query).last, flow::StepKind::lock);
  if (is_locked || is_conditional(evidence.world(), event.site, repetition->loop))
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string entity = entity_name(evidence, row.entity);
  const std::string column(
      evidence.text(relation != nullptr ? relation->key_column : event.member));
  finding.message = UpdateInLoop{.cost = statement_cost(evidence, *repetition, "UPDATE"),
                                 .entity = entity,
                                 .column = column,
                                 .repair = evidence.words(row.entity).update_many(entity, column)}
                        .message();
  finding.related = explanation(evidence, event, *repetition, row.query, event.site);
  finding.cause = evidence.cause_of_read(row.query, *repetition);
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
