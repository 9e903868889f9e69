#include "rules/generated/lazy_relation_in_loop.h"

#include <fmt/format.h>

#include "rules/engine/loading_fix.h"
#include "rules/engine/regions.h"
#include "rules/engine/shared_objects.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {
namespace {

using diagnostics::Certainty;

/// What is read: a relation of a row, to-one by its attribute, to-many by iterating it.
struct Read {
  flow::Row row;
  const schema::Relation* relation = nullptr;
};

Read read_by(const Evidence& evidence, const Event& event) {
  if (event.cause() == flow::Cause::lazy_relation) {
    return {evidence.row(event.subject), evidence.relation_of(event)};
  }
  if (!evidence.is_plain_relation(event.subject)) return {};
  const Value owner = evidence.owner_of(event.subject);
  return {evidence.row(owner), evidence.relation_from_owner(event.subject)};
}

/// A relation that is a query on purpose cannot be loaded with the rows.
bool is_loadable(const Read& read) { return read.relation->loading != schema::Loading::query; }

std::string repair_for(const Evidence& evidence, const Read& read) {
  if (is_loadable(read))
    return fmt::format("Add `{}` to the query.", loading_call(evidence, read.row, *read.relation));
  const std::vector<flow::Hop> way = way_along(evidence, read.row, *read.relation);
  return evidence.words(read.row.entity).load_some(way);
}

/// Whether to load the relation with the query would spare statements: not apart, for each of the
/// queries that the loop runs, and not what is out of date when the loop reads it.
bool would_spare(const Evidence& evidence, const Event& event, const Read& read, NestId loop) {
  const bool is_asked_each_time =
      evidence.is_query(read.row.query) &&
      evidence.world().chains.encloses(loop, evidence.query(read.row.query).born);
  return (!is_asked_each_time || is_joined(evidence, read.row, *read.relation)) &&
         !is_outdated_in_loop(evidence, event, read.row, loop);
}

}  // namespace

void lazy_relation_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const Read read = read_by(evidence, event);
  if (read.relation == nullptr) return;
  const bool to_one = event.cause() == flow::Cause::lazy_relation;
  if (to_one && evidence.only_key_is_read(event)) return;  // related-object-for-its-key
  if (to_one && evidence.was_read_before(event)) return;
  if (!evidence.varies(read.row, repetition->nest) ||
      leads_to_one(evidence, read.row, *read.relation) ||
      loaded_elsewhere(evidence, event, read.row, *read.relation) == Elsewhere::all)
    return;

  const Value query = read.row.query;
  const Site place = reading_place(evidence, event, *repetition, query);
  diagnostics::Diagnostic finding = findings.at(place, event);
  finding.certainty = certainty_of_read(evidence, event, *repetition, read.row);
  if (!is_loadable(read)) finding.certainty = weaker(finding.certainty, Certainty::likely);
  finding.message =
      LazyRelationInLoop{.cost = query_cost(evidence, *repetition),
                         .relation = relation_name(evidence, read.row, *read.relation),
                         .repair = repair_for(evidence, read)}
          .message();
  finding.related = explanation(evidence, event, *repetition, query, place);
  const bool is_always_read =
      !is_conditional(evidence.world(), repetition->place, repetition->loop);
  auto fix =
      loading_fix(evidence, {event, read.row, read.relation, is_always_read, finding.certainty});
  if (fix && is_loadable(read) && would_spare(evidence, event, read, repetition->nest))
    finding.fixes.push_back(std::move(*fix));
  finding.cause =
      evidence.cause_of_read(query, *repetition, evidence.lookup_path(read.row, *read.relation));
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
