#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "driver/options.h"
#include "driver/rule_infos.h"

namespace querylint::driver {

int run_explain(const std::string& name) {
  const std::vector<reports::RuleInfo> infos = rule_infos();
  const auto found = std::ranges::find(infos, name, &reports::RuleInfo::name);
  if (found == infos.end()) {
    fmt::print(stderr, "querylint: no rule is called `{}`; `querylint rules` lists them\n", name);
    return exit_failure;
  }
  fmt::print("{}", found->page);
  return exit_clean;
}

int run_rules(bool as_json) {
  const std::vector<reports::RuleInfo> infos = rule_infos();
  if (as_json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const reports::RuleInfo& info : infos) {
      list.push_back({{"rule", info.name},
                      {"family", info.family},
                      {"severity", name_of(info.severity)},
                      {"default", info.is_default},
                      {"summary", info.summary}});
    }
    fmt::print("{}\n", nlohmann::ordered_json{{"rules", list}}.dump(2));
    return exit_clean;
  }
  std::string_view family;
  for (const reports::RuleInfo& info : infos) {
    if (info.family != family) fmt::print("{}{}\n", family.empty() ? "" : "\n", info.family);
    family = info.family;
    fmt::print("  {:28} {:8}{} {}\n", info.name, name_of(info.severity),
               info.is_default ? "    " : " off", info.summary);
  }
  return exit_clean;
}

}  // namespace querylint::driver
