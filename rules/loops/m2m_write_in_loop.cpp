#include "rules/generated/m2m_write_in_loop.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "rules/engine/code.h"
#include "rules/engine/writes.h"

namespace querylint::rules::loops {
namespace {

/// The one row that every object of the loop gets, as seen from its side: nothing when there are
/// more, or when its side has no name for the relation.
std::optional<std::string> call_from_other_side(const Evidence& evidence, const Event& event,
                                                const schema::Relation& relation,
                                                flow::NestId loop) {
  const flow::Values& values = evidence.world().values;
  if (!values.is(event.detail_value, flow::ValueKind::term)) return std::nullopt;
  const auto added = values.term(event.detail_value).arguments;
  if (added.size() != 1 || !evidence.is_row(added.front().second)) return std::nullopt;
  const flow::Row partner = evidence.row(added.front().second);
  const schema::Relation* back =
      relation.inverse ? evidence.entity(partner.entity).relation_by_lookup(relation.inverse)
                       : nullptr;
  if (back == nullptr || !back->name || evidence.varies(partner, loop)) return std::nullopt;
  return fmt::format("Turn the relation round: one `{}.add(*objects)` on the {} does it.",
                     evidence.text(back->name), entity_name(evidence, partner.entity));
}

std::string repair_for(const Evidence& evidence, const Event& event,
                       const schema::Relation& relation, bool same_owner, flow::NestId loop) {
  const std::string_view call = called_name(evidence.world(), event.site);
  const std::string_view name = evidence.text(relation.name);
  if (call == "remove" || call == "clear") {
    return fmt::format("Delete the pairs with one `{}.through.objects.filter(...).delete()`.",
                       name);
  }
  if (same_owner) {
    return fmt::format("Collect the objects and pass them to one call: `{}.add(*objects)`.", name);
  }
  if (call == "add") {
    if (const auto turned = call_from_other_side(evidence, event, relation, loop)) return *turned;
  }
  return fmt::format(
      "Collect the pairs and insert them with one "
      "`{}.through.objects.bulk_create(..., ignore_conflicts=True)`.",
      name);
}

}  // namespace

void m2m_write_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto write = repeated_write(evidence, event);
  const schema::Relation* relation = evidence.relation_from_owner(event.subject);
  if (!write || relation == nullptr) return;
  const flow::Row owner = evidence.row(evidence.owner_of(event.subject));
  const bool same_owner = !evidence.varies(owner, write->repetition.nest);
  diagnostics::Diagnostic finding =
      write_finding(evidence, event, *write, findings, {"query-in-loop"});
  const std::string_view call = called_name(evidence.world(), event.site);
  // What one query would have to say is not plain, or one `update()` of the other rows would do.
  if (call != "add" || !relation->is_many_to_many) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message =
      M2mWriteInLoop{
          .cost = statement_cost(evidence, write->repetition, "write"),
          .what =
              fmt::format("`{}` is changed in the loop", relation_name(evidence, owner, *relation)),
          .repair = repair_for(evidence, event, *relation, same_owner, write->repetition.nest),
          .caveat = write->caveat}
          .message();
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
