#include "rules/generated/create_in_loop.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/writes.h"

namespace querylint::rules::loops {
namespace {

/// Whether the new object gets rows of its own in the loop: they need its key.
bool gets_rows(const Evidence& evidence, const Event& creation) {
  const auto& events = evidence.trace().events;
  return std::any_of(&creation + 1, events.data() + events.size(), [&](const Event& later) {
    const Value owner = evidence.owner_of(later.subject);
    return later.nest == creation.nest && owner && owner == creation.subject;
  });
}

/// Whether the loop goes on with an object that it has saved, or saves it again as another one.
bool is_used_later(const Evidence& evidence, const Event& event, const Repetition& repetition) {
  if (!evidence.is_row(event.subject)) return false;
  return std::ranges::any_of(evidence.trace().events, [&](const Event& other) {
    if (!evidence.is_row(other.subject) || other.site == event.site) return false;
    const bool saves_again =
        other.kind == flow::EventKind::execution && other.cause() == flow::Cause::created;
    return (saves_again || (&other > &event && other.kind != flow::EventKind::escape)) &&
           evidence.row(other.subject).query == evidence.row(event.subject).query &&
           evidence.world().chains.encloses(repetition.nest, other.nest);
  });
}

}  // namespace

void create_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto write = repeated_write(evidence, event);
  if (!write) return;
  const bool finds_first = event.cause() == flow::Cause::found_or_created;
  const std::string entity = entity_name(evidence, write->entity);
  diagnostics::Diagnostic finding =
      write_finding(evidence, event, *write, findings, {"query-in-loop", "save-in-loop"});
  // Objects that the loop goes on to use need their keys at once.
  const bool is_needed_at_once = finds_first || is_used(evidence.world(), event.site) ||
                                 gets_rows(evidence, event) ||
                                 is_used_later(evidence, event, write->repetition);
  if (is_needed_at_once)
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string_view repair = finds_first
                                      ? "Fetch the existing ones with one query, and add the "
                                        "missing ones with `{}`, "
                                        "or use `bulk_create(..., update_conflicts=True)`."
                                      : "Build the objects in the loop and insert them with one "
                                        "`{}` behind it.";
  finding.message =
      CreateInLoop{
          .cost = statement_cost(evidence, write->repetition,
                                 finds_first ? "SELECT and INSERT" : "INSERT"),
          .what = fmt::format(
              "{} is created in the loop{}", entity,
              evidence.is_called_in_loop(event, write->repetition) ? "" : ", by this call"),
          .repair =
              fmt::format(fmt::runtime(repair), evidence.words(write->entity).insert_many(entity)),
          .caveat = write->caveat}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
