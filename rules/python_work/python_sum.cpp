#include "rules/generated/python_sum.h"

#include <fmt/format.h>

#include "rules/engine/folds.h"
#include "rules/engine/same_rows.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

using flow::FoldKind;

std::string_view function_of(FoldKind kind) {
  switch (kind) {
    case FoldKind::minimum:
      return "Min";
    case FoldKind::maximum:
      return "Max";
    case FoldKind::average:
      return "Avg";
    case FoldKind::count:
      return "Count";
    default:
      return "Sum";
  }
}

std::string repair_for(const Evidence& evidence, const NeedlessFold& fold, const Event& event) {
  const schema::EntityId id = evidence.query(event.subject).entity;
  const flow::Words& words = evidence.words(id);
  const std::string_view function = function_of(event.fold());
  if (event.fold() == FoldKind::count)
    return fmt::format("`{}`, with the loop's condition as a filter, does it there.",
                       words.count());
  if (fold.column.empty() && fold.expression.empty())
    return fmt::format("The query's own `{}` over the same expression does it there.", function);
  return fmt::format("`{}` does it there.",
                     words.total(fold.column_entity, function, fold.column, fold.expression));
}

/// Whether the column holds numbers: of text Python makes them first.
bool is_number(const Evidence& evidence, const NeedlessFold& fold, const Event& event) {
  schema::EntityId entity = evidence.query(event.subject).entity;
  std::string_view lookup = fold.column;
  for (std::size_t end = lookup.find("__"); end != std::string_view::npos && entity;
       end = lookup.find("__")) {
    const base::Name step = evidence.world().name(lookup.substr(0, end));
    const schema::Relation* relation =
        step ? evidence.entity(entity).relation_by_lookup(step) : nullptr;
    entity = relation != nullptr ? relation->target : schema::EntityId{};
    lookup.remove_prefix(end + 2);
  }
  const base::Name name = evidence.world().name(lookup);
  const schema::Column* column = entity && name ? evidence.entity(entity).column(name) : nullptr;
  return column == nullptr || (column->type != schema::ColumnType::text &&
                               column->type != schema::ColumnType::long_text);
}

}  // namespace

void python_sum(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto fold = needless_fold(evidence, event);
  if (!fold || is_grouped(evidence, event.subject)) return;
  if (is_distinct_by_columns(evidence, event.subject)) return;  // `aggregate()` refuses
  const bool counts = event.detail_value && flow::is_constant(evidence.world(), event.detail_value,
                                                              ir::ConstantKind::number);
  if (!counts && !is_of_rows(evidence, event.detail_value, event.subject)) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  if (event.fold() == FoldKind::count) {  // what else the loop does with the values is not known
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  const flow::StepId last = evidence.query(event.subject).last;
  // Few columns of rows cost little, and rows that something else adds up are loaded anyway.
  if (evidence.world().plans.has(last, flow::StepKind::slice) ||
      evidence.world().plans.has(last, flow::StepKind::project) || fold->usage.folds.size() > 1) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  if (!fold->column.empty() &&
      (event.fold() == FoldKind::sum || event.fold() == FoldKind::average) &&
      !is_number(evidence, *fold, event)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  if (fold->column.empty() && fold->expression.empty() && event.fold() != FoldKind::count) {
    finding.certainty = diagnostics::Certainty::possible;
  }
  finding.message = PythonSum{.entity = entity_name(evidence, evidence.query(event.subject).entity),
                              .what = event.fold() == FoldKind::count     ? "count them"
                                      : event.fold() == FoldKind::minimum ? "find the least"
                                      : event.fold() == FoldKind::maximum ? "find the greatest"
                                      : event.fold() == FoldKind::average ? "average them"
                                                                          : "add them up",
                              .repair = repair_for(evidence, *fold, event)}
                        .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
