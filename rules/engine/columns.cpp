#include "rules/engine/columns.h"

#include <array>

namespace querylint::rules {

using base::Name;
using flow::StepKind;

namespace {

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

}  // namespace

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

bool chooses_columns(const Evidence& evidence, Value query) {
  const flow::Plans& plans = evidence.world().plans;
  const flow::StepId last = evidence.query(query).last;
  for (const StepKind kind : {StepKind::only, StepKind::defer, StepKind::combined, StepKind::lock,
                              StepKind::given, StepKind::created, StepKind::none}) {
    if (plans.has(last, kind)) return true;
  }
  return false;
}

bool is_short_by_name(std::string_view column) {
  constexpr std::array<std::string_view, 16> endings = {
      "name",  "title", "type",  "code", "currency", "status", "state",    "number",
      "label", "key",   "email", "slug", "version",  "_id",    "hostname", "country"};
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return column.ends_with(ending); });
}

bool is_big(const Evidence& evidence, const schema::Entity& entity, Name name) {
  const schema::ColumnType type = entity.column(name)->type;
  if (type == schema::ColumnType::long_text)
    return tells_length_of_text(entity) && !is_short_by_name(evidence.text(name));
  return type == schema::ColumnType::binary || type == schema::ColumnType::vector;
}

}  // namespace querylint::rules
