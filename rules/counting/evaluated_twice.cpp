#include "rules/generated/evaluated_twice.h"

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/memos.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {
namespace {

using flow::Cause;

bool is_read(const Evidence& evidence, const Event& event) {
  if (event.kind != flow::EventKind::execution || !evidence.is_query(event.subject)) return false;
  const flow::StepId last = evidence.query(event.subject).last;
  if (evidence.world().plans.has(last, flow::StepKind::lock) ||
      evidence.world().plans.has(last, flow::StepKind::none)) {
    return false;
  }
  return event.cause() == Cause::iterated || event.cause() == Cause::evaluated ||
         event.cause() == Cause::fetched || event.cause() == Cause::counted ||
         event.cause() == Cause::tested;
}

bool keeps_its_rows(const Evidence& evidence, const Event& event) {
  return event.cause() != Cause::fetched && event.cause() != Cause::counted &&
         event.cause() != Cause::tested &&
         !evidence.world().plans.has(evidence.query(event.subject).last, flow::StepKind::stream);
}

/// Whether the second runs on the object that the first did: there too, if a variable holds one of
/// several.
bool may_be_same_object(const Evidence& evidence, const Event& first, const Event& second) {
  const flow::StepId object = evidence.query(first.subject).last;
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == second.kind && event.site == second.site && event.calls == second.calls &&
           evidence.is_query(event.subject) && evidence.query(event.subject).last == object;
  });
}

/// Whether a function on the way to the query keeps something on an object, the answer perhaps, or
/// looks at the attribute that the caller keeps it in.
bool may_be_memo(const Evidence& evidence, const Event& event) {
  std::vector<Site> way = evidence.way_to(event);
  way.push_back(evidence.site_of_query(event.subject));
  const flow::World& world = evidence.world();
  const base::Name kept = attribute_kept_in(world, way.front());
  return std::any_of(way.begin() + 1, way.end(), [&](Site site) {
    return site &&
           (keeps_something(world, site) || (kept && names_member(world, site.function, kept)));
  });
}

/// Whether a generator on the way may never be asked for its elements.
bool is_by_generator(const Evidence& evidence, const Event& event) {
  const std::vector<Site> way = evidence.way_to(event);
  return std::any_of(way.begin() + 1, way.end(), [&](Site site) {
    const program::Program& program = evidence.world().program;
    return program.function(site.function).code->is_generator;
  });
}

/// Whether a variable holds the query or something else, such as rows that are loaded already: then
/// the way through the event is decided at the event itself.
bool is_one_of_several(const Evidence& evidence, const Event& event) {
  const std::vector<Site> decisions = evidence.world().chains.decisions(event.branch);
  return !decisions.empty() && decisions.front() == event.site;
}

/// The same question in the same words: once more, the answer of the first would have done.
bool asks_again(const Evidence& evidence, const Event& first, const Event& second) {
  if (first.cause() != second.cause() || !follows(evidence, first, second)) return false;
  if (is_one_of_several(evidence, first) || is_one_of_several(evidence, second)) return false;
  if (!same_rows(evidence, first, second, Order::counts)) return false;
  if (!same_columns(evidence, first, second)) return false;
  if (is_written_between(evidence, first, second, {})) return false;
  if (is_second_try(evidence.world(), evidence.site_in_followed(first),
                    evidence.site_in_followed(second)))
    return false;
  if (first.calls == second.calls) {
    return evidence.is_in_followed(first.site) && first.site != second.site &&
           !(keeps_its_rows(evidence, first) && may_be_same_object(evidence, first, second));
  }
  return evidence.is_same_call(first, second) && !may_be_memo(evidence, first) &&
         !is_by_generator(evidence, first);
}

/// An index into a query whose rows are loaded already is served from them, and so is the first row
/// where they have an order. Code out of sight that gets the query may load them.
bool is_served(const Evidence& evidence, const Event& fetch) {
  if (fetch.cause() != Cause::fetched) return false;
  const flow::Plans& plans = evidence.world().plans;
  const flow::Query query = evidence.query(fetch.subject);
  const bool is_ordered = plans.has(query.last, flow::StepKind::order) ||
                          !evidence.entity(query.entity).ordering.empty();
  const bool is_index = plans.step(query.last).kind == flow::StepKind::slice;
  if (!is_index && !is_ordered) return false;
  flow::StepId whole = is_index ? plans.step(query.last).previous : query.last;
  while (plans.step(whole).kind == flow::StepKind::copy) whole = plans.step(whole).previous;
  const auto& events = evidence.trace().events;
  return std::any_of(events.data(), &fetch, [&](const Event& earlier) {
    const bool loads =
        earlier.kind == flow::EventKind::escape ||
        (earlier.kind == flow::EventKind::execution &&
         (earlier.cause() == Cause::iterated || earlier.cause() == Cause::evaluated));
    return loads && evidence.is_query(earlier.subject) &&
           evidence.query(earlier.subject).last == whole;
  });
}

