#include "rules/engine/writes.h"
#include "rules/engine/regions.h"

#include <fmt/format.h>

#include "rules/engine/usage.h"

namespace querylint::rules {
namespace {

schema::EntityId written_entity(const Evidence& evidence, const Event& event) {
  if (evidence.is_row(event.subject)) return evidence.row(event.subject).entity;
  if (evidence.is_query(event.subject)) return evidence.query(event.subject).entity;
  return {};
}

bool has_hooks(const schema::WriteHooks& hooks, flow::Cause cause) {
  switch (cause) {
    case flow::Cause::deleted:
      return hooks.on_delete;
    case flow::Cause::relation_changed:
      return hooks.on_relation_change;
    default:
      return hooks.on_save;
  }
}

std::string_view skipped_by_bulk(flow::Cause cause) {
  switch (cause) {
    case flow::Cause::deleted:
      return "deleting with one query skips the `delete()` override";
    case flow::Cause::relation_changed:
      return "a bulk write skips the receivers of `m2m_changed`";
    default:
      return "a bulk write skips `save()` overrides and signal receivers";
  }
}

}  // namespace

std::optional<RepeatedWrite> repeated_write(const Evidence& evidence, const Event& event) {
  const auto repetition = evidence.repetition(event);
  const schema::EntityId entity = written_entity(evidence, event);
  if (!repetition || !entity) return std::nullopt;
  if (!evidence.is_row(event.subject) && !evidence.is_query(event.subject)) return std::nullopt;
  RepeatedWrite write{*repetition, entity, {}};
  for (const schema::Column& column : evidence.entity(entity).columns) {
    if (column.is_touched && event.cause() == flow::Cause::saved) {
      write.caveat = fmt::format(" Mind that only `save()` sets `{}`: a bulk write has to say it.",
                                 evidence.text(column.name));
    }
  }
  const Value owner = evidence.owner_of(event.subject);  // of a relation that is changed
  for (const schema::EntityId told :
       {entity, evidence.is_row(owner) ? evidence.row(owner).entity : entity}) {
    if (!has_hooks(evidence.entity(told).hooks, event.cause())) continue;
    write.caveat = fmt::format(" Mind that {} of {}.", skipped_by_bulk(event.cause()),
                               entity_name(evidence, told));
  }
  return write;
}

diagnostics::Diagnostic write_finding(const Evidence& evidence, const Event& event,
                                      const RepeatedWrite& write, const Findings& findings,
                                      const std::vector<std::string_view>& removes) {
  diagnostics::Diagnostic finding = findings.at(write.repetition.place, event);
  Repetition nearest = write.repetition;
  nearest.is_direct = evidence.is_called_in_loop(event, write.repetition);
  finding.certainty = certainty_of(evidence, event, nearest);
  if (!write.caveat.empty()) {
    const bool known_rows = write.repetition.driver == Driver::rows;
    finding.certainty = weaker(finding.certainty, known_rows ? diagnostics::Certainty::likely
                                                             : diagnostics::Certainty::possible);
  }
  const bool is_other_row =
      evidence.is_row(event.subject) && event.cause() != flow::Cause::created &&
      event.cause() != flow::Cause::inserted &&
      !evidence.is_element(evidence.row(event.subject), write.repetition.nest);
  const Value rows = evidence.query_of_loop(write.repetition.nest);
  const bool is_unknown =
      evidence.world().schema.is_placeholder(write.entity);  // it may have hooks
  const bool is_chosen = evidence.is_query(rows) && is_by_keys(evidence, rows);
  if (is_other_row || is_chosen || is_unknown ||
      is_tried(evidence.world(), write.repetition.place, write.repetition.loop) ||
      is_conditional(evidence.world(), write.repetition.place, write.repetition.loop)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  if (!nearest.is_direct || does_remote_work(evidence.world(), write.repetition.loop)) {
    finding.certainty = diagnostics::Certainty::possible;
  }
  const bool in_transaction = (event.flags & flow::flag::in_transaction) != 0;
  if (in_transaction) finding.severity = diagnostics::Severity::error;
  finding.related = explanation(evidence, event, write.repetition, {}, write.repetition.place);
  for (const std::string_view rule : removes) {
    finding.moot.push_back({rule, finding.place, {}});
  }
  return finding;
}

std::string assigned_fields(const Evidence& evidence, Value row_value) {
  std::string fields;
  const flow::Row row = evidence.row(row_value);
  for (const auto& [name, value] : row.attributes) {
    const schema::Entity& entity = evidence.entity(row.entity);
    if (entity.column(name) == nullptr && entity.relation(name) == nullptr) continue;
    if (!fields.empty()) fields += ", ";
    fields += fmt::format("\"{}\"", evidence.text(name));
  }
  return fields;
}

}  // namespace querylint::rules
