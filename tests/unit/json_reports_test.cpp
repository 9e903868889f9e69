// What programs read: JSON and SARIF.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/line_hash.h"
#include "tests/support/findings.h"

namespace querylint::reports {
namespace {

using base::ByteRange;
using diagnostics::Certainty;
using diagnostics::Diagnostic;
using diagnostics::Place;
using diagnostics::Safety;
using diagnostics::Severity;
using nlohmann::json;
using tests::Files;
using tests::FoundIn;
using tests::shop_project;

json sarif_run(const Run& run) { return json::parse(sarif(run)).at("runs").at(0); }

TEST(Json, NoProblems) {
  EXPECT_EQ(reports::json(FoundIn().run()), "{\n  \"diagnostics\": []\n}\n");
}

TEST(Json, SaysEverything) {
  FoundIn project(Files{{"a.py", "'ä😀' + b.c\nd\n"}});
  Diagnostic& finding = project.add(project.place("a.py", "b.c\nd"), "\"ä\"");
  finding.certainty = Certainty::possible;
  finding.related = {{project.place("a.py", "d"), "here"}};
  finding.fixes = {{"Write `x`", Safety::safe, {{project.place("a.py", "'ä😀'"), "x"}}}};
  EXPECT_EQ(reports::json(project.run()), R"({
  "diagnostics": [
    {
      "rule": "query-in-loop",
      "family": "loops",
      "severity": "warning",
      "certainty": "possible",
      "message": "\"ä\"",
      "path": "a.py",
      "line": 1,
      "column": 8,
      "end_line": 2,
      "end_column": 2,
      "fingerprint": "0123456789abcdef",
      "related": [
        {
          "path": "a.py",
          "line": 2,
          "message": "here"
        }
      ],
      "fixes": [
        {
          "title": "Write `x`",
          "safety": "safe",
          "edits": [
            {
              "path": "a.py",
              "line": 1,
              "column": 1,
              "end_line": 1,
              "end_column": 5,
              "replacement": "x"
            }
          ]
        }
      ]
    }
  ]
}
)");
}

TEST(Json, SurvivesInvalidUtf8) {
  FoundIn project;
  project.add({"\xFF.py", {4, 9}}, "bad \xFF");
  const auto report = json::parse(reports::json(project.run()));
  EXPECT_EQ(report["diagnostics"][0]["path"], "\uFFFD.py");
  EXPECT_EQ(report["diagnostics"][0]["message"], "bad \uFFFD");
  EXPECT_EQ(report["diagnostics"][0]["line"], 1);
}

TEST(Sarif, OfACleanRun) {
  EXPECT_EQ(sarif(FoundIn().run()), R"({
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "querylint",
          "version": "1.2.3",
          "rules": []
        }
      },
      "automationDetails": {
        "id": "querylint/"
      },
      "originalUriBaseIds": {
        "%SRCROOT%": {
          "description": {
            "text": "The root of the project."
          }
        }
      },
      "columnKind": "utf16CodeUnits",
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }
      ],
      "results": []
    }
  ]
}
)");
}

TEST(Sarif, DescribesRules) {
  const RuleInfo rules[] = {
      {"query-in-loop", "loops", Severity::warning, true, "A query per row.",
       "# query-in-loop\n\nA query runs\nonce per row.\n\n## Repair\n\nAsk once.\n"},
      {"odd", "loading", Severity::advice, false, "Odd.", ""},
  };
  reports::Run run = FoundIn().run();
  run.rules = rules;
  const auto described = sarif_run(run)["tool"]["driver"]["rules"];
  EXPECT_EQ(described[0], json::parse(R"({
    "id": "query-in-loop", "name": "QueryInLoop",
    "shortDescription": {"text": "A query per row."},
    "fullDescription": {"text": "A query runs\nonce per row."},
    "help": {"text": "A query runs\nonce per row.",
             "markdown": "# query-in-loop\n\nA query runs\nonce per row.\n\n## Repair\n\nAsk once.\n"},
    "defaultConfiguration": {"enabled": true, "level": "warning"},
    "properties": {"tags": ["performance", "database", "loops"], "precision": "high",
                   "problem.severity": "warning"}})"));
  EXPECT_EQ(described[1], json::parse(R"({
    "id": "odd", "name": "Odd",
    "shortDescription": {"text": "Odd."}, "fullDescription": {"text": "Odd."},
    "help": {"text": "Odd."},
    "defaultConfiguration": {"enabled": false, "level": "note"},
    "properties": {"tags": ["performance", "database", "loading"], "precision": "medium",
                   "problem.severity": "recommendation"}})"));
}

