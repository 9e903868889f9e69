#include "rules/generated/unused_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "rules/engine/columns.h"
#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {
namespace {

using base::Name;
using flow::Cause;
using flow::StepKind;

constexpr std::size_t most_listed = 4;  // columns that a message names one by one

/// `title`: without the key, which comes anyway, and with what the rows are put in place by.
flow::ColumnNames needed_columns(const Evidence& evidence, const Columns& columns,
                                 Name needed = {}) {
  std::set<Name> names = columns.read;
  names.erase(columns.key);
  if (needed) names.insert(needed);
  if (names.empty()) names.insert(columns.key);
  return sorted(evidence, names);
}

std::string repair_for(const Evidence& evidence, const Columns& columns, Value query) {
  const schema::EntityId id = evidence.query(query).entity;
  const flow::Words& words = evidence.words(id);
  const std::string entity = entity_name(evidence, id);
  // Values without the key would be distinct by themselves.
  const bool is_distinct =
      evidence.world().plans.has(evidence.query(query).last, StepKind::distinct);
  if (columns.read.size() == 1 && !columns.leads_on && !columns.by_methods && !is_distinct) {
    return fmt::format("`{}` loads just that.",
                       words.values_of(entity, evidence.text(*columns.read.begin())));
  }
  if (columns.read.size() <= most_listed || columns.heavy.empty())
    return fmt::format("`{}` loads just these.",
                       words.only(entity, needed_columns(evidence, columns)));
  return fmt::format("`{}` leaves out what is heavy.",
                     words.defer(entity, sorted(evidence, columns.heavy)));
}

std::string prefetch_repair(const Evidence& evidence, const Columns& columns,
                            const flow::Row& row) {
  const std::vector<flow::Hop> way = way_to_row(evidence, row);
  const schema::Relation* back = nullptr;
  for (const schema::Relation& relation : evidence.entity(row.entity).relations) {
    const bool is_inverse =
        relation.holds_key && relation.inverse == evidence.world().plans.last(row.path);
    if (is_inverse && entity_name(evidence, relation.target) == way.back().entity) back = &relation;
  }
  flow::ColumnNames needed;
  if (columns.read.size() <= most_listed)
    needed = needed_columns(evidence, columns, back == nullptr ? Name{} : back->key_column);
  return fmt::format(
      "`{}` loads just that.",
      evidence.words(row.entity).only_of_relation(way, entity_name(evidence, row.entity), needed));
}

std::string read_text(const Evidence& evidence, const Columns& columns) {
  const std::string names = columns.read.size() <= most_listed
                                ? listed(evidence, columns.read)
                                : std::to_string(columns.read.size());
  return fmt::format("{} {} read", names, columns.read.size() == 1 ? "is" : "are");
}

std::string heavy_text(const Evidence& evidence, const Columns& columns) {
  return columns.heavy.empty()
             ? ""
             : fmt::format(", the heavy {} among them", listed(evidence, columns.heavy));
}

diagnostics::Certainty certainty_of_columns(const Columns& columns, bool is_single) {
  const bool few = columns.read.size() <= 2;
  const bool most_unread = 2 * columns.read.size() <= columns.all();
  if (is_single || !most_unread || !columns.is_local) return diagnostics::Certainty::possible;
  if (!columns.heavy.empty() && columns.read.size() <= 6) return diagnostics::Certainty::firm;
  if (few && columns.all() > narrow_table) return diagnostics::Certainty::likely;
  return diagnostics::Certainty::possible;
}

/// Whether the rows are likely few and light: what belongs to nothing else, or to one thing only,
/// is mostly a list that people keep, such as kinds, settings or tags.
bool may_be_short_list(const schema::Entity& entity, const Columns& columns) {
  constexpr std::ptrdiff_t keys_of_growing = 2;
  constexpr std::size_t heavy_of_weight = 3;
  return columns.heavy.size() < heavy_of_weight &&
         std::ranges::count_if(entity.relations, &schema::Relation::holds_key) < keys_of_growing;
}

/// Whether leaving columns out may gain little, or takes more than naming the others: JSON is
/// mostly small, as are names, a page or a short list has few rows, and what is heavy may be what
/// is read; objects are needed, for relations, by methods of theirs, or by code that runs whenever
/// one is made; or some caller may have prefetched the rows.
bool is_delicate(const Evidence& evidence, const Event& run, const Columns& columns,
                 const schema::Entity& entity, Value query) {
  const bool has_big =
      std::ranges::any_of(columns.heavy, [&](Name name) { return is_big(evidence, entity, name); });
  const bool reads_heavy = std::ranges::any_of(columns.read, [&](Name name) {
    const schema::Column* column = entity.column(name);
    return column != nullptr && column->is_heavy() && !is_short_by_name(evidence.text(name));
  });
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  // Raw SQL names its columns itself; annotations that are read are no columns.
  if (plans.has(last, StepKind::other) || plans.has(last, StepKind::annotate)) return true;
  if (plans.has(last, StepKind::slice)) return true;  // mostly a page
  return !has_big || reads_heavy || may_be_short_list(entity, columns) || columns.leads_on ||
         columns.by_methods || run.cause() == Cause::bulk_read || evidence.has_own_making(entity) ||
         evidence.world().plans.has(evidence.query(query).last, StepKind::load_join) ||
         flow::root_of(evidence.world(), query).kind != StepKind::all;
}

void report(const Evidence& evidence, const Event& run, Site site, const Columns& columns,
            schema::EntityId entity, Value query, Findings& findings) {
  diagnostics::Diagnostic finding = findings.at(site, run);
  const bool is_single = run.cause() == Cause::fetched;
  finding.certainty = weaker(finding.certainty, certainty_of_columns(columns, is_single));
  if (is_by_keys(evidence, query) || !evidence.is_made_in_trace(query) ||
      is_delicate(evidence, run, columns, evidence.entity(entity), query)) {
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  }
  finding.message = UnusedColumns{.columns = std::to_string(columns.loaded),
                                  .entity = entity_name(evidence, entity),
                                  .heavy = heavy_text(evidence, columns),
                                  .read = read_text(evidence, columns),
                                  .repair = repair_for(evidence, columns, query)}
                        .message();
  const Site built = evidence.site_of_query(query);
  if (built && built != site) finding.related.push_back({evidence.place(built), "the query"});
  finding.cause.place = place_of_load(evidence, query);
  findings.add(std::move(finding));
}

/// The rows of the query itself.
void judge_rows(const Evidence& evidence, const Usage& usage, const Event& run,
                Findings& findings) {
  const flow::Query query = evidence.query(usage.query);
  const schema::Entity& entity = evidence.entity(query.entity);
  if (chooses_columns(evidence, usage.query) || is_indexed(evidence, usage)) return;
  const auto columns = columns_of(evidence, usage, {}, entity);
  if (!columns || columns->unread.size() < 2 || columns->all() < narrow_table) return;
  const bool is_heavy = !columns->heavy.empty();
  if (columns->is_mostly_read()) return;
  if (run.cause() == Cause::fetched && !is_heavy) return;
  Site site = run.site;
  if (run.calls) {
    site = evidence.site_of_query(usage.query);
    if (!site || !evidence.is_in_followed(site)) return;
  }
  report(evidence, run, site, *columns, query.entity, usage.query, findings);
}

/// Whether the query says which columns of the rows at a path it wants.
bool chooses_columns_at(const Evidence& evidence, Value query, flow::PathId path) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    const bool restricts = step.kind == StepKind::only || step.kind == StepKind::defer;
    found = restricts && step.path == path;
    return !found;
  });
  return found;
}

