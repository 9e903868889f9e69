#include "rules/generated/python_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/flow/loading.h"
#include "rules/engine/folds.h"
#include "rules/engine/parts.h"
#include "rules/engine/regions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::python_work {
namespace {

using flow::ValueKind;

/// Of conditions: whether both hold, or either, or not.
bool is_bitwise(ir::Operator operation) {
  return operation == ir::Operator::bit_and || operation == ir::Operator::bit_or ||
         operation == ir::Operator::invert;
}

/// Whether `filter()` can say it: columns of the row compared with each other or with values.
/// `knows_rest`: what is not known of it is the same for all rows.
bool is_condition(const Evidence& evidence, Value value, bool knows_rest, bool& reads_column,
                  int depth = 0) {
  const flow::Values& values = evidence.world().values;
  if (!value || depth > 6) return false;
  switch (values.kind(value)) {
    case ValueKind::scalar: {
      const flow::Scalar scalar = values.scalar(value);
      if (!scalar.row || !evidence.is_row(scalar.row) || !scalar.column) return false;
      const schema::Entity& entity = evidence.entity(evidence.row(scalar.row).entity);
      const bool is_stored = entity.is_placeholder || entity.column(scalar.column) != nullptr;
      reads_column = reads_column || is_stored;
      return is_stored;
    }
    case ValueKind::operation: {
      const flow::Operation operation = values.operation(value);
      const bool is_arithmetic =
          operation.operation < ir::Operator::not_ && !is_bitwise(operation.operation);
      return !is_arithmetic &&
             is_condition(evidence, operation.left, knows_rest, reads_column, depth + 1) &&
             (!operation.right ||
              is_condition(evidence, operation.right, knows_rest, reads_column, depth + 1));
    }
    case ValueKind::constant:
      return true;
    default:
      return knows_rest && depth > 0;
  }
}

bool reads(const Evidence& evidence, Value condition, base::Name column) {
  const flow::Values& values = evidence.world().values;
  bool found = false;
  each_part(values, condition, [&](Value part) {
    found = found || (values.is(part, ValueKind::scalar) && values.scalar(part).column == column);
    return !found;
  });
  return found;
}

/// Whether nothing is needed of the rows that a table drops.
bool is_rest_unused(const Evidence& evidence, const Usage& usage, const Event& filter) {
  const auto is_part = [&](const Event* event) {
    return is_of_part(evidence, *event, usage.query);
  };
  const auto is_of_condition = [&](const Event* fold) {  // `frame["kind"].unique()`
    const flow::Values& values = evidence.world().values;
    return values.is(fold->detail_value, ValueKind::scalar) &&
           reads(evidence, filter.detail_value, values.scalar(fold->detail_value).column);
  };
  const auto needs_no_rest = [&](const Event* fold) {
    return fold == &filter || is_part(fold) || is_of_condition(fold) ||
           fold->fold() == flow::FoldKind::truth;
  };
  return std::ranges::all_of(usage.folds, needs_no_rest) &&
         std::ranges::all_of(usage.reads, [&](const Event* read) {
           return is_part(read) || reads(evidence, filter.detail_value, read->member);
         });
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

/// Rows of one entity, or columns of theirs: not groups.
bool is_plain(const Evidence& evidence, const flow::Query& query) {
  const flow::Plans& plans = evidence.world().plans;
  return !plans.has(query.last, flow::StepKind::annotate) &&
         !plans.has(query.last, flow::StepKind::slice) &&
         !flow::is_prefetched(evidence.world(), query);
}

/// A comprehension that drops rows, or a table that does.
bool drops_needlessly(const Evidence& evidence, const Event& event) {
  const auto conditions = evidence.world().values.container(event.detail_value).items;
  const bool is_table = is_of_table(event);
  const bool knows_rest =
      is_table ||
      (event.nest &&
       compares_with_fixed(evidence.world(), evidence.world().chains.loop(event.nest).site));
  bool reads_column = false;
  const bool is_simple = std::ranges::all_of(conditions, [&](Value condition) {
    return is_condition(evidence, condition, knows_rest, reads_column);
  });
  if (conditions.empty() || !is_simple || !reads_column) return false;
  const Usage usage = usage_of(evidence, event.subject);
  const auto filters = std::ranges::count_if(
      usage.folds, [](const Event* fold) { return fold->fold() == flow::FoldKind::filter; });
  if (usage.runs.size() != 1 || filters != 1 || !is_only_taken_apart(evidence, usage)) return false;
  return is_table ? is_rest_unused(evidence, usage, event) : !is_reused(evidence, event);
}

/// `any(row.flag for row in rows)`, of rows that nothing else needs.
bool looks_for_one(const Evidence& evidence, const Event& event) {
  bool reads_column = false;
  return needless_fold(evidence, event) &&
         is_condition(evidence, event.detail_value, false, reads_column) && reads_column;
}

}  // namespace

void python_filter(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_in_followed(event.site)) return;
  const flow::Query query = evidence.query(event.subject);
  if (!is_plain(evidence, query)) return;
  const bool is_search = event.fold() == flow::FoldKind::any;
  if (!(is_search ? looks_for_one(evidence, event) : drops_needlessly(evidence, event))) return;
  diagnostics::Diagnostic finding = fold_finding(evidence, event, findings);
  // Mostly few rows are dropped, or the others are needed as well.
  finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message =
      PythonFilter{
          .entity = entity_name(evidence, query.entity),
          .work = is_search ? "looks for one that passes" : "drops those that fail",
          .repair = is_search
                        ? fmt::format(
                              "The test as a condition of the query, and `{}`, stop at the first.",
                              evidence.words(query.entity).exists())
                        : std::string(
                              "The test as a condition of the query leaves them in the database.")}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::python_work
