#include "rules/generated/related_object_for_its_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/edits.h"
#include "rules/engine/shared_objects.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loops {

namespace {

/// What is asked of the related object: its key, or whether there is one.
enum class Asked : std::uint8_t { key, presence, other };

/// Code that reads the relation, with the key as it would be read instead.
struct KeyRead {
  const Evidence& evidence;
  const schema::Relation& relation;
  flow::UnitId unit;
  Code code;

  std::string_view name(const ir::Instruction& attribute) const {
    return evidence.text(evidence.world().program.name(unit, {attribute.b}));
  }

  /// The only instruction that takes the related object; null where there are several.
  const ir::Instruction* taker(std::uint32_t read) const {
    const std::vector<std::uint32_t> all = takers(code, read);
    return all.size() == 1 ? &code.body[all.front()] : nullptr;
  }

  Asked asked(std::uint32_t read) const {
    const ir::Instruction* user = taker(read);
    if (user == nullptr) return Asked::other;
    if (user->op == ir::Op::attribute) {
      const schema::Column* key = evidence.entity(relation.target).primary_key();
      const bool is_key =
          key != nullptr && (name(*user) == "pk" || name(*user) == evidence.text(key->name));
      return is_key ? Asked::key : Asked::other;
    }
    const auto operation = static_cast<ir::Operator>(user->detail);
    const bool compares_identity =
        user->op == ir::Op::operate && user->a == read &&
        (operation == ir::Operator::is || operation == ir::Operator::is_not);
    return compares_identity ? Asked::presence : Asked::other;
  }

  /// Of the relation's name, and of the key's behind it.
  base::ByteRange range(std::uint32_t read) const {
    base::ByteRange range = name_range(evidence.world(), unit, code, read);
    if (asked(read) == Asked::key) range.end = taker(read)->range.end;
    return range;
  }
};

/// The reads of the same relation of the same variable in the function, this one first or not:
/// where one is left, the related object is loaded after all.
std::vector<std::uint32_t> reads_like(const Code& code, std::uint32_t read) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t at = 0; at < code.body.size(); ++at) {
    if (same_place(code, read, at)) all.push_back(at);
  }
  return all;
}

/// Whether a local variable that both reads begin with is assigned between them.
bool is_other_row(const Code& code, std::uint32_t first, std::uint32_t last) {
  std::uint32_t start = first;
  while (code.body[start].op == ir::Op::attribute) start = code.body[start].a;
  const ir::Instruction& variable = code.body[start];
  if (variable.op != ir::Op::load || !is_local(variable)) return true;
  return std::ranges::any_of(code.body.subspan(first, last - first), [&](const auto& between) {
    return between.op == ir::Op::store && is_local(between) && between.a == variable.a;
  });
}

/// Reads the key of the row instead. That is safe where there surely is a related object, or only
/// whether there is one is asked; and where the row is this function's, or its own class's code.
std::optional<diagnostics::Fix> key_fix(const Evidence& evidence, const Event& event,
                                        const schema::Relation& relation) {
  const auto code = code_around(evidence.world(), event.site);
  const flow::Row row = evidence.row(event.subject);
  if (!code || !row.attributes.empty() ||
      flow::is_deferred(evidence.world(), row, relation.key_column))
    return std::nullopt;
  const KeyRead key{evidence, relation, evidence.world().program.unit_of(event.site), *code};
  const std::vector<std::uint32_t> reads = reads_like(*code, event.site.instruction);
  if (reads.empty()) return std::nullopt;  // the relation is named by a text
  if (reads.size() > 1 && is_other_row(*code, reads.front(), reads.back())) return std::nullopt;
  const std::string column(evidence.text(relation.key_column));
  const bool is_own = evidence.is_in_followed(event.site) ||
                      evidence.is_in_methods_of(evidence.entity(row.entity), event.site);
  diagnostics::Fix fix{fmt::format("Read {}", column),
                       is_own ? diagnostics::Safety::safe : diagnostics::Safety::unsafe,
                       {}};
  Edits edits(evidence.world(), evidence.world().program.unit_of(event.site));
  for (const std::uint32_t read : reads) {
    const Asked asked = key.asked(read);
    if (asked == Asked::other) return std::nullopt;
    if (asked == Asked::key && relation.is_nullable) fix.safety = diagnostics::Safety::unsafe;
    edits.replace(key.range(read), column);
  }
  fix.edits = edits.take();
  return fix;
}

}  // namespace

void related_object_for_its_key(const Evidence& evidence, const Event& event, Findings& findings) {
  const schema::Relation* relation = evidence.relation_of(event);
  if (relation == nullptr || !evidence.only_key_is_read(event)) return;
  if (evidence.was_read_before(event)) return;
  const flow::Row row = evidence.row(event.subject);
  const auto repetition = evidence.repetition(event);
  if (leads_to_one(evidence, row, *relation) ||
      loaded_elsewhere(evidence, event, row, *relation) == Elsewhere::all)
    return;
  const bool is_repeated = repetition && evidence.varies(row, repetition->nest);
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  // One query too many on a page is worth a hint, one per row is worth a warning.
  if (!is_repeated) finding.severity = diagnostics::Severity::advice;
  finding.certainty = is_repeated ? certainty_of_read(evidence, event, *repetition, row)
                                  : certainty_of(evidence, event);
  if (!is_looked_at_in_place(evidence.world(), event.site)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message =
      RelatedObjectForItsKey{
          .cost = is_repeated ? query_cost(evidence, *repetition) : "One query too many",
          .relation = relation_name(evidence, row, *relation),
          .where = flow::is_deferred(evidence.world(), row, relation->key_column)
                       ? "which the query leaves out, but should not"
                       : "which is in the row already",
          .key = std::string(evidence.text(relation->key_column))}
          .message();
  if (is_repeated) {
    finding.cause =
        evidence.cause_of_read(row.query, *repetition, evidence.lookup_path(row, *relation));
    finding.related = explanation(evidence, event, *repetition, row.query, event.site);
  }
  if (auto fix = weakened(key_fix(evidence, event, *relation), finding.certainty))
    finding.fixes.push_back(std::move(*fix));
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