/// A plain relation of an object that came from elsewhere may be prefetched: then its rows are
/// there, and the first of them where they have an order.
bool may_be_prefetched(const Evidence& evidence, const Event& event) {
  if (event.cause() == Cause::fetched &&
      evidence.entity(evidence.query(event.subject).entity).ordering.empty()) {
    return false;
  }
  return evidence.is_of_passed(event.subject);
}

/// Whether each answer goes into a variable of its own: somebody wants two objects, such as an old
/// one and one to change.
bool are_kept_apart(const Evidence& evidence, const Event& first, const Event& second) {
  const auto kept = [&](const Event& event) {
    return kept_in(evidence.world(), evidence.site_in_followed(event));
  };
  return first.cause() == Cause::fetched && kept(first) && kept(second) &&
         kept(first) != kept(second);
}

/// Whether one run passes the first and some other for sure: where each is under a condition of its
/// own, or the others follow a failure, perhaps only ever one of them runs.
bool is_sure(const Evidence& evidence, const Event& first, const std::vector<const Event*>& again) {
  if (may_be_prefetched(evidence, first)) return false;
  if (asks_shared_attribute(evidence.world(), evidence.site_in_followed(first))) return false;
  const flow::Chains& chains = evidence.world().chains;
  return std::ranges::any_of(again, [&](const Event* more) {
    return !evidence.is_seldom(*more) && !are_kept_apart(evidence, first, *more) &&
           !may_write_between(evidence.world(), evidence.site_in_followed(first),
                              evidence.site_in_followed(*more)) &&
           (chains.implies(more->branch, first.branch) ||
            chains.implies(first.branch, more->branch));
  });
}

/// How many of them one run can pass.
std::size_t most_in_one_run(const Evidence& evidence, const std::vector<const Event*>& events) {
  std::vector<const Event*> together;
  for (const Event* event : events) {
    const bool fits = std::ranges::all_of(together, [&](const Event* other) {
      return evidence.world().chains.compatible(event->branch, other->branch);
    });
    if (fits) together.push_back(event);
  }
  return together.size();
}

}  // namespace

void evaluated_twice(const Evidence& evidence, Findings& findings) {
  std::vector<const Event*> reads;
  for (const Event& event : evidence.trace().events) {
    const bool is_kept = (event.flags & flow::flag::kept) != 0;
    if (is_read(evidence, event) && !is_kept && !is_served(evidence, event))
      reads.push_back(&event);
  }
  while (reads.size() > 1) {
    const Event& first = *reads.front();
    std::vector<const Event*> again;
    std::vector<const Event*> rest;
    for (const Event* later : std::span(reads).subspan(1)) {
      (asks_again(evidence, first, *later) ? again : rest).push_back(later);
    }
    reads = std::move(rest);
    if (again.empty()) continue;
    const Site place = evidence.site_in_followed(*again.front());
    const Site before = evidence.site_in_followed(first);
    diagnostics::Diagnostic finding = findings.at(place, first);
    if (!is_sure(evidence, first, again)) {
      finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    }
    finding.message =
        EvaluatedTwice{.count = std::to_string(1 + most_in_one_run(evidence, again)),
                       .entity = entity_name(evidence, evidence.query(first.subject).entity),
                       .repair = place != again.front()->site
                                     ? "Keep its result in a variable, or the property's in "
                                       "a `cached_property` if nothing changes it."
                                     : "Keep its result in a variable."}
            .message();
    finding.related.push_back({evidence.place(before), "first run here"});
    for (const Event* more : std::span(again).subspan(1)) {
      finding.related.push_back(
          {evidence.place(evidence.site_in_followed(*more)), "and again here"});
    }
    findings.add(std::move(finding));
  }
}

}  // namespace querylint::rules::counting
