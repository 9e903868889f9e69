#include "reports/sarif_results.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/line_hash.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Edit;
using diagnostics::Fix;
using diagnostics::Place;
using diagnostics::Related;
using nlohmann::ordered_json;

constexpr std::size_t longest_link = 80;

/// Everything but letters, digits and `-._~/` is encoded, so that no path looks like a scheme.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri;
  for (const char c : path) {
    if (kept.find(c) != std::string_view::npos) {
      uri.push_back(c);
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

ordered_json artifact(std::string_view path) {
  return {{"uri", uri_of(path)}, {"uriBaseId", root_id}};
}

ordered_json region(const LineIndex& index, base::ByteRange range) {
  const Position begin = index.position(range.begin);
  const Position end = index.position(std::max(range.begin, range.end));
  return {{"startLine", begin.line},
          {"startColumn", begin.utf16_column},
          {"endLine", end.line},
          {"endColumn", end.utf16_column}};
}

/// `[text](id)`. A text that is too long for a link leads there by its place instead.
std::string link(const Related& related, std::size_t id, const LineIndex& index) {
  std::string text;
  if (related.message.empty() || related.message.size() > longest_link) {
    text = fmt::format("{}:{}", related.place.path, index.line_of(related.place.range.begin));
  } else {
    text = related.message;
  }
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return fmt::format("[{}]({})", escaped, id);
}

/// The message, and links to the related places: GitHub shows only those that are linked.
std::string message_of(const Diagnostic& diagnostic, Sources& sources) {
  std::string text = diagnostic.message;
  std::string_view separator = " See ";
  std::size_t id = 0;
  for (const Related& related : diagnostic.related) {
    text.append(separator).append(link(related, ++id, sources.of(related.place.path)));
    separator = ", ";
  }
  if (id > 0) text.push_back('.');
  return text;
}

}  // namespace

ordered_json SarifResults::result(const Diagnostic& diagnostic) {
  ordered_json result = {{"ruleId", diagnostic.rule}};
  const auto rule = rule_indexes_.find(diagnostic.rule);
  if (rule != rule_indexes_.end()) result["ruleIndex"] = rule->second;
  result["level"] = sarif_level(diagnostic.severity);
  result["message"]["text"] = message_of(diagnostic, sources_);
  result["locations"] = ordered_json::array({location(diagnostic.place)});
  if (!diagnostic.related.empty()) result["relatedLocations"] = related_locations(diagnostic);
  ordered_json flows = code_flows(diagnostic);
  if (!flows.empty()) result["codeFlows"] = std::move(flows);
  result["partialFingerprints"] = fingerprints(diagnostic);
  for (const Fix& repair : diagnostic.fixes) result["fixes"].push_back(fix(repair));
  result["properties"]["certainty"] = name_of(diagnostic.certainty);
  return result;
}

/// A check on a pull request shows an alert only if all lines of its region changed: hence one
/// line.
ordered_json SarifResults::location(const Place& place) {
  const LineIndex& index = sources_.of(place.path);
  return {{"physicalLocation",
           {{"artifactLocation", artifact(place.path)},
            {"region", region(index, index.first_line_of(place.range))}}}};
}

ordered_json SarifResults::located(const Place& place, std::string_view message) {
  ordered_json object = location(place);
  if (!message.empty()) object["message"]["text"] = message;
  return object;
}

ordered_json SarifResults::related_locations(const Diagnostic& diagnostic) {
  ordered_json all = ordered_json::array();
  for (const Related& related : diagnostic.related) {
    ordered_json object = {{"id", all.size() + 1}};
    object.update(located(related.place, related.message));
    all.push_back(std::move(object));
  }
  return all;
}

ordered_json SarifResults::code_flows(const Diagnostic& diagnostic) {
  const std::vector<Related>& way = diagnostic.flow.empty() ? diagnostic.related : diagnostic.flow;
  ordered_json steps = ordered_json::array();
  for (const Related& step : way) {
    steps.push_back({{"location", located(step.place, step.message)}});
  }
  if (way.empty()) return steps;
  if (way.back().place != diagnostic.place) {
    steps.push_back({{"location", located(diagnostic.place, diagnostic.message)}});
  }
  const ordered_json thread = {{"locations", std::move(steps)}};
  return ordered_json::array({{{"threadFlows", ordered_json::array({thread})}}});
}

ordered_json SarifResults::fingerprints(const Diagnostic& diagnostic) {
  ordered_json all = ordered_json::object();
  const LineIndex& index = sources_.of(diagnostic.place.path);
  if (!index.text().empty()) {
    const auto [known, is_new] = line_hashes_.try_emplace(diagnostic.place.path);
    if (is_new) known->second = line_hashes(index.text());
    all["primaryLocationLineHash"] =
        known->second.at(index.line_of(diagnostic.place.range.begin) - 1);
  }
  all["querylint/v1"] = diagnostic.fingerprint;
  return all;
}

ordered_json SarifResults::fix(const Fix& fix) {
  ordered_json changes = ordered_json::array();
  std::unordered_map<std::string_view, std::size_t> change_of;
  for (const Edit& edit : fix.edits) {
    const std::string& path = edit.place.path;
    const auto [known, is_new] = change_of.try_emplace(path, changes.size());
    if (is_new) {
      changes.push_back(
          {{"artifactLocation", artifact(path)}, {"replacements", ordered_json::array()}});
    }
    ordered_json replacement = {{"deletedRegion", region(sources_.of(path), edit.place.range)}};
    if (!edit.replacement.empty()) replacement["insertedContent"]["text"] = edit.replacement;
    changes[known->second]["replacements"].push_back(std::move(replacement));
  }
  return {{"description", {{"text", fix.title}}},
          {"artifactChanges", std::move(changes)},
          {"properties", {{"safety", name_of(fix.safety)}}}};
}

}  // namespace querylint::reports
