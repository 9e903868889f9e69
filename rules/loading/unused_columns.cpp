#include "rules/generated/unused_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "rules/engine/folds.h"
#include "rules/engine/wording.h"

namespace querylint::rules::loading {
namespace {

using base::Name;
using flow::Cause;
using flow::StepKind;

constexpr std::size_t narrow_table = 4;  // columns: below that nothing is gained
constexpr std::size_t most_listed = 4;   // columns that a message names one by one

/// Columns of the rows at one path of a query, as far as they matter.
struct Columns {
  std::set<Name> read;
  std::vector<Name> unread;
  std::vector<Name> heavy;  ///< of the unread ones
  bool is_local = true;     ///< all is read where the query is used, or by the entity's own methods
  bool by_methods = false;  ///< the entity's own methods read some, and may come to read others
  bool leads_on = false;    ///< relations are followed, methods called, or columns give objects
  Name key;                 ///< comes with every row
  std::size_t loaded = 0;

  std::size_t all() const { return read.size() + unread.size(); }
};

std::optional<Columns> columns_of(const Evidence& evidence, const Usage& usage, flow::PathId path,
                                  const schema::Entity& entity) {
  if (gets_away(evidence, usage, path)) return std::nullopt;
  Columns columns;
  columns.read = columns_read(evidence, usage, path);
  if (columns.read.empty()) return std::nullopt;
  for (const Event* read : usage.reads) {
    const bool is_deeper = evidence.row(read->subject).path != path;
    columns.leads_on = columns.leads_on || entity.relation(read->member) != nullptr;
    columns.leads_on = columns.leads_on || is_deeper || (read->flags & flow::flag::by_method) != 0;
    columns.by_methods = columns.by_methods || !evidence.is_in_followed(read->site);
    columns.is_local = columns.is_local && (is_deeper || evidence.is_in_followed(read->site) ||
                                            evidence.is_in_methods_of(entity, read->site));
  }
  for (const Name name : columns.read) {
    const schema::Column* column = entity.column(name);
    const bool gives_object = column != nullptr && (column->type == schema::ColumnType::other ||
                                                    column->type == schema::ColumnType::file);
    columns.leads_on = columns.leads_on || gives_object;
  }
  // Rows that were joined get away; what is changed is changed on objects.
  columns.leads_on = columns.leads_on || !usage.escapes.empty() || !usage.changes.empty();
  columns.loaded = entity.columns.size();
  for (const schema::Column& column : entity.columns) {
    if (column.is_primary) columns.key = column.name;
    if (column.is_primary || columns.read.contains(column.name)) continue;
    columns.unread.push_back(column.name);
    if (column.is_heavy()) columns.heavy.push_back(column.name);
  }
  return columns;
}

/// Whether a step has chosen columns already, or needs whole rows.
bool is_settled(const Evidence& evidence, Value query) {
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  for (const StepKind kind : {StepKind::only, StepKind::defer, StepKind::combined, StepKind::lock,
                              StepKind::given, StepKind::created, StepKind::none}) {
    if (plans.has(last, kind)) return true;
  }
  return false;
}

/// In the order of the alphabet.
template <typename Names>
flow::ColumnNames sorted(const Evidence& evidence, const Names& names) {
  flow::ColumnNames texts;
  for (const Name name : names) texts.push_back(evidence.text(name));
  std::ranges::sort(texts);
  return texts;
}

template <typename Names>
std::string listed(const Evidence& evidence, const Names& names) {
  std::string text;
  for (const std::string_view name : sorted(evidence, names))
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", name);
  return text;
}

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

/// Whether a text column holds a word or two, by its name, whatever its type allows.
bool is_short_by_name(std::string_view column) {
  constexpr std::array<std::string_view, 16> endings = {
      "name",  "title", "type",  "code", "currency", "status", "state",    "number",
      "label", "key",   "email", "slug", "version",  "_id",    "hostname", "country"};
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return column.ends_with(ending); });
}

/// Whether the type of a text column tells how long it may be: not where nearly all text is
/// declared long.
bool tells_length_of_text(const schema::Entity& entity) {
  constexpr std::ptrdiff_t several = 4;
  const auto of_type = [&](schema::ColumnType type) {
    return std::ranges::count(entity.columns, type, &schema::Column::type);
  };
  const std::ptrdiff_t long_ones = of_type(schema::ColumnType::long_text);
  return long_ones < several || long_ones < 2 * of_type(schema::ColumnType::text);
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
  const bool has_long_text = tells_length_of_text(entity);
  const bool is_big = std::ranges::any_of(columns.heavy, [&](Name name) {
    const schema::ColumnType type = entity.column(name)->type;
    const bool is_text = type == schema::ColumnType::long_text && has_long_text;
    return (is_text && !is_short_by_name(evidence.text(name))) ||
           type == schema::ColumnType::binary || type == schema::ColumnType::vector;
  });
  const bool reads_heavy = std::ranges::any_of(columns.read, [&](Name name) {
    const schema::Column* column = entity.column(name);
    return column != nullptr && column->is_heavy() && !is_short_by_name(evidence.text(name));
  });
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  // Raw SQL names its columns itself; annotations that are read are no columns.
  if (plans.has(last, StepKind::other) || plans.has(last, StepKind::annotate)) return true;
  if (plans.has(last, StepKind::slice)) return true;  // mostly a page
  return !is_big || reads_heavy || may_be_short_list(entity, columns) || columns.leads_on ||
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
  if (built.unit && built != site) finding.related.push_back({evidence.place(built), "the query"});
  finding.cause = cause_of_load(evidence, query);
  findings.add(std::move(finding));
}

/// The rows of the query itself.
void judge_rows(const Evidence& evidence, const Usage& usage, const Event& run,
                Findings& findings) {
  const flow::Query query = evidence.query(usage.query);
  const schema::Entity& entity = evidence.entity(query.entity);
  if (is_settled(evidence, usage.query) || is_indexed(evidence, usage)) return;
  const auto columns = columns_of(evidence, usage, {}, entity);
  if (!columns || columns->unread.size() < 2 || columns->all() < narrow_table) return;
  const bool is_heavy = !columns->heavy.empty();
  if (columns->read.size() * 2 > columns->all() && !is_heavy) return;
  if (run.cause() == Cause::fetched && !is_heavy) return;
  Site site = run.site;
  if (run.calls) {
    site = evidence.site_of_query(usage.query);
    if (!site.unit || !evidence.is_in_followed(site)) return;
  }
  report(evidence, run, site, *columns, query.entity, usage.query, findings);
}

/// Whether the query says which columns of the rows at a path it wants.
bool chooses_columns(const Evidence& evidence, Value query, flow::PathId path) {
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
    if (!evidence.is_in_followed(step.site) || chooses_columns(evidence, usage.query, step.path))
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
