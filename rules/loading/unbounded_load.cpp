#include "rules/generated/unbounded_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/engine/occasions.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {
namespace {

using flow::Cause;
using flow::StepKind;

bool is_in_job(const Evidence& evidence, Site site) {
  return is_job(evidence.place(site).path, evidence.function_name(site));
}

bool is_bounded(const Evidence& evidence, Value query) {
  if (is_by_keys(evidence, query)) return true;
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  for (const StepKind kind : {StepKind::slice, StepKind::stream, StepKind::none, StepKind::given}) {
    if (plans.has(last, kind)) return true;
  }
  return flow::root_of(evidence.world(), query).kind != StepKind::all;
}

/// Objects, or some columns of a whole table; not groups, nor the columns of rows that were looked
/// for.
bool is_whole(const Evidence& evidence, Value query) {
  if (evidence.query(query).shape == flow::Shape::rows) return true;
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  return std::ranges::none_of(
      std::array{StepKind::filter, StepKind::exclude, StepKind::distinct, StepKind::annotate,
                 StepKind::join, StepKind::combined, StepKind::other, StepKind::maybe},
      [&](StepKind kind) { return plans.has(last, kind); });
}

/// Deleting by a query loads the rows first where something has to hear of each.
void judge_delete(const Evidence& evidence, const Event& event, Findings& findings) {
  const schema::EntityId id = evidence.query(event.subject).entity;
  const schema::Entity& entity = evidence.entity(id);
  if (!entity.deletes_one_by_one) return;
  std::string why;
  if (entity.hooks.on_bulk_delete) why = "receivers of its delete signals";
  if (evidence.world().schema.tells_of_deletes) why = "a receiver that hears of every delete";
  const std::string_view repair =
      why.empty()
          ? "Delete in batches of keys."
          : "Delete in batches of keys, or by `_raw_delete()` where no receiver has to hear of it.";
  for (const schema::Relation& relation : entity.relations) {
    const bool is_reverse =
        relation.cardinality == schema::Cardinality::to_many && !relation.is_many_to_many;
    if (why.empty() && is_reverse && relation.target) {
      why = fmt::format("rows of {} that refer to them", entity_name(evidence, relation.target));
    }
  }
  if (why.empty()) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.message = UnboundedLoad{.what = fmt::format(
                                      "`delete()` first loads all these rows of {}, because of {}",
                                      entity_name(evidence, id), why),
                                  .repair = repair}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace

void unbounded_load(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject) || is_bounded(evidence, event.subject)) return;
  if (event.cause() == Cause::bulk_deleted) {
    judge_delete(evidence, event, findings);
    return;
  }
  const Site site = event.site;
  if (!is_whole(evidence, event.subject) || !is_in_job(evidence, site)) return;
  if (event.nest && evidence.repetition(event)) return;
  diagnostics::Diagnostic finding = findings.at(site, event);
  finding.message =
      UnboundedLoad{
          .what = fmt::format("All these rows of {} are held in memory at once",
                              entity_name(evidence, evidence.query(event.subject).entity)),
          .repair = fmt::format("`{}` streams them.",
                                evidence.words(evidence.query(event.subject).entity).stream())}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
