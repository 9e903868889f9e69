#include "rules/generated/python_filter.h"

#include <algorithm>

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

using flow::ValueKind;

/// Whether `filter()` can say it: columns of the row compared with each other or with values.
bool is_condition(const Evidence& evidence, Value value, bool& reads_column, int depth = 0) {
  const flow::Values& values = evidence.world().values;
  if (!value || depth > 6) return false;
  switch (values.kind(value)) {
    case ValueKind::scalar: {
      const flow::Scalar scalar = values.scalar(value);
      if (!scalar.row || !evidence.is_row(scalar.row) || !scalar.column) return false;
      const schema::Entity& entity = evidence.entity(evidence.row(scalar.row).entity);
      const bool is_stored = entity.column(scalar.column) != nullptr;
      reads_column = reads_column || is_stored;
      return is_stored;
    }
    case ValueKind::operation: {
      const flow::Operation operation = values.operation(value);
      const bool is_arithmetic = operation.operation < ir::Operator::not_;
      return !is_arithmetic && is_condition(evidence, operation.left, reads_column, depth + 1) &&
             (!operation.right || is_condition(evidence, operation.right, reads_column, depth + 1));
    }
    case ValueKind::constant:
      return true;
    default:
      return false;
  }
}

/// Whether a loop around takes another part of the same rows each time: they are loaded once, where
/// a filter would ask each time.
bool is_reused(const Evidence& evidence, const Event& filter) {
  const flow::Chains& chains = evidence.world().chains;
  for (NestId nest = filter.nest; nest; nest = chains.loop(nest).outer) {
    if (nest == filter.nest && evidence.query_of_loop(nest) == filter.subject) continue;  // its own
    if (!chains.encloses(nest, evidence.query(filter.subject).born)) return true;
  }
  return false;
}

}  // namespace

void python_filter(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site)) return;
  const flow::Query query = evidence.query(event.subject);
  if (query.shape != flow::Shape::rows || flow::is_prefetched(evidence.world(), query)) return;
  if (evidence.world().plans.has(query.last, flow::StepKind::slice)) return;
  const auto conditions = evidence.world().values.container(event.detail_value).items;
  bool reads_column = false;
  const bool is_simple = std::ranges::all_of(
      conditions, [&](Value condition) { return is_condition(evidence, condition, reads_column); });
  if (conditions.empty() || !is_simple || !reads_column) return;
  const Usage usage = usage_of(evidence, event.subject);
  const auto filters = std::ranges::count_if(
      usage.folds, [](const Event* fold) { return fold->fold() == flow::FoldKind::filter; });
  if (usage.runs.size() != 1 || filters != 1 || !is_only_taken_apart(evidence, usage)) return;
  if (is_reused(evidence, event)) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  // Mostly few rows are dropped, or the others are needed as well.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message = PythonFilter{.entity = entity_name(evidence, query.entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
