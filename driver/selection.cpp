#include "driver/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

/// The rules that a name means; none when nothing is called that.
std::vector<std::size_t> rules_named(const std::string& name) {
  std::vector<std::size_t> found;
  const auto rules = rules::all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (name == "ALL" || name == rules[i].name || name == rules[i].family) found.push_back(i);
  }
  return found;
}

std::string unknown_name(const std::string& name) {
  std::vector<std::string_view> families;
  for (const rules::Rule& rule : rules::all_rules()) {
    if (std::ranges::find(families, rule.family) == families.end()) families.push_back(rule.family);
  }
  return fmt::format(
      "no rule or family is called `{}`; families are {}; `querylint rules` lists the rules", name,
      fmt::join(families, ", "));
}

}  // namespace

bool Selection::shows(const diagnostics::Diagnostic& diagnostic) const {
  const auto all = rules::all_rules();
  const auto rule = std::ranges::find(all, diagnostic.rule, &rules::Rule::name);
  const auto index = static_cast<std::size_t>(rule - all.begin());
  const bool is_firm = diagnostic.certainty == diagnostics::Certainty::firm;
  const bool is_guess = diagnostic.certainty == diagnostics::Certainty::possible;
  const bool is_advice = diagnostic.severity == diagnostics::Severity::advice;
  return everything || (!is_guess && asked_for[index]) || (is_firm && !is_advice);
}

bool Selection::has(std::string_view name) const {
  return std::ranges::any_of(rules_named(std::string(name)),
                             [&](std::size_t i) { return rules[i]; });
}

std::optional<Selection> select_rules(const std::optional<std::vector<std::string>>& select,
                                      const std::vector<std::string>& ignore, std::string& error) {
  const auto rules = rules::all_rules();
  Selection selection;
  selection.rules.resize(rules.size());
  selection.asked_for.resize(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i)
    selection.rules[i] = !select && rules[i].is_default;
  for (const std::string& name : select.value_or(std::vector<std::string>())) {
    const std::vector<std::size_t> named = rules_named(name);
    if (named.empty()) {
      error = unknown_name(name);
      return std::nullopt;
    }
    for (const std::size_t i : named) selection.rules[i] = selection.asked_for[i] = true;
    selection.everything = selection.everything || name == "ALL";
  }
  for (const std::string& name : ignore) {
    const std::vector<std::size_t> named = rules_named(name);
    if (named.empty()) {
      error = unknown_name(name);
      return std::nullopt;
    }
    for (const std::size_t i : named) selection.rules[i] = false;
  }
  return selection;
}

}  // namespace querylint::driver