/// Rows that a prefetch brings along.
void judge_prefetches(const Evidence& evidence, const Usage& usage, const Event& run,
                      Findings& findings) {
  if (run.cause() == Cause::fetched) return;
  const flow::Plans& plans = evidence.world().plans;
  for (flow::StepId id = evidence.query(usage.query).last; id; id = plans.step(id).previous) {
    const flow::Step& step = plans.step(id);
    if (step.kind != StepKind::load_separate || !step.arguments.empty()) continue;
    if (!evidence.is_in_followed(step.site) || chooses_columns_at(evidence, usage.query, step.path))
      continue;
    const auto read = std::ranges::find_if(usage.reads, [&](const Event* event) {
      return evidence.row(event->subject).path == step.path;
    });
    if (read == usage.reads.end()) continue;
    const flow::Row row = evidence.row((*read)->subject);
    const auto columns = columns_of(evidence, usage, step.path, evidence.entity(row.entity));
    if (!columns || columns->heavy.empty() || 2 * columns->read.size() > columns->all()) continue;
    diagnostics::Diagnostic finding = findings.at(step.site, run);
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
    finding.message = UnusedColumns{.columns = std::to_string(columns->loaded),
                                    .entity = entity_name(evidence, row.entity),
                                    .heavy = heavy_text(evidence, *columns),
                                    .read = read_text(evidence, *columns),
                                    .repair = prefetch_repair(evidence, *columns, row)}
                          .message();
    findings.add(std::move(finding));
  }
}

}  // namespace

void unused_columns(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject)) return;
  const flow::Query query = evidence.query(event.subject);
  if (query.shape != flow::Shape::rows || evidence.world().schema.is_placeholder(query.entity))
    return;
  const Usage usage = usage_of(evidence, event.subject);
  if (loading_run(usage) != &event) return;
  judge_rows(evidence, usage, event, findings);
  judge_prefetches(evidence, usage, event, findings);
}

}  // namespace querylint::rules::loading
