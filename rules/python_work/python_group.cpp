#include "rules/generated/python_group.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

/// What is added to a group; a fold by several keys has them beside it.
Value added_by(const Evidence& evidence, const Event& event) {
  const flow::Values& values = evidence.world().values;
  const bool has_keys = values.is(event.detail_value, flow::ValueKind::container);
  return has_keys ? values.container(event.detail_value).items.front() : event.detail_value;
}

bool adds_up(const Event& event) {
  return event.kind == flow::EventKind::fold && event.fold() == flow::FoldKind::group &&
         (event.flags & flow::flag::by_accumulator) != 0;
}

/// Whether a loop takes rows apart into more than one number by their columns, and keeps none of
/// them: what else it reads is little beside.
bool is_taken_apart(const Evidence& evidence, const Event& event) {
  if (!adds_up(event) || !evidence.is_in_followed(event.site)) return false;
  const Usage usage = usage_of(evidence, event.subject);
  const bool is_kept = !usage.is_whole || !usage.escapes.empty() || !usage.writes.empty() ||
                       !usage.changes.empty() || loading_run(usage) == nullptr;
  if (is_kept || flow::is_prefetched(evidence.world(), evidence.query(event.subject))) return false;
  const auto sums =
      std::ranges::count_if(usage.folds, [](const Event* fold) { return adds_up(*fold); });
  const bool is_first = *std::ranges::find_if(usage.folds, [](const Event* fold) {
    return adds_up(*fold);
  }) == &event;
  return sums > 1 && is_first;
}

}  // namespace

void python_group(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto fold = needless_fold(evidence, event);
  if (!fold && !is_taken_apart(evidence, event)) return;
  if (is_grouped(evidence, event.subject)) return;
  const Value added = added_by(evidence, event);
  const bool counts = flow::is_constant(evidence.world(), added, ir::ConstantKind::number);
  if (!counts && !is_of_rows(evidence, added, event.subject)) return;
  const bool sums = !counts && (event.flags & flow::flag::by_accumulator) != 0;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  // Mostly the groups are few rows each, or shared with what asks for them otherwise.
  finding.certainty = weaker(
      finding.certainty, fold ? diagnostics::Certainty::likely : diagnostics::Certainty::possible);
  if (!fold) finding.moot.clear();  // some columns are needed in any case
  const std::string key = event.member ? std::string(evidence.text(event.member)) : "...";
  const std::string expression = sums ? database_expression(evidence, added) : std::string();
  const std::string sum = !sums ? "" : expression.empty() ? "..." : expression;
  const schema::EntityId id = evidence.query(event.subject).entity;
  const std::string entity = entity_name(evidence, id);
  finding.message =
      PythonGroup{.entity = entity,
                  .only = fold ? "only " : "",
                  .repair = fmt::format("`{}`", evidence.words(id).groups(entity, key, sum))}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