TEST(Sarif, ShortensDescriptionsBetweenCodePoints) {
  std::string summary;
  for (int i = 0; i < 400; ++i) summary += "€";
  const RuleInfo rules[] = {{"odd", "loading", Severity::advice, true, summary, ""}};
  reports::Run run = FoundIn().run();
  run.rules = rules;
  const auto rule = sarif_run(run)["tool"]["driver"]["rules"][0];
  EXPECT_EQ(rule["shortDescription"]["text"], summary.substr(0, 1023));
  EXPECT_EQ(rule["help"]["text"], summary);
}

TEST(Sarif, Result) {
  const RuleInfo rules[] = {{"odd", "loading", Severity::advice, true, "Odd.", ""},
                            {"query-in-loop", "loops", Severity::error, true, "A query.", ""}};
  FoundIn project(Files{{"a b/ü:1.py", "x\n'ä😀' + b.c\nd\n"}});
  Diagnostic& finding = project.add(project.place("a b/ü:1.py", "b.c\nd"));
  finding.severity = Severity::error;
  finding.related = {{project.place("a b/ü:1.py", "x"), "rows[0]"},
                     {project.place("a b/ü:1.py", "d"), std::string(100, 'm')}};
  reports::Run run = project.run();
  run.rules = rules;
  const auto result = sarif_run(run)["results"][0];
  EXPECT_EQ(result["ruleId"], "query-in-loop");
  EXPECT_EQ(result["ruleIndex"], 1);
  EXPECT_EQ(result["level"], "error");
  EXPECT_EQ(result["message"]["text"],
            R"(One query per row. See [rows\[0\]](1), [a b/ü:1.py:3](2).)");
  const auto place = json::parse(R"({"artifactLocation":
      {"uri": "a%20b/%C3%BC%3A1.py", "uriBaseId": "%SRCROOT%"},
      "region": {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 12}})");
  EXPECT_EQ(result["locations"], json::array({{{"physicalLocation", place}}}));
  ASSERT_EQ(result["relatedLocations"].size(), 2u);
  EXPECT_EQ(result["relatedLocations"][0]["id"], 1);
  EXPECT_EQ(result["relatedLocations"][0]["message"]["text"], "rows[0]");
  EXPECT_EQ(result["relatedLocations"][1]["physicalLocation"]["region"]["startLine"], 3);
  const auto steps = result["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[0]["location"]["message"]["text"], "rows[0]");
  EXPECT_EQ(steps[2]["location"]["physicalLocation"], place);
  EXPECT_EQ(result["partialFingerprints"]["querylint/v1"], "0123456789abcdef");
  EXPECT_EQ(result["partialFingerprints"]["primaryLocationLineHash"],
            line_hashes("x\n'ä😀' + b.c\nd\n")[1]);
  EXPECT_FALSE(result.contains("fixes"));
}

TEST(Sarif, AGivenFlowIsTheCodeFlow) {
  FoundIn project = shop_project();
  Diagnostic& finding = project.add(project.place("shop.py", "book.author.name"));
  finding.related = {{project.place("shop.py", "names"), "not this"}};
  finding.flow = {{project.place("shop.py", "Book.objects.all()"), "the query"},
                  {finding.place, "the read"}};
  const auto steps = sarif_run(project.run())["results"][0]["codeFlows"][0]["threadFlows"][0];
  ASSERT_EQ(steps["locations"].size(), 2u);
  EXPECT_EQ(steps["locations"][0]["location"]["message"]["text"], "the query");
  EXPECT_EQ(steps["locations"][1]["location"]["message"]["text"], "the read");
}

