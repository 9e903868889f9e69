#include "rules/generated/count_for_existence.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/edits.h"
#include "rules/engine/number_fixes.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/usage.h"
#include "rules/engine/wording.h"

namespace querylint::rules::counting {
namespace {

using flow::Cause;
using flow::EventKind;
using flow::FoldKind;

const Event* run_of(const Usage& usage, Cause cause) {
  const auto found =
      std::ranges::find_if(usage.runs, [&](const Event* run) { return run->cause() == cause; });
  return found == usage.runs.end() ? nullptr : *found;
}

/// The execution that `exists()` would replace; nothing where its result serves something else too.
const Event* needless_run(const Evidence& evidence, const Usage& usage, const Event& asked) {
  const flow::Values& values = evidence.world().values;
  if (values.is(asked.detail_value, flow::ValueKind::term)) {
    const flow::Term measure = values.term(asked.detail_value);
    const bool is_number = std::ranges::any_of(
        usage.numbers, [&](const Event* number) { return number->member == measure.callee; });
    if (is_number || measure.callee == evidence.world().tested) return nullptr;
    if (measure.callee == evidence.world().counted) return run_of(usage, Cause::counted);
  }
  return is_unread(usage) && usage.numbers.empty() ? loading_run(usage) : nullptr;
}

void report(const Evidence& evidence, const Event& event, Site site, std::string_view what,
            std::string_view repair, Findings& findings,
            std::optional<diagnostics::Fix> fix = std::nullopt) {
  diagnostics::Diagnostic finding = findings.at(site, event);
  finding.message =
      CountForExistence{.what = what,
                        .entity = entity_name(evidence, evidence.query(event.subject).entity),
                        .repair = repair}
          .message();
  if (event.site != site)
    finding.related.push_back({evidence.place(event.site), "only this asks for them"});
  if ((fix = weakened(std::move(fix), finding.certainty))) finding.fixes.push_back(std::move(*fix));
  findings.add(std::move(finding));
}

/// `annotate(n=Count(...)).filter(n__gt=0)`.
void judge_filter(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  for (const auto& [label, value] : filter.arguments) {
    if (!label || !value) continue;
    const std::string_view lookup = evidence.text(label);
    const bool is_above = lookup.ends_with("__gt") || lookup.ends_with("__gte");
    if (!is_above || !flow::is_constant(evidence.world(), value, ir::ConstantKind::number))
      continue;
    const std::string_view bound = evidence.text(evidence.world().values.constant(value).text);
    if (bound != (lookup.ends_with("__gt") ? "0" : "1")) continue;
    const std::string_view name = lookup.substr(0, lookup.rfind("__"));
    bool counts = false;
    evidence.world().plans.each(filter.previous, [&](const flow::Step& step, bool) {
      const base::Name annotation = evidence.world().name(name);
      if (step.kind != flow::StepKind::annotate || !annotation) return true;
      const Value found = flow::find_attribute(step.arguments, annotation);
      if (!found || !evidence.world().values.is(found, flow::ValueKind::term)) return true;
      counts = evidence.text(evidence.world().values.term(found).callee).ends_with("Count");
      return !counts;
    });
    if (!counts) continue;
    report(evidence, event, event.site,
           fmt::format("`{}` counts rows only to see whether there are any", name),
           "`Exists(...)` in the filter stops at the first.", findings);
  }
}

}  // namespace

void count_for_existence(const Evidence& evidence, Findings& findings) {
  for (const Event& event : evidence.trace().events) {
    if (event.kind == EventKind::step && event.step() == flow::StepKind::filter) {
      judge_filter(evidence, event, findings);
    }
    if (event.kind != EventKind::fold || !evidence.is_query(event.subject)) continue;
    if (!evidence.is_in_followed(event.site)) continue;
    if (event.fold() != FoldKind::truth && event.fold() != FoldKind::membership) continue;
    const Usage usage = usage_of(evidence, event.subject);
    const Event* run = needless_run(evidence, usage, event);
    if (run == nullptr) continue;
    const bool is_kept =
        evidence.query(event.subject).born != event.nest;  // asked many times, loaded once
    if (is_kept) continue;
    const flow::Words& words = evidence.words(evidence.query(event.subject).entity);
    if (event.fold() == FoldKind::membership) {
      report(evidence, event, run->site, "All rows are loaded to find one of them",
             words.contains(), findings);
    } else if (run->cause() == Cause::counted) {
      report(evidence, event, run->site, "All rows are counted to see whether there are any",
             fmt::format("`{}` stops at the first.", words.exists()), findings,
             existence_fix(evidence, *run));
    } else {
      const bool one = run->cause() == Cause::fetched;
      report(evidence, event, run->site,
             one ? "A row is loaded to see whether there is one"
                 : "All rows are loaded to see whether there are any",
             fmt::format("`{}` loads none.", words.exists()), findings,
             existence_fix(evidence, *run));
    }
  }
}

}  // namespace querylint::rules::counting
