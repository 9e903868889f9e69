#include "driver/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>

#include "analyzer/base/hash.h"
#include "reports/positions.h"

namespace querylint::driver {
namespace {

using diagnostics::Diagnostic;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr int known_version = 1;

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

std::string trimmed(std::string_view line) {
  constexpr std::string_view blanks = " \t\f";
  const std::size_t begin = std::min(line.find_first_not_of(blanks), line.size());
  const std::size_t end = line.find_last_not_of(blanks);
  return std::string(line.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin));
}

class Recorder {
 public:
  explicit Recorder(const Reading& reading) : reading_(reading), sources_(text_of_) {}

  KnownProblem problem(const Diagnostic& diagnostic) {
    const diagnostics::Place& place = diagnostic.place;
    const reports::LineIndex& index = sources_.of(place.path);
    const std::uint64_t hash = base::hash64(diagnostics::identity_of(diagnostic, index.text()));
    return {.path = place.path,
            .rule = std::string(diagnostic.rule),
            .function = diagnostic.function,
            .code = trimmed(index.line(index.line_of(place.range.begin))),
            .fingerprint = fmt::format("{:016x}", hash)};
  }

 private:
  const Reading& reading_;
  reports::Sources::TextOf text_of_ = [this](const std::string& path) {
    return reading_.text_of(path);
  };
  reports::Sources sources_;
};

std::string compact(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json settings_json(const BaselineSettings& settings) {
  ordered_json object = ordered_json::object();
  if (settings.select) object["select"] = *settings.select;
  object["ignore"] = settings.ignore;
  object["include-tests"] = settings.include_tests;
  return object;
}

ordered_json problem_json(const KnownProblem& problem, std::size_t count) {
  ordered_json object = {{"rule", problem.rule}};
  if (!problem.function.empty()) object["function"] = problem.function;
  object["code"] = problem.code;
  object["fingerprint"] = problem.fingerprint;
  if (count > 1) object["count"] = count;
  return object;
}

/// What a file has that a baseline has not; where is a JSON pointer.
struct Broken : std::runtime_error {
  Broken(const std::string& where, const std::string& what)
      : std::runtime_error((where.empty() ? "" : where + ": ") + what) {}
};

const json& member(const json& object, const std::string& where, const char* name) {
  if (!object.is_object()) throw Broken(where, "must be an object");
  const auto found = object.find(name);
  if (found == object.end()) throw Broken(where, fmt::format("`{}` is missing", name));
  return *found;
}

std::string string_in(const json& object, const std::string& where, const char* name) {
  const json& value = member(object, where, name);
  if (!value.is_string()) throw Broken(where + "/" + name, "must be a string");
  return value.get<std::string>();
}

std::vector<std::string> names_in(const json& value, const std::string& where) {
  const bool is_list = value.is_array() && std::ranges::all_of(value, [](const json& element) {
                         return element.is_string();
                       });
  if (!is_list) throw Broken(where, "must be a list of strings");
  return sorted(value.get<std::vector<std::string>>());
}

BaselineSettings settings_in(const json& object, const std::string& where) {
  BaselineSettings settings;
  settings.ignore = names_in(member(object, where, "ignore"), where + "/ignore");
  if (object.contains("select")) settings.select = names_in(object["select"], where + "/select");
  const json& include_tests = member(object, where, "include-tests");
  if (!include_tests.is_boolean()) throw Broken(where + "/include-tests", "must be true or false");
  settings.include_tests = include_tests;
  return settings;
}

void add_problem(Baseline& baseline, const std::string& path, const json& object,
                 const std::string& where) {
  KnownProblem problem;
  problem.path = path;
  problem.rule = string_in(object, where, "rule");
  if (object.contains("function")) problem.function = string_in(object, where, "function");
  problem.code = string_in(object, where, "code");
  problem.fingerprint = string_in(object, where, "fingerprint");
  const json count = object.value("count", json(1U));
  const bool is_count = count.is_number_unsigned() && count != 0;
  if (!is_count) throw Broken(where + "/count", "must be a number from 1");
  baseline.problems[problem] += count.get<std::size_t>();
}

Baseline baseline_in(const json& root) {
  const json& version = member(root, "", "version");
  if (version != known_version) {
    throw Broken("/version", fmt::format("{} is not known to this querylint, {} is", version.dump(),
                                         known_version));
  }
  Baseline baseline;
  baseline.settings = settings_in(member(root, "", "settings"), "/settings");
  const json& problems = member(root, "", "problems");
  if (!problems.is_object()) throw Broken("/problems", "must be an object");
  for (const auto& [path, list] : problems.items()) {
    const std::string where = (json::json_pointer("/problems") / path).to_string();
    if (!list.is_array()) throw Broken(where, "must be a list");
    for (std::size_t i = 0; i < list.size(); ++i) {
      add_problem(baseline, path, list[i], fmt::format("{}/{}", where, i));
    }
  }
  return baseline;
}

/// Where a text stops being JSON, and why.
std::string syntax_error(std::string_view path, std::string_view text,
                         const json::parse_error& error) {
  const auto byte = static_cast<std::uint32_t>(error.byte == 0 ? 0 : error.byte - 1);
  const reports::Position position = reports::LineIndex(text).position(byte);
  const std::string what = error.what();
  const std::size_t reason = what.rfind(" - ");
  return fmt::format("{}:{}:{}: this is no JSON{}", path, position.line, position.column,
                     reason == std::string::npos ? "" : ": " + what.substr(reason + 3));
}

}  // namespace

BaselineSettings settings_of(const Config& config) {
  BaselineSettings settings;
  if (config.select) settings.select = sorted(*config.select);
  settings.ignore = sorted(config.ignore);
  settings.include_tests = config.include_tests;
  return settings;
}

Baseline baseline_of(const std::vector<Diagnostic>& findings, const Reading& reading,
                     const Config& config) {
  Baseline baseline{settings_of(config), {}};
  Recorder recorder(reading);
  for (const Diagnostic& diagnostic : findings) ++baseline.problems[recorder.problem(diagnostic)];
  return baseline;
}

std::string to_text(const Baseline& baseline) {
  std::string out = fmt::format("{{\n  \"version\": {},\n  \"settings\": {},\n  \"problems\": {{",
                                known_version, compact(settings_json(baseline.settings)));
  const std::string* path = nullptr;
  for (const auto& [problem, count] : baseline.problems) {
    if (path == nullptr || *path != problem.path) {
      out += path == nullptr ? "\n" : "\n    ],\n";
      out += fmt::format("    {}: [\n", compact(problem.path));
    } else {
      out += ",\n";
    }
    path = &problem.path;
    out += "      " + compact(problem_json(problem, count));
  }
  return out + (path == nullptr ? "}\n}\n" : "\n    ]\n  }\n}\n");
}

ParsedBaseline parse_baseline(std::string_view path, std::string_view text) {
  try {
    return {baseline_in(json::parse(text)), {}};
  } catch (const json::parse_error& error) {
    return {{}, syntax_error(path, text, error)};
  } catch (const Broken& error) {
    return {{}, fmt::format("{}: {}", path, error.what())};
  }
}

Compared compare(const Baseline& baseline, const std::vector<Diagnostic>& findings,
                 const Reading& reading) {
  using Key = std::tuple<std::string, std::string, std::string>;
  const auto key_of = [](const KnownProblem& problem) {
    return Key(problem.path, problem.rule, problem.fingerprint);
  };
  std::map<Key, std::size_t> left;
  for (const auto& [problem, count] : baseline.problems) left[key_of(problem)] += count;
  Compared compared;
  Recorder recorder(reading);
  for (const Diagnostic& diagnostic : findings) {
    const auto found = left.find(key_of(recorder.problem(diagnostic)));
    if (found == left.end() || found->second == 0) {
      compared.unknown.push_back(diagnostic);
    } else {
      --found->second;
      ++compared.hidden;
    }
  }
  compared.met.settings = baseline.settings;
  for (const auto& [problem, count] : baseline.problems) {
    std::size_t& unmet = left[key_of(problem)];
    const std::size_t mended = std::min(unmet, count);
    unmet -= mended;
    compared.mended += mended;
    if (count > mended) compared.met.problems[problem] = count - mended;
  }
  return compared;
}

}  // namespace querylint::driver
