#include "rules/generated/unused_eager_load.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {
namespace {

using flow::PathId;
using flow::Plans;
using flow::Step;
using flow::StepKind;

bool starts_with(const Plans& plans, PathId path, PathId front) {
  while (plans.length(path) > plans.length(front)) path = plans.parent(path);
  return path == front;
}

/// The relation that the last part of a path names; null for what is not known.
const schema::Relation* relation_at(const Evidence& evidence, schema::EntityId entity,
                                    PathId path) {
  const schema::Relation* relation = nullptr;
  for (const base::Name name : evidence.world().plans.names(path)) {
    if (!entity || entity == evidence.world().schema.unknown) return nullptr;
    relation = evidence.entity(entity).relation_by_lookup(name);
    if (relation == nullptr) return nullptr;
    entity = relation->target;
  }
  return relation;
}

/// Whether the rows on the way to the relation, or those behind it, get to where anything may be
/// read of them.
bool gets_away_along(const Evidence& evidence, const Usage& usage, PathId path) {
  const Plans& plans = evidence.world().plans;
  const auto is_along = [&](const Event* event) {
    if (!evidence.is_row(event->subject)) return true;
    const PathId at = evidence.row(event->subject).path;
    return starts_with(plans, path, at) || starts_with(plans, at, path);
  };
  return std::ranges::any_of(usage.escapes, is_along);
}

bool is_read(const Evidence& evidence, const Usage& usage, PathId path,
             const schema::Relation& relation) {
  const Plans& plans = evidence.world().plans;
  const PathId parent = plans.parent(path);
  return std::ranges::any_of(usage.reads, [&](const Event* read) {
    const PathId at = evidence.row(read->subject).path;
    const bool names_it = read->member == relation.name || read->member == relation.lookup;
    return starts_with(plans, at, path) || (at == parent && names_it);
  });
}

/// Whether a relation that is loaded leads through this one: then that one is what matters.
bool leads_on(const Evidence& evidence, Value query, PathId path) {
  const Plans& plans = evidence.world().plans;
  bool found = false;
  plans.each(evidence.query(query).last, [&](const Step& step, bool) {
    const bool loads = step.kind == StepKind::load_join || step.kind == StepKind::load_separate;
    found = loads && step.path != path && starts_with(plans, step.path, path);
    return !found;
  });
  return found;
}

/// Whether something of the query stands in the way of telling what is read.
bool is_out_of_sight(const Evidence& evidence, const Usage& usage) {
  const Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(usage.query).last;
  for (const StepKind kind :
       {StepKind::given, StepKind::combined, StepKind::load_anything, StepKind::forget_loads_join,
        StepKind::forget_loads_separate, StepKind::other, StepKind::maybe}) {
    if (plans.has(last, kind)) return true;
  }
  return !usage.is_whole || !usage.changes.empty() || !usage.writes.empty() ||
         !evidence.is_made_in_trace(usage.query) || evidence.is_kept(usage.query);
}

void judge(const Evidence& evidence, const Usage& usage, const Event& run, const Step& step,
           Findings& findings) {
  const schema::EntityId entity = evidence.query(usage.query).entity;
  const schema::Relation* relation = relation_at(evidence, entity, step.path);
  if (relation == nullptr || !evidence.is_in_followed(step.site)) return;
  if (leads_on(evidence, usage.query, step.path) || gets_away_along(evidence, usage, step.path) ||
      is_read(evidence, usage, step.path, *relation)) {
    return;
  }
  std::string path;
  for (const base::Name name : evidence.world().plans.names(step.path))
    path.append(path.empty() ? "" : ".").append(evidence.text(name));
  diagnostics::Diagnostic finding = findings.at(step.site, run);
  finding.message = UnusedEagerLoad{.relation = path,
                                    .entity = entity_name(evidence, entity),
                                    .cost = step.kind == StepKind::load_join
                                                ? "all columns of another table with each row"
                                                : "one more statement, and all rows that it gives"}
                        .message();
  finding.related.push_back({evidence.place(run.site), "the rows are loaded here"});
  finding.cause = fmt::format("{}:{}:{}", finding.place.path, finding.place.range.begin, path);
  findings.add(std::move(finding));
}

}  // namespace

void unused_eager_load(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject) || event.certainty != flow::Certainty::resolved) return;
  if (evidence.query(event.subject).shape != flow::Shape::rows) return;
  const Usage usage = usage_of(evidence, event.subject);
  if (loading_run(usage) != &event || is_out_of_sight(evidence, usage) || usage.reads.empty())
    return;
  evidence.world().plans.each(
      evidence.query(event.subject).last, [&](const Step& step, bool is_certain) {
        const bool loads =
            (step.kind == StepKind::load_join || step.kind == StepKind::load_separate) && step.path;
        if (loads && is_certain) judge(evidence, usage, event, step, findings);
        return true;
      });
}

}  // namespace querylint::rules::loading
