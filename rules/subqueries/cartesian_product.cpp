#include "rules/generated/cartesian_product.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "rules/engine/parts.h"
#include "rules/engine/wording.h"

namespace querylint::rules::subqueries {
namespace {

using flow::Step;
using flow::StepKind;

/// A table as a statement names it.
struct Table {
  Value value;              ///< nothing for the entity itself
  schema::EntityId entity;  ///< of a class; nowhere for an alias or a subquery
  Site site;                ///< where it is named
};

/// What a statement reads from.
struct Sources {
  std::vector<Table> tables;              ///< the first one is what the statement is about
  std::vector<std::vector<Table>> links;  ///< tables that a condition or a join ties together
  bool is_known = true;
};

std::vector<Table> tables_of(const Evidence& evidence, const Step& step) {
  const flow::Values& values = evidence.world().values;
  std::vector<Table> tables;
  for (const auto& [label, value] : step.arguments) {
    const bool is_class = values.is(value, flow::ValueKind::class_);
    tables.push_back(
        {value, is_class ? values.class_(value).entity : schema::EntityId{}, step.site});
  }
  return tables;
}

/// A foreign key that is compared with something unknown may be compared with the column that it
/// refers to.
void add_keys(const Evidence& evidence, schema::EntityId entity, const Step& filter,
              Sources& sources) {
  for (const auto& [label, value] : filter.arguments) {
    const schema::Relation* relation =
        label ? evidence.entity(entity).relation_by_key(label) : nullptr;
    if (relation == nullptr || !evidence.world().values.is_unknown(value)) continue;
    sources.links.push_back({{{}, entity, filter.site}, {{}, relation->target, filter.site}});
  }
}

Sources sources_of(const Evidence& evidence, Value query) {
  const flow::Plans& plans = evidence.world().plans;
  const Step& root = flow::root_of(evidence.world(), query);
  Sources sources;
  sources.is_known = root.kind == StepKind::all;
  bool names_first = false;  // the columns that are asked for tell which is the first
  std::vector<Table> joined;
  plans.each(evidence.query(query).last, [&](const Step& step, bool is_certain) {
    const bool is_of_tables =
        step.kind == StepKind::join || step.kind == StepKind::table || step.kind == StepKind::link;
    const std::vector<Table> tables =
        is_of_tables ? tables_of(evidence, step) : std::vector<Table>{};
    for (const Table& table : tables) sources.is_known = sources.is_known && table.value;
    if (step.kind == StepKind::combined || step.kind == StepKind::other) sources.is_known = false;
    if (step.kind == StepKind::filter)
      add_keys(evidence, evidence.query(query).entity, step, sources);
    if (step.kind == StepKind::link) sources.links.push_back(tables);
    if (step.kind == StepKind::join) joined.insert(joined.end(), tables.begin(), tables.end());
    if (is_of_tables && step.kind != StepKind::join && is_certain) {
      sources.tables.insert(sources.tables.begin(), tables.begin(), tables.end());
      names_first = names_first || (step.kind == StepKind::table && step.site == root.site);
    }
    return sources.is_known;
  });
  if (!names_first)
    sources.tables.insert(sources.tables.begin(), {{}, evidence.query(query).entity, root.site});
  if (!joined.empty()) {
    joined.push_back(sources.tables.front());
    sources.links.push_back(joined);
  }
  return sources;
}

/// Whether both are one table, or rows of one have the columns of the other.
bool is_same(const schema::Schema& schema, const Table& a, const Table& b) {
  if (!a.entity || !b.entity) return a.value == b.value;
  return schema.is_kind_of(a.entity, b.entity) || schema.is_kind_of(b.entity, a.entity);
}

/// A table that nothing ties to the first one.
std::optional<Table> stray_of(const schema::Schema& schema, const Sources& sources) {
  std::vector<Table> reached = {sources.tables.front()};
  const auto is_reached = [&](const Table& table) {
    return std::ranges::any_of(reached,
                               [&](const Table& other) { return is_same(schema, table, other); });
  };
  for (std::size_t round = 0; round < sources.links.size(); ++round) {
    for (const std::vector<Table>& link : sources.links) {
      if (std::ranges::none_of(link, is_reached)) continue;
      for (const Table& table : link) {
        if (!is_reached(table)) reached.push_back(table);
      }
    }
  }
  const auto stray = std::ranges::find_if_not(sources.tables, is_reached);
  return stray == sources.tables.end() ? std::nullopt : std::optional(*stray);
}

std::string name_of(const Evidence& evidence, const Table& table) {
  if (table.entity) return fmt::format("`{}`", entity_name(evidence, table.entity));
  const flow::Values& values = evidence.world().values;
  std::string name = "A subquery";
  each_part(values, table.value, [&](Value part) {
    if (!values.is(part, flow::ValueKind::class_)) return true;
    name = fmt::format("An alias of `{}`", entity_name(evidence, values.class_(part).entity));
    return false;
  });
  return name;
}

}  // namespace

void cartesian_product(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject)) return;
  const Sources sources = sources_of(evidence, event.subject);
  if (!sources.is_known) return;
  const auto stray = stray_of(evidence.world().schema, sources);
  if (!stray) return;
  diagnostics::Diagnostic finding = findings.at(stray->site, event);
  finding.message = CartesianProduct{.table = name_of(evidence, *stray),
                                     .first = name_of(evidence, sources.tables.front())}
                        .message();
  if (event.site != stray->site)
    finding.related.push_back({evidence.place(event.site), "runs here"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::subqueries
