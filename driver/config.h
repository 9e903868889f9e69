// The configuration: `[tool.querylint]` of a `pyproject.toml`, or a `querylint.toml`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace querylint::driver {

/// Rules are named by rule, by family, or as `ALL`.
struct Config {
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore;
  std::vector<std::string> exclude;  ///< glob patterns of paths that are not read
  std::vector<std::pair<std::string, std::vector<std::string>>> per_path_ignores;
  std::vector<std::string> source_roots;
  bool include_tests = false;
};

/// Either a configuration or an error that names the place.
struct ParsedConfig {
  std::optional<Config> config;  ///< nothing, without an error: the file has no table for querylint
  std::string error;
};

/// `path` tells which kind of file it is and stands in errors.
ParsedConfig parse_config(std::string_view path, std::string_view text);

/// `*` matches within a folder, `**` across folders; a pattern without a slash matches a file or
/// folder of that name anywhere, and a folder stands for all below it.
bool matches(std::string_view pattern, std::string_view path);

}  // namespace querylint::driver
