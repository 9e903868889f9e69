#include "rules/generated/unindexed_foreign_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/conditions.h"
#include "rules/engine/wording.h"

namespace querylint::rules::indexes {
namespace {

/// A foreign key that rows are looked up by.
struct Looked {
  const schema::Entity* entity = nullptr;
  const schema::Column* column = nullptr;
  std::string how;
};

bool is_indexed(const schema::Entity& entity, const schema::Column& column) {
  return column.is_indexed || std::ranges::any_of(entity.indexes, [&](const schema::Index& index) {
           return !index.columns.empty() && index.columns.front() == column.name;
         });
}

/// Rows of `target` that refer to a row of the entity through its relation.
Looked by_relation(const Evidence& evidence, const schema::Entity& entity,
                   const schema::Relation& relation) {
  const bool is_reverse = !relation.holds_key && !relation.is_many_to_many && relation.target;
  if (!is_reverse || !relation.inverse) return {};
  const schema::Entity& target = evidence.entity(relation.target);
  const schema::Relation* inverse = target.relation_by_lookup(relation.inverse);
  if (inverse == nullptr || !inverse->key_column) return {};
  return {&target, target.column(inverse->key_column),
          fmt::format("`{}.{}` is read", evidence.text(entity.name), evidence.text(relation.name))};
}

/// The keys that the query's own conditions compare.
void each_key(const Evidence& evidence, Value query, const std::function<void(Looked)>& visit) {
  const schema::Entity& entity = evidence.entity(evidence.query(query).entity);
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    if (step.kind != flow::StepKind::filter) return true;
    for (const auto& [label, operand] : step.arguments) {
      const std::string_view lookup = label ? evidence.text(label) : std::string_view();
      const std::string_view comparison = comparison_of(lookup);
      if (!comparison.empty() && comparison != "in") continue;
      const schema::Column* column =
          compared_column(evidence, evidence.query(query).entity, lookup);
      // A key of another table is of no use here: its join may begin with this one.
      const bool is_own = column != nullptr && entity.column(column->name) == column;
      if (is_own && entity.relation_by_key(column->name) != nullptr)
        visit({&entity, column,
               fmt::format("{} is queried by `{}`", evidence.text(entity.name),
                           evidence.text(column->name))});
    }
    return true;
  });
}

}  // namespace

void unindexed_foreign_key(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto judge = [&](const Looked& looked) {
    if (looked.column == nullptr || is_indexed(*looked.entity, *looked.column)) return;
    if (!looked.column->declared) return;
    diagnostics::Diagnostic finding = findings.at(looked.column->declared, event);
    finding.message =
        UnindexedForeignKey{.what = looked.how, .column = evidence.text(looked.column->name)}
            .message();
    finding.cause.detail = fmt::format("{}.{}", evidence.text(looked.entity->name),
                                       evidence.text(looked.column->name));
    finding.related.push_back({evidence.place(event.site), "the query runs here"});
    findings.add(std::move(finding));
  };
  if (!evidence.is_query(event.subject)) {
    const schema::Relation* read =
        evidence.is_row(event.subject) ? evidence.relation_of(event) : nullptr;
    if (read != nullptr)
      judge(by_relation(evidence, evidence.entity(evidence.row(event.subject).entity), *read));
    return;
  }
  each_key(evidence, event.subject, judge);
  const Value owner = evidence.owner_of(event.subject);
  const schema::Relation* relation = evidence.relation_from_owner(event.subject);
  if (owner && relation != nullptr)
    judge(by_relation(evidence, evidence.entity(evidence.row(owner).entity), *relation));
}

}  // namespace querylint::rules::indexes
