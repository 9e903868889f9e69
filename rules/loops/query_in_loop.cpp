#include "rules/generated/query_in_loop.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/memos.h"
#include "rules/engine/regions.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {
namespace {

using flow::Cause;

schema::EntityId entity_of(const Evidence& evidence, const Event& event) {
  return evidence.is_row(event.subject) ? evidence.row(event.subject).entity
                                        : evidence.query(event.subject).entity;
}

const flow::Words& words_of(const Evidence& evidence, const Event& event) {
  return evidence.words(entity_of(evidence, event));
}

/// What the outer query can say of each row, instead of a query on the row's relation.
std::string annotation_for(const Evidence& evidence, const Event& event,
                           const Repetition& repetition, const schema::Relation& relation) {
  const flow::Row owner = evidence.row(evidence.owner_of(event.subject));
  const std::vector<flow::Hop> way = way_along(evidence, owner, relation);
  const flow::Words& words = evidence.words(owner.entity);
  const Value outer = evidence.query_of_loop(repetition.nest);
  const bool is_distinct = evidence.is_query(outer) && repeats_rows(evidence, outer);
  switch (event.cause()) {
    case Cause::counted:
      return words.count_of(way, is_distinct, !evidence.is_plain_relation(event.subject));
    case Cause::tested:
      return words.existence_of(way);
    default:
      return words.aggregate_of(way);
  }
}

std::string repair_for(const Evidence& evidence, const Event& event, const Repetition& repetition) {
  if (!repetition.depends) {
    return "Nothing in it depends on the loop: run it once, before the loop.";
  }
  const schema::Relation* relation = evidence.relation_from_owner(event.subject);
  const bool is_of_loop_row =
      relation != nullptr &&
      evidence.varies(evidence.row(evidence.owner_of(event.subject)), repetition.nest);
  if (!is_of_loop_row) relation = nullptr;  // the loop's query cannot bring it along
  switch (event.cause()) {
    case Cause::counted:
    case Cause::tested:
    case Cause::aggregated:
      return relation != nullptr ? annotation_for(evidence, event, repetition, *relation)
                                 : "Group and aggregate in one query before the loop.";
    case Cause::bulk_written:
      return words_of(evidence, event).write_many();
    case Cause::bulk_deleted:
      return "Collect the conditions and delete with one query.";
    case Cause::refreshed:
      return "Fetch the rows again with one query, by their keys.";
    default:
      break;
  }
  if (relation != nullptr) {
    const flow::Row owner = evidence.row(evidence.owner_of(event.subject));
    return evidence.words(owner.entity).load_some(way_along(evidence, owner, *relation));
  }
  return words_of(evidence, event).fetch_many();
}

std::string describe(const Evidence& evidence, const Event& event, const Repetition& repetition) {
  const std::string entity = entity_name(evidence, entity_of(evidence, event));
  if (!repetition.is_direct) return fmt::format("this call runs a query on {}", entity);
  switch (event.cause()) {
    case Cause::counted:
      return fmt::format("{} rows are counted in the loop", entity);
    case Cause::tested:
      return fmt::format("{} rows are looked for in the loop", entity);
    case Cause::aggregated:
      return fmt::format("{} rows are aggregated in the loop", entity);
    case Cause::bulk_written:
      return fmt::format("{} is written in the loop", entity);
    case Cause::bulk_deleted:
      return fmt::format("{} rows are deleted in the loop", entity);
    case Cause::refreshed:
      return fmt::format("{} is read again in the loop", entity);
    default:
      return fmt::format("{} is queried in the loop", entity);
  }
}

/// Whether the loop writes for each row as well: taking one query out of it leaves the others,
/// which may need to see what was written.
bool writes_as_well(const Evidence& evidence, const Event& event, const Repetition& repetition) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& other) {
    return &other != &event && is_write(other) &&
           evidence.world().chains.encloses(repetition.nest, other.nest);
  });
}

/// Whether the loop goes on to load the rows that it looks for or counts: `count-then-load`.
bool loads_the_same(const Evidence& evidence, const Event& event) {
  if (event.cause() != Cause::tested && event.cause() != Cause::counted) return false;
  const auto& events = evidence.trace().events;
  return std::any_of(&event + 1, events.data() + events.size(), [&](const Event& later) {
    return later.kind == flow::EventKind::execution && later.nest == event.nest &&
           later.cause() == Cause::iterated && same_rows(evidence, event, later);
  });
}

}  // namespace

void query_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const bool on_query = evidence.is_query(event.subject);
  if (!on_query && !evidence.is_row(event.subject)) return;  // SQL that is not read
  if (on_query) {
    const bool iterates = event.cause() == Cause::iterated || event.cause() == Cause::evaluated;
    if (iterates && evidence.is_plain_relation(event.subject)) return;  // lazy-relation-in-loop
    if (evidence.defeats_prefetch(event)) return;                       // prefetch-defeated
  }
  if (is_guarded(evidence.world(), repetition->place, repetition->loop)) return;
  diagnostics::Diagnostic finding = findings.at(repetition->place, event);
  finding.certainty = certainty_of(evidence, event, *repetition);
  if (!repetition->is_direct || !evidence.is_told_by_row(event, *repetition) ||
      writes_as_well(evidence, event, *repetition) || loads_the_same(evidence, event) ||
      does_remote_work(evidence.world(), repetition->loop) ||
      is_picked_out(evidence.world(), repetition->place, repetition->loop)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  const bool flushes = event.cause() == Cause::bulk_written &&
                       is_conditional(evidence.world(), repetition->place, repetition->loop);
  if (flushes) finding.certainty = diagnostics::Certainty::possible;  // a batch that is full
  finding.message = QueryInLoop{.cost = query_cost(evidence, *repetition),
                                .what = describe(evidence, event, *repetition),
                                .repair = repair_for(evidence, event, *repetition)}
                        .message();
  finding.related = explanation(evidence, event, *repetition, {}, repetition->place);
  // What looks at the rows again finds them loaded.
  const bool keeps_rows =
      on_query && (event.cause() == Cause::iterated || event.cause() == Cause::evaluated);
  if (keeps_rows && repetition->is_direct)
    finding.cause = evidence.cause_of_read(event.subject, *repetition);
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
