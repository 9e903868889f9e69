#include "driver/memory.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "rules/engine/rule.h"

namespace querylint::diagnostics {

using nlohmann::json;

static void to_json(json& out, const Place& place) {
  out = {place.path, place.range.begin, place.range.end};
}
static void from_json(const json& in, Place& place) { place = {in.at(0), {in.at(1), in.at(2)}}; }
static const rules::Rule& rule_called(const json& name) {
  const rules::Rule* rule = rules::find_rule(name.get_ref<const std::string&>());
  if (rule == nullptr) throw std::invalid_argument("a rule that is gone");
  return *rule;
}
static void to_json(json& out, const Cause& cause) {
  out = {cause.rule, cause.place, cause.detail};
}
static void from_json(const json& in, Cause& cause) {
  cause = {rule_called(in.at(0)).name, in.at(1), in.at(2)};
}
static void to_json(json& out, const Related& related) { out = {related.place, related.message}; }
static void from_json(const json& in, Related& related) { related = {in.at(0), in.at(1)}; }
static void to_json(json& out, const Edit& edit) { out = {edit.place, edit.replacement}; }
static void from_json(const json& in, Edit& edit) { edit = {in.at(0), in.at(1), {}}; }
static void to_json(json& out, const Fix& fix) { out = {fix.title, fix.safety, fix.edits}; }
static void from_json(const json& in, Fix& fix) { fix = {in.at(0), in.at(1), in.at(2)}; }

static void to_json(json& out, const Suppression& suppression) {
  out = {suppression.place, suppression.whole_file, suppression.names};
}
static void from_json(const json& in, Suppression& suppression) {
  suppression = {in.at(0), in.at(1), in.at(2)};
}

static void to_json(json& out, const Diagnostic& diagnostic) {
  const auto& [rule, family, severity, certainty, message, place, related, flow, fixes, function,
               cause, moot, fingerprint, rests_on_parameter] = diagnostic;
  out = json::array({rule, family, severity, certainty, message, place, related, flow, fixes,
                     function, cause, moot, fingerprint, rests_on_parameter});
}
static void from_json(const json& in, Diagnostic& diagnostic) {
  const rules::Rule& rule = rule_called(in.at(0));
  diagnostic = {rule.name, rule.family, in.at(2), in.at(3),  in.at(4),  in.at(5),  in.at(6),
                in.at(7),  in.at(8),    in.at(9), in.at(10), in.at(11), in.at(12), in.at(13)};
}

}  // namespace querylint::diagnostics

namespace querylint::driver {
namespace {

using nlohmann::json;

/// Bindings name every field, so that a new one cannot be forgotten here. The baseline comes after
/// all that is remembered.
json settings_of(const Input& input) {
  const auto& [select, ignore, exclude, per_path_ignores, source_roots, include_tests, baseline] =
      input.config;
  const auto& [rules, asked_for, everything] = input.selection;
  return {select.value_or(std::vector<std::string>{}),
          select.has_value(),
          ignore,
          exclude,
          per_path_ignores,
          source_roots,
          include_tests,
          rules,
          asked_for,
          everything};
}

std::string_view bytes_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view bytes_of(const base::ContentHash& hash) {
  return {reinterpret_cast<const char*>(&hash), sizeof hash};
}

}  // namespace

Memory::Memory(const Input& input, const Reading& reading) : input_(input) {
  json place = {settings_of(input), input.name, reading.notices};
  std::string texts;
  for (const SourceText& file : reading.texts) {
    place.push_back(file.path);
    texts += bytes_of(base::content_hash(file.text));
  }
  place_ = base::content_hash(bytes_of(json::to_cbor(place)));
  key_ = base::content_hash(texts + std::string(bytes_of(place_)));
}

std::optional<Memory::Remembered> Memory::find() const {
  const auto bytes = input_.cache->find(place_);
  if (!bytes || !bytes->starts_with(bytes_of(key_))) return std::nullopt;
  const json run = json::from_cbor(bytes->substr(sizeof key_), true, false);
  Remembered found;
  try {
    found.outcome.diagnostics = run.at(0).get<std::vector<diagnostics::Diagnostic>>();
    found.outcome.unused_suppressions = run.at(1).get<std::vector<diagnostics::Suppression>>();
    found.outcome.followed = run.at(2);
    found.outcome.cut = run.at(3);
    found.notices = run.at(4);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return found;
}

void Memory::keep(const Outcome& outcome, const std::vector<std::string>& notices) const {
  const json run = {outcome.diagnostics, outcome.unused_suppressions, outcome.followed, outcome.cut,
                    notices};
  std::string bytes(bytes_of(key_));
  bytes += bytes_of(json::to_cbor(run));
  input_.cache->add({{place_, std::move(bytes)}});
}

Checked check(const Input& input) {
  Checked checked{read(input), {}, 0};
  std::optional<Memory> memory;
  if (input.cache != nullptr) memory.emplace(input, checked);
  if (memory && !input.time_rules) {  // who asks for timings wants to see them
    if (auto known = memory->find()) {
      checked.outcome = std::move(known->outcome);
      checked.notices = std::move(known->notices);
      return checked;
    }
  }
  Project project = load(input, std::move(checked));
  checked.outcome = judge(project, input);
  checked.parsed = project.parsed;
  static_cast<Reading&>(checked) = std::move(static_cast<Reading&>(project));
  if (memory) memory->keep(checked.outcome, checked.notices);
  return checked;
}

}  // namespace querylint::driver
