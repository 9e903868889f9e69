#include "rules/engine/folds.h"

#include <fmt/format.h>

#include "analyzer/flow/loading.h"

namespace querylint::rules {

using flow::ValueKind;

namespace {

std::string_view operator_text(ir::Operator operation) {
  switch (operation) {
    case ir::Operator::add:
      return "+";
    case ir::Operator::subtract:
      return "-";
    case ir::Operator::multiply:
      return "*";
    case ir::Operator::divide:
      return "/";
    case ir::Operator::modulo:
      return "%";
    default:
      return {};
  }
}

std::string path_text(const Evidence& evidence, Value row, base::Name column) {
  std::string path;
  for (const base::Name name : evidence.world().plans.names(evidence.row(row).path))
    path.append(evidence.text(name)).append("__");
  return path.append(evidence.text(column));
}

}  // namespace

std::string database_expression(const Evidence& evidence, Value value) {
  const flow::Values& values = evidence.world().values;
  switch (values.kind(value)) {
    case ValueKind::either: {  // `row.amount or 0`
      std::string found;
      for (const Value option : values.options(value)) {
        if (values.is(option, ValueKind::constant)) continue;
        if (!found.empty()) return {};
        found = database_expression(evidence, option);
      }
      return found;
    }
    case ValueKind::scalar: {
      const flow::Scalar scalar = values.scalar(value);
      if (!scalar.row || !scalar.column || !evidence.is_row(scalar.row)) return {};
      const schema::EntityId entity = evidence.row(scalar.row).entity;
      return evidence.words(entity).column(evidence.text(evidence.entity(entity).name),
                                           path_text(evidence, scalar.row, scalar.column));
    }
    case ValueKind::constant: {
      const flow::Constant constant = values.constant(value);
      return constant.kind == ir::ConstantKind::number ? std::string(evidence.text(constant.text))
                                                       : "";
    }
    case ValueKind::operation: {
      const flow::Operation operation = values.operation(value);
      const std::string_view sign = operator_text(operation.operation);
      if (sign.empty() || !operation.right) return {};
      const std::string left = database_expression(evidence, operation.left);
      const std::string right = database_expression(evidence, operation.right);
      return left.empty() || right.empty() ? "" : fmt::format("{} {} {}", left, sign, right);
    }
    default:
      return {};
  }
}

std::string column_lookup(const Evidence& evidence, Value value) {
  const flow::Values& values = evidence.world().values;
  if (values.is(value, ValueKind::either)) {  // `row.amount or 0`
    std::string found;
    for (const Value option : values.options(value)) {
      if (values.is(option, ValueKind::constant)) continue;
      if (!found.empty()) return {};
      found = column_lookup(evidence, option);
    }
    return found;
  }
  if (!values.is(value, ValueKind::scalar)) return {};
  const flow::Scalar scalar = values.scalar(value);
  return scalar.row && evidence.is_row(scalar.row) && scalar.column
             ? path_text(evidence, scalar.row, scalar.column)
             : std::string();
}

std::optional<NeedlessFold> needless_fold(const Evidence& evidence, const Event& fold) {
  if (!evidence.is_query(fold.subject) || !evidence.is_in_followed(fold.site)) return std::nullopt;
  if (flow::is_prefetched(evidence.world(), evidence.query(fold.subject))) return std::nullopt;
  NeedlessFold result;
  result.usage = usage_of(evidence, fold.subject);
  result.load = loading_run(result.usage);
  if (result.load == nullptr || !is_only_folded(evidence, result.usage)) return std::nullopt;
  if (fold.detail_value) {
    result.expression = database_expression(evidence, fold.detail_value);
    result.column = column_lookup(evidence, fold.detail_value);
  }
  return result;
}

bool is_grouped(const Evidence& evidence, Value query) {
  return evidence.query(query).shape != flow::Shape::rows &&
         evidence.world().plans.has(evidence.query(query).last, flow::StepKind::annotate);
}

std::string cause_of_load(const Evidence& evidence, Value query) {
  const diagnostics::Place where = evidence.place(evidence.site_of_query(query));
  return fmt::format("{}:{}", where.path, where.range.begin);
}

diagnostics::Diagnostic fold_finding(const Evidence& evidence, const Event& fold,
                                     const Findings& findings) {
  diagnostics::Diagnostic finding = findings.at(fold.site, fold);
  // Some caller may have prefetched a relation's rows.
  if (evidence.owner_of(fold.subject) || evidence.is_from_given(fold.subject) ||
      evidence.is_kept(fold.subject)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  const Site built = evidence.site_of_query(fold.subject);
  if (built.unit && built != fold.site)
    finding.related.push_back({evidence.place(built), "the rows come from here"});
  finding.moot.push_back("unused-columns:" + cause_of_load(evidence, fold.subject));
  return finding;
}

}  // namespace querylint::rules
