#include "rules/generated/deferred_column_in_loop.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/wording.h"

namespace querylint::rules::loops {
namespace {

/// `Book.price`, or `Book.price, Book.summary`: what the loop fetches again of the rows, one query
/// for each.
std::string columns_fetched(const Evidence& evidence, const Event& first, const flow::Row& row) {
  std::vector<base::Name> columns;
  for (const std::uint32_t index : evidence.events_of(row.query)) {
    const Event& event = evidence.trace().events[index];
    const bool is_fetch = event.kind == flow::EventKind::execution &&
                          event.cause() == flow::Cause::deferred_column &&
                          event.nest == first.nest && evidence.row(event.subject).path == row.path;
    if (is_fetch && std::ranges::find(columns, event.member) == columns.end()) {
      columns.push_back(event.member);
    }
  }
  std::string all;
  for (const base::Name column : columns) {
    all += fmt::format("{}`{}.{}`", all.empty() ? "" : ", ", entity_name(evidence, row.entity),
                       evidence.text(column));
  }
  return all;
}

}  // namespace

void deferred_column_in_loop(const Evidence& evidence, const Event& event, Findings& findings) {
  const auto repetition = evidence.repetition(event);
  if (!repetition) return;
  const flow::Row row = evidence.row(event.subject);
  if (!evidence.varies(row, repetition->nest)) return;
  const Site place = reading_place(evidence, event, *repetition, row.query);
  diagnostics::Diagnostic finding = findings.at(place, event);
  finding.certainty = certainty_of_read(evidence, event, *repetition, row);
  finding.message = DeferredColumnInLoop{.cost = query_cost(evidence, *repetition),
                                         .columns = columns_fetched(evidence, event, row),
                                         .repair = evidence.words(row.entity).load_column()}
                        .message();
  finding.related = explanation(evidence, event, *repetition, row.query, place);
  finding.cause = evidence.cause_of_read(row.query, *repetition, entity_name(evidence, row.entity));
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loops
