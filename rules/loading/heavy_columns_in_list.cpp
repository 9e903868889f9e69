#include "rules/generated/heavy_columns_in_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/columns.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {

void heavy_columns_in_list(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject)) return;
  const flow::Query query = evidence.query(event.subject);
  if (query.shape != flow::Shape::rows || query.entity == evidence.world().schema.unknown) return;
  const Usage usage = usage_of(evidence, event.subject);
  if (loading_run(usage) != &event || event.calls || is_indexed(evidence, usage)) return;
  if (chooses_columns(evidence, event.subject)) return;
  const schema::Entity& entity = evidence.entity(query.entity);
  const auto columns = columns_of(evidence, usage, {}, entity);
  if (!columns || columns->heavy.empty() || !columns->is_mostly_read()) return;
  if (columns->all() < narrow_table) return;
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  const bool has_big = std::ranges::any_of(
      columns->heavy, [&](base::Name name) { return is_big(evidence, entity, name); });
  // Objects may come to read more; a page has few rows.
  const bool may_need_more = columns->leads_on || columns->by_methods || !columns->is_local;
  const bool is_page = evidence.world().plans.has(query.last, flow::StepKind::slice);
  if (!has_big || may_need_more || is_page || is_by_keys(evidence, event.subject))
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  const std::string name = entity_name(evidence, query.entity);
  finding.message =
      HeavyColumnsInList{
          .columns = listed(evidence, columns->heavy),
          .entity = name,
          .verb = columns->heavy.size() == 1 ? "is" : "are",
          .repair = evidence.words(query.entity).defer(name, sorted(evidence, columns->heavy))}
          .message();
  const Site built = evidence.site_of_query(event.subject);
  if (built && built != event.site) finding.related.push_back({evidence.place(built), "the query"});
  finding.cause.place = place_of_load(evidence, event.subject);
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
