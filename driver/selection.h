// Which rules are on, and which of their findings are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::driver {

struct Selection {
  std::vector<bool> rules;      ///< parallel to `rules::all_rules()`
  std::vector<bool> asked_for;  ///< selected by name, family or ALL
  bool everything = false;      ///< ALL: guesses too

  /// What is firm is always shown, what is likely and advice where the rule was asked for, guesses
  /// where everything was.
  bool shows(const diagnostics::Diagnostic& diagnostic) const;
  /// Whether a rule or family of that name is on.
  bool has(std::string_view name) const;
};

/// Without `select` the default rules. An unknown name gives nothing and `error`.
std::optional<Selection> select_rules(const std::optional<std::vector<std::string>>& select,
                                      const std::vector<std::string>& ignore, std::string& error);

}  // namespace querylint::driver
