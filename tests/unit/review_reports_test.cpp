// What reviews show: GitHub, GitLab, Reviewdog, and the servers that read JUnit's XML.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/findings.h"

namespace querylint::reports {
namespace {

using diagnostics::Certainty;
using diagnostics::Diagnostic;
using diagnostics::Safety;
using diagnostics::Severity;
using nlohmann::json;
using tests::Files;
using tests::FoundIn;
using tests::shop_project;

/// One finding behind wide characters, explained by another file.
FoundIn wide_project() {
  FoundIn project(Files{{"a.py", "x\n'ä😀' + b.c\nd\n"}, {"b.py", "'😀'; q\n"}});
  project.add(project.place("a.py", "b.c"), "1 + N queries, 100% of `b`").related = {
      {project.place("b.py", "q"), "rows of this query"}};
  return project;
}

/// Findings that differ in their messages alone.
FoundIn many(std::size_t count, Severity severity) {
  FoundIn project = shop_project();
  for (std::size_t i = 0; i < count; ++i) {
    project.add(project.place("shop.py", "names"), std::to_string(i)).severity = severity;
  }
  return project;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

TEST(Formats, HaveNamesOfTheirOwnAndFullIsTheDefault) {
  ASSERT_FALSE(formats().empty());
  EXPECT_EQ(formats().front().name, "full");
  for (const Format& one : formats()) {
    EXPECT_EQ(std::ranges::count(formats(), one.name, &Format::name), 1) << one.name;
    EXPECT_NE(one.render, nullptr) << one.name;
  }
}

TEST(GitHub, NothingFound) {
  EXPECT_EQ(github(FoundIn().run()), "");
  EXPECT_EQ(github_summary(FoundIn().run()), "");
}

TEST(GitHub, AnnotatesInCodePoints) {
  EXPECT_EQ(
      github(wide_project().run()),
      "::warning title=querylint (query-in-loop),file=a.py,line=2,endLine=2,col=8,endColumn=11"
      "::1 + N queries, 100%25 of `b`%0Ab.py:1: rows of this query\n");
}

TEST(GitHub, HasNoColumnsAcrossLines) {
  FoundIn project = wide_project();
  project.add(project.place("a.py", "b.c\nd"));
  EXPECT_NE(github(project.run()).find("file=a.py,line=2,endLine=3::One"), std::string::npos)
      << github(project.run());
}

TEST(GitHub, NothingOfTheFilesEndsACommand) {
  FoundIn project(Files{{"a:b,c%\r\n::error::x.py", "x"}});
  project.add({"a:b,c%\r\n::error::x.py", {0, 1}}, "one\r\n::set-env name=x::y%0A\x1b[31m");
  EXPECT_EQ(github(project.run()),
            "::warning title=querylint (query-in-loop),"
            "file=a%3Ab%2Cc%25%0D%0A%3A%3Aerror%3A%3Ax.py,line=1,endLine=1,col=1,endColumn=2::"
            "one  ::set-env name=x::y%250A␛[31m\n");
}

TEST(GitHub, AnnotatesTheWorstOfEachLevel) {
  FoundIn project = many(12, Severity::warning);
  project.add(project.place("shop.py", "book"), "the worst").severity = Severity::error;
  project.add(project.place("shop.py", "book"), "likely").certainty = Certainty::likely;
  const std::string report = github(project.run());
  EXPECT_TRUE(report.starts_with("::error ")) << report;
  EXPECT_EQ(count_of(report, "::warning "), 10u);
  EXPECT_EQ(count_of(report, "::likely"), 0u) << "less sure ones give way";
  EXPECT_TRUE(
      report.ends_with("::notice title=querylint::3 more problems: a step shows 10 of each "
                       "level. Its summary lists the others.\n"))
      << report;
}

TEST(GitHub, TellsWhatIsLeftOutWithinTheNoticesOfAStep) {
  EXPECT_EQ(count_of(github(many(9, Severity::advice).run()), "::notice "), 9u);
  EXPECT_EQ(github_summary(many(9, Severity::advice).run()), "");
  EXPECT_EQ(count_of(github(many(40, Severity::advice).run()), "::notice "), 10u);
  EXPECT_EQ(count_of(github_summary(many(40, Severity::advice).run()), "\n| advice "), 31u);
}

TEST(GitHub, TheSummaryListsTheOthers) {
  FoundIn project(Files{{"a_|`b.py", "x\n'ä' + y"}});
  for (int i = 0; i < 10; ++i) project.add(project.place("a_|`b.py", "x"), "annotated");
  project.add(project.place("a_|`b.py", "y"), "Rows <b> of `Book.a_b | c`, *all*\nof them");
  EXPECT_EQ(github_summary(project.run()),
            "\n### querylint: 1 more problem\n\nThe worst 10 of each level are annotated.\n\n"
            "| Level | Place | Rule | Problem |\n| --- | --- | --- | --- |\n"
            "| warning | a\\_\\|\\`b.py:2 | query-in-loop | "
            "Rows \\<b\\> of `Book.a_b \\| c`, \\*all\\* of them |\n");
}

TEST(GitHub, TheSummaryStaysBelowItsLimitAndSaysSo) {
  FoundIn project = shop_project();
  const std::string message(1000, 'm');
  for (int i = 0; i < 1500; ++i) project.add(project.place("shop.py", "names"), message);
  const std::string summary = github_summary(project.run());
  EXPECT_LT(summary.size(), 1'024u * 1'024u);
  const std::size_t rows = count_of(summary, "\n| warning ");
  EXPECT_GT(rows, 900u);
  const std::string hidden = std::to_string(1490 - rows) + " more problems";
  EXPECT_TRUE(summary.ends_with("\nA summary has no room for " + hidden + ".\n"));
}

TEST(GitLab, Issues) {
  FoundIn project = wide_project();
  project.add(project.place("b.py", "q"), "bad \xFF").severity = Severity::error;
  project.add(project.place("b.py", "q")).severity = Severity::advice;
  const json issues = json::parse(gitlab(project.run()));
  ASSERT_EQ(issues.size(), 3u);
  EXPECT_EQ(issues[0], json::parse(R"({
      "description": "query-in-loop: 1 + N queries, 100% of `b`", "check_name": "query-in-loop",
      "fingerprint": "0123456789abcdef", "severity": "minor",
      "location": {"path": "a.py", "lines": {"begin": 2}}})"));
  EXPECT_EQ(issues[1]["severity"], "major");
  EXPECT_EQ(issues[1]["description"], "query-in-loop: bad \uFFFD");
  EXPECT_EQ(issues[2]["severity"], "info");
  EXPECT_EQ(gitlab(FoundIn().run()), "[]\n");
}

TEST(RdJson, CountsBytes) {
  const json report = json::parse(rdjson(wide_project().run()));
  EXPECT_EQ(report["source"]["name"], "querylint");
  ASSERT_EQ(report["diagnostics"].size(), 1u);
  EXPECT_EQ(report["diagnostics"][0], json::parse(R"({
      "message": "1 + N queries, 100% of `b`",
      "location": {"path": "a.py", "range": {"start": {"line": 2, "column": 12},
                                             "end": {"line": 2, "column": 15}}},
      "severity": "WARNING", "code": {"value": "query-in-loop"},
      "related_locations": [{"message": "rows of this query",
          "location": {"path": "b.py", "range": {"start": {"line": 1, "column": 9},
                                                 "end": {"line": 1, "column": 10}}}}]})"));
}

TEST(RdJson, SuggestsWhatOneEditOfTheFileMends) {
  FoundIn project = wide_project();
  Diagnostic& finding = project.add(project.place("a.py", "b.c"));
  finding.fixes = {
      {"one", Safety::safe, {{project.place("a.py", "c\n"), "cé"}}},
      {"two edits", Safety::safe, {{finding.place, "x"}, {project.place("a.py", "d"), "y"}}},
      {"elsewhere", Safety::safe, {{project.place("b.py", "q"), "x"}}}};
  const json report = json::parse(rdjson(project.run()));
  EXPECT_FALSE(report["diagnostics"][0].contains("suggestions"));
  EXPECT_EQ(report["diagnostics"][1]["suggestions"], json::parse(R"([
      {"range": {"start": {"line": 2, "column": 14}, "end": {"line": 3, "column": 1}},
       "text": "cé"}])"));
  EXPECT_EQ(json::parse(rdjson(FoundIn().run()))["diagnostics"], json::array());
}

TEST(JUnit, NothingFoundIsATestThatPasses) {
  EXPECT_EQ(junit(FoundIn().run()),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"querylint\" tests=\"1\" failures=\"0\">\n"
            "  <testsuite name=\"querylint\" tests=\"1\" failures=\"0\">\n"
            "    <testcase name=\"No problems found\" classname=\"querylint\"/>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST(JUnit, ASuiteForEachFile) {
  FoundIn project = wide_project();
  project.add(project.place("b.py", "q"), "<&\"\x01\uFFFF").function = "C.f";
  project.add(project.place("b.py", "q"), "again").function = "C.f";
  EXPECT_EQ(
      junit(project.run()),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"querylint\" tests=\"3\" failures=\"3\">\n"
      "  <testsuite name=\"a.py\" tests=\"1\" failures=\"1\">\n"
      "    <testcase name=\"query-in-loop\" classname=\"a.py\" file=\"a.py\" line=\"2\" "
      "column=\"8\">\n"
      "      <failure type=\"warning\" message=\"1 + N queries, 100% of `b`\">"
      "a.py:2:8: 1 + N queries, 100% of `b`\n"
      "b.py:1:6: rows of this query\n"
      "</failure>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "  <testsuite name=\"b.py\" tests=\"2\" failures=\"2\">\n"
      "    <testcase name=\"query-in-loop in C.f\" classname=\"b.py\" file=\"b.py\" line=\"1\" "
      "column=\"6\">\n"
      "      <failure type=\"warning\" message=\"&lt;&amp;&quot;␁\uFFFD\">"
      "b.py:1:6: &lt;&amp;&quot;␁\uFFFD\n"
      "</failure>\n"
      "    </testcase>\n"
      "    <testcase name=\"query-in-loop in C.f (2)\" classname=\"b.py\" file=\"b.py\" line=\"1\" "
      "column=\"6\">\n"
      "      <failure type=\"warning\" message=\"again\">b.py:1:6: again\n"
      "</failure>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST(JsonLines, AreTheDiagnosticsOfJson) {
  FoundIn project = wide_project();
  project.add(project.place("b.py", "q"), "two\nlines");
  const json whole = json::parse(reports::json(project.run()))["diagnostics"];
  std::string lines = json_lines(project.run());
  ASSERT_EQ(count_of(lines, "\n"), 2u);
  const std::size_t first = lines.find('\n');
  EXPECT_EQ(json::parse(lines.substr(0, first)), whole[0]);
  EXPECT_EQ(json::parse(lines.substr(first)), whole[1]);
  EXPECT_EQ(json_lines(FoundIn().run()), "");
}

}  // namespace
}  // namespace querylint::reports
