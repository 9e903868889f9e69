#include "rules/generated/count_then_load.h"

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/folds.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {
namespace {

using flow::Cause;

/// Groups of rows are not the rows that were counted.
bool loads(const Evidence& evidence, const Event& event) {
  if (event.kind != flow::EventKind::execution || !evidence.is_query(event.subject)) return false;
  if (is_grouped(evidence, event.subject)) return false;
  return event.cause() == Cause::iterated || event.cause() == Cause::evaluated ||
         event.cause() == Cause::fetched;
}

bool is_streamed(const Evidence& evidence, Value query) {
  return evidence.world().plans.has(evidence.query(query).last, flow::StepKind::stream);
}

/// Whether only some runs load a page: what is counted then is more than what is loaded, or should
/// be.
bool may_be_page(const Evidence& evidence, Value query) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last,
                              [&](const flow::Step& step, bool is_certain) {
                                found = step.kind == flow::StepKind::slice && !is_certain;
                                return !found;
                              });
  return found;
}

/// Whether a number goes to something that shows how far the work is, which is there before the
/// rows are.
bool is_length_of_progress(const Evidence& evidence, const Event& count) {
  return is_given_to(evidence.world(), count.site, "progress") ||
         is_given_to(evidence.world(), count.site, "tqdm");
}

}  // namespace

void count_then_load(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject) || !evidence.is_in_followed(event.site)) return;
  const auto& events = evidence.trace().events;
  const bool is_loaded = std::any_of(events.data(), &event, [&](const Event& earlier) {
    return loads(evidence, earlier) && earlier.subject == event.subject &&
           earlier.cause() != Cause::fetched;
  });
  if (is_loaded) return;  // then counting costs nothing
  const auto load = std::find_if(
      events.begin() + (&event - events.data()), events.end(), [&](const Event& later) {
        return loads(evidence, later) && later.calls == event.calls &&
               follows(evidence, event, later) && same_rows(evidence, event, later) &&
               !is_streamed(evidence, later.subject);
      });
  if (load == events.end()) return;
  const bool counts = event.cause() == Cause::counted;
  if (counts && load->cause() == Cause::fetched)
    return;  // `first()` cannot tell how many there are
  if (is_written_between(evidence, event, *load, evidence.query(event.subject).entity)) return;

  diagnostics::Diagnostic finding = findings.at(event.site, event);
  const bool is_wanted = std::any_of(&event, &*load, [&](const Event& between) {
    return between.kind == flow::EventKind::use && between.subject == event.subject;
  });
  // The count decides, or tells, something before.
  if (is_wanted || load->branch != event.branch || may_be_page(evidence, load->subject) ||
      is_length_of_progress(evidence, event)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message =
      CountThenLoad{.entity = entity_name(evidence, evidence.query(event.subject).entity),
                    .what = counts ? "counted" : "looked for",
                    .repair = load->cause() == Cause::fetched
                                  ? "Call `first()` at once and see whether it gives None."
                              : counts
                                  ? "Load them first: `len()` of what is loaded costs nothing."
                                  : "Load them first: whether there are any costs nothing then."}
          .message();
  finding.related.push_back({evidence.place(load->site), "loaded here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::counting
