#include "rules/generated/unused_eager_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

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

/// Whether another query of the trace loads by the same step, and more is done with it than to
/// refine it: what that one's rows meet is another matter.
bool is_shared(const Evidence& evidence, Value query, const Step& step) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    Value other = event.subject;
    if (event.kind == flow::EventKind::step || !other) return false;
    if (evidence.is_row(other)) other = evidence.row(other).query;
    if (!evidence.is_query(other) || other == query) return false;
    bool found = false;
    evidence.world().plans.each(evidence.query(other).last, [&](const Step& known, bool) {
      found = known == step;
      return !found;
    });
    return found;
  });
}

bool is_unread(const Evidence& evidence, const Usage& usage, const Step& step) {
  const schema::Relation* relation =
      relation_at(evidence, evidence.query(usage.query).entity, step.path);
  return relation != nullptr && evidence.is_in_followed(step.site) &&
         !leads_on(evidence, usage.query, step.path) &&
         !gets_away_along(evidence, usage, step.path) &&
         !is_read(evidence, usage, step.path, *relation) && !is_shared(evidence, usage.query, step);
}

std::string text_of(const Evidence& evidence, PathId path) {
  std::string text;
  for (const base::Name name : evidence.world().plans.names(path))
    text.append(text.empty() ? "" : ".").append(evidence.text(name));
  return fmt::format("`{}`", text);
}

/// One finding for all that one call loads.
void report(const Evidence& evidence, const Event& run, const std::vector<Step>& unread,
            Findings& findings) {
  std::set<std::string> names;
  for (const Step& step : unread) names.insert(text_of(evidence, step.path));
  const bool is_joined = unread.front().kind == StepKind::load_join;
  diagnostics::Diagnostic finding = findings.at(unread.front().site, run);
  finding.message =
      UnusedEagerLoad{.relation = fmt::format("{}", fmt::join(names, ", ")),
                      .verb = names.size() == 1 ? "is" : "are",
                      .entity = entity_name(evidence, evidence.query(run.subject).entity),
                      .cost = is_joined ? "more tables are joined, and all their columns sent"
                                        : "more statements run, and all their rows are sent"}
          .message();
  finding.related.push_back({evidence.place(run.site), "the rows are loaded here"});
  findings.add(std::move(finding));
}

}  // namespace

void unused_eager_load(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject) || event.certainty != flow::Certainty::resolved) return;
  const flow::Query query = evidence.query(event.subject);
  if (query.shape != flow::Shape::rows) return;
  const Usage usage = usage_of(evidence, event.subject);
  if (loading_run(usage) != &event || is_out_of_sight(evidence, usage) || usage.reads.empty())
    return;
  std::map<Site, std::vector<Step>> unread;
  evidence.world().plans.each(query.last, [&](const Step& step, bool is_certain) {
    const bool loads =
        (step.kind == StepKind::load_join || step.kind == StepKind::load_separate) && step.path;
    if (loads && is_certain && is_unread(evidence, usage, step)) unread[step.site].push_back(step);
    return true;
  });
  for (const auto& [site, steps] : unread) report(evidence, event, steps, findings);
}

}  // namespace querylint::rules::loading
