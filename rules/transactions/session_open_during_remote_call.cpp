#include "rules/generated/session_open_during_remote_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "rules/engine/evidence.h"
#include "rules/engine/regions.h"

namespace querylint::rules::transactions {
namespace {

using flow::Cause;
using flow::EventKind;

/// A transaction that is open while something is waited for.
struct Open {
  const Event* begin = nullptr;
  Site place;  ///< the wait, or the call that leads to it, in the code that decides both
  bool is_session = false;  ///< any query began it, and the session has to end it
};

/// How many calls lead to both events.
std::size_t shared_calls(std::span<const Site> first, std::span<const Site> second) {
  const auto ends = std::ranges::mismatch(first, second);
  const auto shared = static_cast<std::size_t>(ends.in1 - first.begin());
  return std::min({shared, first.size() - 1, second.size() - 1});
}

/// Whether the block or function whose transaction begins there also holds what is waited for.
bool is_around(const Evidence& evidence, const Event& begin, const Event& wait) {
  const std::vector<Site> way = evidence.way_to(wait);
  const std::vector<Site> calls = evidence.world().chains.sites(begin.calls);
  if (calls.size() >= way.size() || !std::equal(calls.begin(), calls.end(), way.begin()))
    return false;
  const Site place = way[calls.size()];
  const program::Program& program = evidence.world().program;
  if (program.at(begin.site).op == ir::Op::with)
    return is_in_block(evidence.world(), place, begin.site);
  return place.function == begin.site.function;
}

/// Whether an execution leaves a transaction open that only its session ends.
bool opens_transaction(const Evidence& evidence, const Event& event) {
  if (event.kind != EventKind::execution || event.certainty == flow::Certainty::guessed)
    return false;
  switch (event.cause()) {
    case Cause::changed:
    case Cause::committed:
    case Cause::begun:
    case Cause::ended:
      return false;
    case Cause::raw:
    case Cause::flushed:
      return !evidence.is_query(event.subject) && !evidence.is_row(event.subject);
    default:
      break;
  }
  if (evidence.is_query(event.subject))
    return evidence.entity(evidence.query(event.subject).entity).opens_transactions;
  return evidence.is_row(event.subject) &&
         evidence.entity(evidence.row(event.subject).entity).opens_transactions;
}

bool ends_transaction(const Event& event) {
  return event.kind == EventKind::execution &&
         (event.cause() == Cause::committed || event.cause() == Cause::ended);
}

/// Whether a decorator stands around a function that may do more than Python's own: keep what it
/// gives, or give it a session of its own.
bool is_wrapped(const flow::World& world, flow::FunctionId function) {
  const auto& decorators = world.program.function(function).decorators;
  return std::ranges::any_of(decorators, [&](const program::Symbol& decorator) {
    return decorator.kind != program::Symbol::Kind::external ||
           !world.text(decorator.external).starts_with("builtins.");
  });
}

/// Whether what is around the execution may have closed its session before the wait: a block that
/// is left, or a decorator of a function that has returned.
bool may_be_closed(const Evidence& evidence, const Event& begin, const Event& wait) {
  const flow::World& world = evidence.world();
  const std::vector<Site> way = evidence.way_to(begin);
  const std::vector<Site> further = evidence.way_to(wait);
  const std::size_t shared = shared_calls(way, further);
  if (leaves_block(world, way[shared], further[shared])) return true;
  return std::any_of(
      way.begin() + static_cast<std::ptrdiff_t>(shared) + 1, way.end(),
      [&](Site site) { return is_wrapped(world, site.function) || leaves_block(world, site, {}); });
}

bool comes_before(const Evidence& evidence, const Event& first, const Event& second) {
  return evidence.world().chains.compatible(first.branch, second.branch) &&
         !leaves_before(evidence.world(), evidence.site_in_followed(first),
                        evidence.site_in_followed(second));
}

Open open_during(const Evidence& evidence, const Event& wait) {
  const std::span<const Event> before{evidence.trace().events.data(), &wait};
  Open open;
  for (const Event& event : before) {
    if (event.kind != EventKind::execution || !comes_before(evidence, event, wait)) continue;
    const bool is_in_transaction = (wait.flags & flow::flag::in_transaction) != 0;
    if (event.cause() == Cause::begun && is_in_transaction && is_around(evidence, event, wait)) {
      open = {&event, evidence.way_to(wait)[evidence.world().chains.sites(event.calls).size()]};
      return open;
    }
    if (ends_transaction(event)) open = {};
    if (open.begin == nullptr && opens_transaction(evidence, event) &&
        !may_be_closed(evidence, event, wait)) {
      const std::vector<Site> way = evidence.way_to(wait);
      open = {&event, way[shared_calls(evidence.way_to(event), way)], true};
    }
  }
  return open;
}

/// Whether the same transaction goes on behind the wait: then it cannot have been meant to be over.
bool goes_on(const Evidence& evidence, const Event& wait) {
  const Event* end = evidence.trace().events.data() + evidence.trace().events.size();
  const Event* next = std::find_if(&wait + 1, end, [&](const Event& event) {
    return comes_before(evidence, wait, event) &&
           (ends_transaction(event) || opens_transaction(evidence, event));
  });
  return next != end;
}

/// One finding for each transaction, in each function that both begins it and waits.
diagnostics::Cause cause_of(const Evidence& evidence, const Open& open) {
  return {
      {},
      evidence.place(open.begin->site),
      fmt::format("{} of {}", evidence.function_name(open.place), evidence.place(open.place).path)};
}

}  // namespace

void session_open_during_remote_call(const Evidence& evidence, Findings& findings) {
  if (evidence.trace().was_cut) return;
  for (const Event& wait : evidence.trace().events) {
    if (wait.kind != EventKind::wait) continue;
    const Open open = open_during(evidence, wait);
    if (open.begin == nullptr) continue;
    diagnostics::Diagnostic finding = findings.at(open.place, wait);
    finding.certainty = weaker(finding.certainty, certainty_of(evidence, *open.begin));
    // A lazy relation may be there already.
    if (open.is_session &&
        (open.begin->cause() == Cause::lazy_relation || !goes_on(evidence, wait))) {
      finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    }
    finding.message =
        SessionOpenDuringRemoteCall{
            .call = evidence.text(wait.member),
            .repair = open.is_session
                          ? "Commit or close the session before it, or make the call first."
                          : "Call it before the transaction begins, or once it has ended."}
            .message();
    finding.related.push_back({evidence.place(open.begin->site), "the transaction begins here"});
    if (wait.site != open.place)
      finding.related.push_back({evidence.place(wait.site), "waits here"});
    finding.cause = cause_of(evidence, open);
    findings.add(std::move(finding));
  }
}

}  // namespace querylint::rules::transactions
