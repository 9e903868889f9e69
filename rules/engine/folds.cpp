#include "rules/engine/folds.h"

#include <fmt/format.h>

#include "analyzer/flow/loading.h"
#include "rules/engine/wording.h"

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

/// The column that refers to a related row, where `column` is that row's key; nothing for others.
base::Name key_of_last(const Evidence& evidence, const flow::Row& row, base::Name column) {
  if (!row.path || !evidence.is_query(row.query)) return {};
  const schema::Column* key = evidence.entity(row.entity).primary_key();
  if (key == nullptr || key->name != column) return {};
  schema::EntityId entity = evidence.query(row.query).entity;
  const schema::Relation* last = nullptr;
  for (const base::Name lookup : evidence.world().plans.names(row.path)) {
    last = entity ? evidence.entity(entity).relation_by_lookup(lookup) : nullptr;
    if (last == nullptr) return {};
    entity = last->target;
  }
  return last->holds_key ? last->key_column : base::Name{};
}

/// `customer__name`; the key of a related row is a column of the row that refers to it.
std::string path_text(const Evidence& evidence, Value row_value, base::Name column) {
  const flow::Row row = evidence.row(row_value);
  const std::vector<flow::Hop> way = way_to_row(evidence, row);
  std::string path;
  for (std::size_t i = 0; i < way.size(); ++i) {
    if (i + 1 == way.size()) {
      const base::Name key = key_of_last(evidence, row, column);
      if (key) return path.append(evidence.text(key));
    }
    path.append(way[i].lookup).append("__");
  }
  return path.append(evidence.text(column));
}

/// The one column behind a value, with its row; nothing for other values.
std::optional<flow::Scalar> column_behind(const Evidence& evidence, Value value) {
  const flow::Values& values = evidence.world().values;
  if (values.is(value, ValueKind::either)) {  // `row.amount or 0`
    std::optional<flow::Scalar> found;
    for (const Value option : values.options(value)) {
      if (values.is(option, ValueKind::constant)) continue;
      if (found) return std::nullopt;
      found = column_behind(evidence, option);
      if (!found) return std::nullopt;
    }
    return found;
  }
  if (!values.is(value, ValueKind::scalar)) return std::nullopt;
  const flow::Scalar scalar = values.scalar(value);
  const bool is_column = scalar.row && evidence.is_row(scalar.row) && scalar.column;
  return is_column ? std::optional(scalar) : std::nullopt;
}

}  // namespace

std::string database_expression(const Evidence& evidence, Value value) {
  const flow::Values& values = evidence.world().values;
  switch (values.kind(value)) {
    case ValueKind::either:
    case ValueKind::scalar: {
      const std::string lookup = column_lookup(evidence, value);
      if (lookup.empty()) return {};
      const schema::EntityId entity =
          evidence.row(column_behind(evidence, value)->row).entity;  // of the same ORM
      return evidence.words(entity).column(column_entity(evidence, value), lookup);
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
  const auto column = column_behind(evidence, value);
  return column ? path_text(evidence, column->row, column->column) : std::string();
}

std::string column_entity(const Evidence& evidence, Value value) {
  const auto column = column_behind(evidence, value);
  if (!column) return {};
  const flow::Row row = evidence.row(column->row);
  if (!key_of_last(evidence, row, column->column)) return entity_name(evidence, row.entity);
  return std::string(way_to_row(evidence, row).back().entity);
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
    result.column_entity = column_entity(evidence, fold.detail_value);
  }
  if (result.column_entity.empty())
    result.column_entity = entity_name(evidence, evidence.query(fold.subject).entity);
  return result;
}

bool is_grouped(const Evidence& evidence, Value query) {
  return evidence.query(query).shape != flow::Shape::rows &&
         evidence.world().plans.has(evidence.query(query).last, flow::StepKind::annotate);
}

diagnostics::Place place_of_load(const Evidence& evidence, Value query) {
  return evidence.place(evidence.site_of_query(query));
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
  if (built && built != fold.site)
    finding.related.push_back({evidence.place(built), "the rows come from here"});
  finding.moot.push_back({"unused-columns", place_of_load(evidence, fold.subject), {}});
  return finding;
}

}  // namespace querylint::rules
