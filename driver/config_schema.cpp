#include "driver/config_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "driver/config.h"
#include "driver/options.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

using Json = nlohmann::ordered_json;

/// What may stand where rules are named.
Json names_of_rules() {
  std::set<std::string_view> families;
  Json names = Json::array({"ALL"});
  for (const rules::Rule& rule : rules::all_rules()) {
    if (families.insert(rule.family).second) names.push_back(rule.family);
  }
  for (const rules::Rule& rule : rules::all_rules()) names.push_back(rule.name);
  return names;
}

Json list_of(ConfigKey::Holds holds) {
  const Json rule = {{"$ref", "#/definitions/rule"}};
  const Json path = {{"type", "string"}};
  return {{"type", "array"}, {"items", holds == ConfigKey::Holds::rules ? rule : path}};
}

Json schema_of(const ConfigKey& key) {
  Json schema = {{"description", key.summary}};
  if (std::holds_alternative<bool Config::*>(key.member)) {
    schema.update({{"type", "boolean"}, {"default", false}});
  } else if (std::holds_alternative<std::string Config::*>(key.member)) {
    schema["type"] = "string";
  } else if (std::holds_alternative<StringsOfPatterns Config::*>(key.member)) {
    schema.update({{"type", "object"}, {"additionalProperties", list_of(key.holds)}});
  } else {
    schema.update(list_of(key.holds));
  }
  return schema;
}

}  // namespace

std::string config_schema() {
  Json properties;
  for (const ConfigKey& key : config_keys()) properties[std::string(key.name)] = schema_of(key);
  const Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                       {"title", "The configuration of querylint"},
                       {"type", "object"},
                       {"additionalProperties", false},
                       {"properties", properties},
                       {"definitions", {{"rule", {{"enum", names_of_rules()}}}}}};
  return schema.dump(2) + "\n";
}

int run_schema() {
  fmt::print("{}", config_schema());
  return exit_clean;
}

}  // namespace querylint::driver
