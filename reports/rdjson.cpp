#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/positions.h"
#include "reports/report.h"
#include "reports/severity_words.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Edit;
using diagnostics::Fix;
using diagnostics::Place;
using diagnostics::Related;
using nlohmann::ordered_json;

constexpr SeverityWords severity_of = {"ERROR", "WARNING", "INFO"};

ordered_json position_of(const Position& position) {
  return {{"line", position.line}, {"column", position.byte_column}};
}

ordered_json range_of(const Place& place, Sources& sources) {
  const LineIndex& index = sources.of(place.path);
  const std::uint32_t end = std::max(place.range.begin, place.range.end);
  return {{"start", position_of(index.position(place.range.begin))},
          {"end", position_of(index.position(end))}};
}

ordered_json location_of(const Place& place, Sources& sources) {
  return {{"path", place.path}, {"range", range_of(place, sources)}};
}

/// A suggestion is applied by itself and names no file: a fix of several edits, or of another file,
/// cannot be one.
ordered_json suggestions_of(const Diagnostic& diagnostic, Sources& sources) {
  ordered_json all = ordered_json::array();
  for (const Fix& fix : diagnostic.fixes) {
    if (fix.edits.size() != 1) continue;
    const Edit& edit = fix.edits.front();
    if (edit.place.path != diagnostic.place.path) continue;
    all.push_back({{"range", range_of(edit.place, sources)}, {"text", edit.replacement}});
  }
  return all;
}

ordered_json related_locations(const Diagnostic& diagnostic, Sources& sources) {
  ordered_json all = ordered_json::array();
  for (const Related& related : diagnostic.related) {
    all.push_back(
        {{"message", related.message}, {"location", location_of(related.place, sources)}});
  }
  return all;
}

ordered_json diagnostic_of(const Diagnostic& diagnostic, Sources& sources) {
  ordered_json object = {{"message", diagnostic.message},
                         {"location", location_of(diagnostic.place, sources)},
                         {"severity", severity_of(diagnostic.severity)},
                         {"code", {{"value", diagnostic.rule}}}};
  ordered_json suggestions = suggestions_of(diagnostic, sources);
  if (!suggestions.empty()) object["suggestions"] = std::move(suggestions);
  ordered_json related = related_locations(diagnostic, sources);
  if (!related.empty()) object["related_locations"] = std::move(related);
  return object;
}

}  // namespace

std::string rdjson(const Run& run) {
  Sources sources(run.text_of);
  ordered_json all = ordered_json::array();
  for (const Diagnostic& diagnostic : run.diagnostics) {
    all.push_back(diagnostic_of(diagnostic, sources));
  }
  const ordered_json result = {{"source", {{"name", "querylint"}}},
                               {"diagnostics", std::move(all)}};
  return result.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace querylint::reports
