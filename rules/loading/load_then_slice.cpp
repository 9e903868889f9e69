#include "rules/generated/load_then_slice.h"

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {

namespace {

/// Whether some runs come to the slice without passing the event: it stands behind a decision that
/// was made before any loop around it.
bool is_passed_by_some(const Evidence& evidence, const Event& event, const Event& slice) {
  const flow::Chains& chains = evidence.world().chains;
  if (chains.implies(slice.branch, event.branch)) return false;
  const std::vector<Site> shared = chains.decisions(slice.branch);
  const std::vector<NestId> loops = chains.nests(event.nest);
  const auto is_before_loops = [&](Site decision) {
    return std::ranges::all_of(loops, [&](NestId nest) {
      const Site loop = chains.loop(nest).site;
      return loop.function == decision.function && decision.instruction < loop.instruction;
    });
  };
  return std::ranges::any_of(chains.decisions(event.branch), [&](Site decision) {
    return std::ranges::find(shared, decision) == shared.end() && is_before_loops(decision);
  });
}

/// What is done with the rows in runs that do nothing but what all do on their way to the slice.
Usage usage_in_all(const Evidence& evidence, const Event& slice) {
  Usage usage = usage_of(evidence, slice.subject);
  for (auto* events : {&usage.reads, &usage.folds, &usage.escapes}) {
    std::erase_if(*events,
                  [&](const Event* event) { return is_passed_by_some(evidence, *event, slice); });
  }
  return usage;
}

/// What is done with the rows besides making one element of a collection of each.
Usage without_making(const Evidence& evidence, Usage usage) {
  const auto is_in_loop = [&](const Event* event) {
    for (const NestId nest : evidence.world().chains.nests(event->nest)) {
      if (evidence.query_of_loop(nest) == usage.query) return true;
    }
    return false;
  };
  std::erase_if(usage.reads, is_in_loop);
  std::erase_if(usage.escapes, [&](const Event* event) {
    return is_in_loop(event) && is_used(evidence.world(), event->site);
  });
  return usage;
}

/// Whether the query stops at a number of rows that only the run tells, and begins with the first.
bool stops_late(const Evidence& evidence, Value query) {
  int slices = 0;
  bool is_late = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    if (step.kind != flow::StepKind::slice) return true;
    const flow::Attributes bounds = step.arguments;
    const bool has_end_alone = bounds.size() > 1 && !bounds[0].second && bounds[1].second;
    is_late = ++slices == 1 && has_end_alone &&
              !flow::is_constant(evidence.world(), bounds[1].second, ir::ConstantKind::number);
    return true;
  });
  return is_late;
}

}  // namespace

void load_then_slice(const Evidence& evidence, const Event& event, Findings& findings) {
  // A slice in a loop takes one batch after the other.
  if (!evidence.is_in_followed(event.site) || event.nest != evidence.query(event.subject).born)
    return;
  const bool is_made = (event.flags & flow::flag::by_accumulator) != 0;
  if (is_made && !is_only_sliced(evidence.world(), event.site)) return;
  const Usage all = usage_in_all(evidence, event);
  const Usage usage = is_made ? without_making(evidence, all) : all;
  if (usage.runs.size() != 1 || usage.runs[0]->cause() != flow::Cause::iterated) return;
  // A page of the first rows is loaded with all pages before it.
  const bool is_cut =
      evidence.world().plans.has(evidence.query(event.subject).last, flow::StepKind::slice);
  const bool is_later_page =
      is_page(evidence.world(), event.site) && stops_late(evidence, event.subject);
  if (is_cut && !is_later_page) return;
  const bool sorts = std::ranges::any_of(usage.folds, [](const Event* fold) {
    return !takes_part(*fold) && fold->fold() != flow::FoldKind::length &&
           fold->fold() != flow::FoldKind::truth;
  });
  const bool takes_the_rest =
      std::ranges::any_of(usage.folds, [&](const Event* fold) {  // `rows[0]`, `rows[1:]`
        return takes_part(*fold) && fold->site != event.site;
      });
  // Whoever shows a page tells of how many, which the database can count.
  const bool is_counted = !usage.numbers.empty() && !is_page(evidence.world(), event.site);
  if (takes_the_rest || is_counted) return;
  if (sorts || !is_only_taken_apart(evidence, usage)) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      LoadThenSlice{.rows = is_cut ? "The first rows" : "All rows",
                    .entity = entity_name(evidence, evidence.query(event.subject).entity),
                    .repair = evidence.words(evidence.query(event.subject).entity).slice()}
          .message();
  finding.related.push_back({evidence.place(usage.runs[0]->site),
                             is_cut ? "they are loaded here" : "all rows are loaded here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
