// What a small project's reports look like, to the byte.
//
// QUERYLINT_BLESS=1 build/release/tests/binary_tests --gtest_filter='*Golden*' writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "reports/report.h"
#include "tests/support/process.h"
#include "tests/support/project.h"

namespace querylint::tests {
namespace {

const std::string folder = std::string(QUERYLINT_SOURCE_DIR) + "/tests/golden/";

Ran report(const std::string& format) {
  return querylint({"check", ".", "--no-cache", "--output-format", format},
                   {.folder = folder + "project"});
}

/// A log without the table of rules, which changes with every page.
std::string without_rules(const std::string& sarif) {
  auto log = nlohmann::ordered_json::parse(sarif);
  nlohmann::ordered_json& run = log.at("runs").at(0);
  run.at("tool").at("driver").at("rules") = nlohmann::ordered_json::array();
  for (nlohmann::ordered_json& result : run.at("results")) result.erase("ruleIndex");
  return log.dump(2) + "\n";
}

std::vector<std::string> all_formats() {
  std::vector<std::string> names;
  for (const reports::Format& format : reports::formats()) names.emplace_back(format.name);
  return names;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, ReportIsAsItWas) {
  const Ran ran = report(GetParam());
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  const std::string text = GetParam() == "sarif" ? without_rules(ran.out) : ran.out;
  const std::string file = "report." + GetParam();
  const char* bless = std::getenv("QUERYLINT_BLESS");
  if (bless != nullptr && *bless == '1') {
    std::ofstream(folder + file, std::ios::binary) << text;
  } else {
    EXPECT_EQ(text, read_repository_file("tests/golden/" + file));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, Golden, testing::ValuesIn(all_formats()), [](const auto& format) {
  std::string name = format.param;
  std::erase(name, '-');
  return name;
});

/// What GitHub needs of a log, see `sarif-support` in its documentation.
TEST(GoldenSarif, HasWhatCodeScanningShows) {
  const nlohmann::json log = nlohmann::json::parse(report("sarif").out);
  const nlohmann::json& run = log.at("runs").at(0);
  ASSERT_FALSE(run.at("results").empty());
  for (const nlohmann::json& result : run.at("results")) {
    const nlohmann::json& region = result.at("locations").at(0).at("physicalLocation").at("region");
    EXPECT_EQ(region.at("startLine"), region.at("endLine"))
        << "alerts on pull requests need one line";
    EXPECT_TRUE(result.at("partialFingerprints").contains("primaryLocationLineHash"));
    if (result.at("ruleId") == "unused-suppression") continue;
    EXPECT_FALSE(result.at("relatedLocations").empty());
  }
  for (const nlohmann::json& rule : run.at("tool").at("driver").at("rules")) {
    EXPECT_TRUE(rule.at("help").at("markdown").get<std::string>().starts_with("# "))
        << rule.at("id");
  }
}

}  // namespace
}  // namespace querylint::tests
