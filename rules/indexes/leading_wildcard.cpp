#include "rules/generated/leading_wildcard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/engine/code.h"
#include "rules/engine/conditions.h"
#include "rules/engine/parts.h"
#include "rules/engine/wording.h"

namespace querylint::rules::indexes {
namespace {

bool begins_with_wildcard(const Evidence& evidence, Value pattern) {
  const flow::Values& values = evidence.world().values;
  bool found = false;
  each_part(values, pattern, [&](Value part) {
    const base::Name text = flow::string_of(evidence.world(), part);
    found = found || (text && evidence.text(text).starts_with('%'));
    const bool is_begun = values.is(part, flow::ValueKind::term) &&
                          values.term(part).callee == evidence.world().begun_text;
    return values.is(part, flow::ValueKind::either) || is_begun;
  });
  return found;
}

bool is_search(const Evidence& evidence, schema::EntityId entity, std::string_view lookup,
               Value operand) {
  static constexpr std::array<std::string_view, 4> anywhere = {"contains", "icontains", "endswith",
                                                               "iendswith"};
  const std::string_view comparison = comparison_of(lookup);
  const schema::Column* column = compared_column(evidence, entity, lookup);
  const bool is_text = column != nullptr && (column->type == schema::ColumnType::text ||
                                             column->type == schema::ColumnType::long_text);
  if (!is_text || column->has_choices) return false;
  if (comparison == "like" || comparison == "ilike") return begins_with_wildcard(evidence, operand);
  return std::ranges::find(anywhere, comparison) != anywhere.end();
}

/// Whether the query asks for the rows of a key, of which there are few.
bool is_narrowed(const Evidence& evidence, Value query) {
  if (evidence.owner_of(query) || evidence.is_from_given(query)) return true;
  const schema::EntityId entity = evidence.query(query).entity;
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool sure) {
    if (step.kind != flow::StepKind::filter || !sure) return true;
    for (const auto& [label, operand] : step.arguments) {
      if (!label || !comparison_of(evidence.text(label)).empty()) continue;
      const schema::Column* column = compared_column(evidence, entity, evidence.text(label));
      found = found || (column != nullptr && column->is_indexed);
    }
    return !found;
  });
  return found;
}

}  // namespace

void leading_wildcard(const Evidence& evidence, const Event& event, Findings& findings) {
  const flow::Step& filter = evidence.world().plans.step(evidence.query(event.subject).last);
  const schema::EntityId entity = evidence.query(event.subject).entity;
  std::string what;
  each_comparison(evidence, filter.arguments, [&](std::string_view lookup, Value operand) {
    if (!is_search(evidence, entity, lookup, operand)) return;
    what += fmt::format("{}`{}`", what.empty() ? "" : ", ", lookup);
  });
  if (what.empty() || is_narrowed(evidence, event.subject)) return;
  const Site pattern = only_text_from(evidence.world(), event.site, '%').value_or(event.site);
  diagnostics::Diagnostic finding = findings.at(pattern, event);
  if (pattern != event.site) finding.related.push_back({evidence.place(event.site), "the search"});
  finding.message =
      LeadingWildcard{.what = what, .entity = entity_name(evidence, entity)}.message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::indexes