TEST(Sarif, WithoutRelatedPlaces) {
  FoundIn project = shop_project();
  project.add(project.place("shop.py", "names"));
  const auto result = sarif_run(project.run())["results"][0];
  EXPECT_EQ(result["message"]["text"], "One query per row.");
  EXPECT_FALSE(result.contains("relatedLocations"));
  EXPECT_FALSE(result.contains("codeFlows"));
  EXPECT_FALSE(result.contains("ruleIndex"));
}

TEST(Sarif, Fixes) {
  FoundIn project = shop_project();
  project.add(project.place("shop.py", "names")).fixes = {
      {"Add `.x()`",
       Safety::safe,
       {{{"shop.py", {56, 56}}, ".x()"},
        {project.place("shop.py", "    names = []\n"), ""},
        {{"empty.py", {0, 0}}, "y"}}},
      {"Write `z`", Safety::unsafe, {{{"empty.py", {0, 0}}, "z"}}}};
  const auto fixes = sarif_run(project.run())["results"][0]["fixes"];
  ASSERT_EQ(fixes.size(), 2u);
  EXPECT_EQ(fixes[0]["description"]["text"], "Add `.x()`");
  EXPECT_EQ(fixes[0]["properties"]["safety"], "safe");
  EXPECT_EQ(fixes[1]["description"]["text"], "Write `z`");
  EXPECT_EQ(fixes[1]["properties"]["safety"], "unsafe");
  const auto& changes = fixes[0]["artifactChanges"];
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["artifactLocation"]["uri"], "shop.py");
  EXPECT_EQ(changes[0]["replacements"], json::parse(R"json([
      {"deletedRegion": {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 12},
       "insertedContent": {"text": ".x()"}},
      {"deletedRegion": {"startLine": 3, "startColumn": 1, "endLine": 4, "endColumn": 1}}])json"));
  EXPECT_EQ(changes[1]["artifactLocation"]["uri"], "empty.py");
}

TEST(Sarif, AVanishedFileAndInvalidUtf8) {
  FoundIn project;
  project.add({"\xFF.py", {4, 9}}, "bad \xFF");
  const auto result = sarif_run(project.run())["results"][0];
  EXPECT_EQ(result["message"]["text"], "bad \uFFFD");
  const auto location = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(location["artifactLocation"]["uri"], "%FF.py");
  EXPECT_EQ(location["region"],
            json::parse(R"({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1})"));
  EXPECT_FALSE(result["partialFingerprints"].contains("primaryLocationLineHash"));
}

TEST(Sarif, NoticesAndFailure) {
  reports::Run run = FoundIn().run();
  run.was_successful = false;
  run.notices = {"shop.py could not be read."};
  EXPECT_EQ(sarif_run(run)["invocations"], json::parse(R"([{"executionSuccessful": false,
      "toolExecutionNotifications": [{"level": "warning",
          "message": {"text": "shop.py could not be read."}}]}])"));
}

TEST(Sarif, KeepsTheMostSevere) {
  FoundIn project = shop_project();
  for (int i = 0; i < 5002; ++i) {
    Diagnostic& finding = project.add(project.place("shop.py", "names"), std::to_string(i));
    finding.severity = i == 5001 ? Severity::error : i == 7 ? Severity::advice : Severity::warning;
  }
  const auto run = sarif_run(project.run());
  ASSERT_EQ(run["results"].size(), 5000u);
  EXPECT_EQ(run["results"][6]["message"]["text"], "6");
  EXPECT_EQ(run["results"][7]["message"]["text"], "8");
  EXPECT_EQ(run["results"][4998]["message"]["text"], "4999");
  EXPECT_EQ(run["results"][4999]["message"]["text"], "5001");
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], true);
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "Only the 5000 most severe of 5002 problems are listed.");
}

}  // namespace
}  // namespace querylint::reports
