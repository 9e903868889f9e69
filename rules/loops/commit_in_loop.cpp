#include "rules/generated/commit_in_loop.h"

#include <algorithm>

#include "rules/engine/regions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {
namespace {

/// Whether a commit behind it in the loop's code flushes as well: one of the two is enough to say.
bool is_committed_too(const Evidence& evidence, const Event& flush) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == flow::EventKind::execution && event.cause() == flow::Cause::committed &&
           event.nest == flush.nest;
  });
}

/// Whether the loop reads the key of what it adds, or asks for rows that it has just written.
bool needs_what_is_written(const Evidence& evidence, const Event& flush) {
  const auto& events = evidence.trace().events;
  return std::ranges::any_of(events, [&](const Event& event) {
    if (event.nest != flush.nest) return false;
    const bool asks = event.kind == flow::EventKind::execution && evidence.is_query(event.subject);
    const bool reads_key = event.kind == flow::EventKind::use && evidence.is_row(event.subject) &&
                           evidence.is_of_made(evidence.row(event.subject).query);
    return asks || reads_key;
  });
}

}  // namespace

void commit_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const bool commits = event.cause() == flow::Cause::committed;
  if (!commits && is_committed_too(evidence, event)) return;
  diagnostics::Diagnostic finding = findings.at(repetition->place, event);
  finding.certainty = certainty_of(evidence, event, *repetition);
  // What another function flushes it may flush for other callers.
  if ((!commits && !repetition->is_direct) || needs_what_is_written(evidence, event) ||
      is_tried(evidence.world(), repetition->place, repetition->loop) ||
      does_remote_work(evidence.world(), repetition->loop)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  // Every so many rows, or when something has happened.
  if (is_conditional(evidence.world(), repetition->place, repetition->loop) ||
      evidence.is_conditional_there(event, *repetition))
    finding.certainty = diagnostics::Certainty::possible;
  finding.message =
      CommitInLoop{
          .cost = statement_cost(evidence, *repetition, commits ? "COMMIT" : "flush"),
          .what = commits ? "committed" : "flushed",
          .repair = commits ? "Commit once, behind it." : "Flush once, behind it: a commit does."}
          .message();
  finding.related = explanation(evidence, event, *repetition, {}, repetition->place);
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
