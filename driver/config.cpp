#include "driver/config.h"

#include <fmt/format.h>

#include <algorithm>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace querylint::driver {
namespace {

std::string place_of(std::string_view path, const toml::source_region& source) {
  return fmt::format("{}:{}:{}", path, source.begin.line, source.begin.column);
}

/// Reads one table; the first error stops it.
class Reader {
 public:
  explicit Reader(std::string_view path) : path_(path) {}

  ParsedConfig read(const toml::table& table) {
    for (const auto& [key, value] : table) read_key(key, value);
    if (!error_.empty()) return {std::nullopt, error_};
    return {std::move(config_), {}};
  }

 private:
  void fail(const toml::node& node, const std::string& what) {
    if (error_.empty()) error_ = place_of(path_, node.source()) + ": " + what;
  }

  void read_key(const toml::key& key, const toml::node& value) {
    const std::string_view name = key.str();
    if (name == "select") {
      config_.select = strings(name, value);
    } else if (name == "ignore") {
      config_.ignore = strings(name, value);
    } else if (name == "exclude") {
      config_.exclude = strings(name, value);
    } else if (name == "source-roots") {
      config_.source_roots = strings(name, value);
    } else if (name == "include-tests") {
      const auto flag = value.value<bool>();
      if (!value.is_boolean()) fail(value, "`include-tests` must be true or false");
      config_.include_tests = flag.value_or(false);
    } else if (name == "per-path-ignores") {
      read_per_path_ignores(value);
    } else if (error_.empty()) {
      error_ = fmt::format("{}: unknown key `{}`; known are select, ignore, exclude, "
                           "per-path-ignores, source-roots, include-tests",
                           place_of(path_, key.source()), name);
    }
  }

  std::vector<std::string> strings(std::string_view name, const toml::node& value) {
    std::vector<std::string> result;
    const toml::array* list = value.as_array();
    if (list == nullptr) {
      fail(value, fmt::format("`{}` must be a list of strings", name));
      return result;
    }
    for (const toml::node& element : *list) {
      if (!element.is_string()) fail(element, fmt::format("`{}` must hold strings only", name));
      result.push_back(element.value_or(std::string()));
    }
    return result;
  }

  void read_per_path_ignores(const toml::node& value) {
    const toml::table* table = value.as_table();
    if (table == nullptr) {
      fail(value, "`per-path-ignores` must be a table of patterns and lists of rules");
      return;
    }
    for (const auto& [pattern, rules] : *table) {
      config_.per_path_ignores.emplace_back(std::string(pattern.str()), strings(pattern.str(), rules));
    }
  }

  std::string_view path_;
  Config config_;
  std::string error_;
};

bool matches_from(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**")) {
      pattern.remove_prefix(2);
      if (pattern.starts_with('/')) pattern.remove_prefix(1);
      for (std::size_t at = 0; at <= path.size(); ++at) {
        if (matches_from(pattern, path.substr(at))) return true;
      }
      return false;
    }
    if (pattern.front() == '*') {
      pattern.remove_prefix(1);
      for (std::size_t at = 0; at <= path.size(); ++at) {
        if (matches_from(pattern, path.substr(at))) return true;
        if (at < path.size() && path[at] == '/') return false;
      }
      return false;
    }
    if (path.empty()) return false;
    const bool is_any = pattern.front() == '?' && path.front() != '/';
    if (!is_any && pattern.front() != path.front()) return false;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
  return path.empty() || path.front() == '/';
}

}  // namespace

ParsedConfig parse_config(std::string_view path, std::string_view text) {
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    const toml::parse_error& error = result.error();
    return {std::nullopt, fmt::format("{}: {}", place_of(path, error.source()), error.description())};
  }
  const toml::table& whole = result.table();
  if (!path.ends_with("pyproject.toml")) return Reader(path).read(whole);
  const toml::node_view<const toml::node> section = whole["tool"]["querylint"];
  if (!section) return {};
  if (!section.is_table()) {
    return {std::nullopt, place_of(path, section.node()->source()) + ": `tool.querylint` must be a table"};
  }
  return Reader(path).read(*section.as_table());
}

bool matches(std::string_view pattern, std::string_view path) {
  if (pattern.starts_with("./")) pattern.remove_prefix(2);
  while (pattern.ends_with('/')) pattern.remove_suffix(1);
  if (pattern.find('/') != std::string_view::npos) return matches_from(pattern, path);
  while (true) {
    if (matches_from(pattern, path)) return true;
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace querylint::driver
