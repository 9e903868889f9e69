#include "driver/rule_infos.h"

#include "rules/engine/rule.h"

namespace querylint::driver {

std::vector<reports::RuleInfo> rule_infos() {
  std::vector<reports::RuleInfo> infos;
  for (const rules::Rule& rule : rules::all_rules()) {
    infos.push_back(
        {rule.name, rule.family, rule.severity, rule.is_default, rule.summary, rule.page});
  }
  infos.push_back(unused_suppression);
  return infos;
}

}  // namespace querylint::driver
