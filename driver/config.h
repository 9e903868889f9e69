// The configuration: `[tool.querylint]` of a `pyproject.toml`, or a `querylint.toml`.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace querylint::driver {

using Strings = std::vector<std::string>;
using StringsOfPatterns = std::vector<std::pair<std::string, Strings>>;

/// Rules are named by rule, by family, or as `ALL`. What each key means is said in `config_keys`.
struct Config {
  std::optional<Strings> select;
  Strings ignore;
  Strings exclude;
  StringsOfPatterns per_path_ignores;
  Strings source_roots;
  bool include_tests = false;
  std::string baseline;  ///< a file, as seen from the configuration's folder; empty: none
};

/// One key of the configuration. What reads, explains and checks a configuration goes by this.
struct ConfigKey {
  enum class Holds : std::uint8_t { rules, paths, flag };

  std::string_view name;
  std::string_view summary;  ///< for people
  Holds holds;               ///< what its strings are
  std::variant<std::optional<Strings> Config::*, Strings Config::*, StringsOfPatterns Config::*,
               bool Config::*, std::string Config::*>
      member;
};

std::span<const ConfigKey> config_keys();

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
