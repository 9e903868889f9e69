// What the reports say of small projects that exist only here.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/code_points.h"
#include "reports/line_hash.h"
#include "reports/positions.h"
#include "reports/report.h"

namespace querylint::reports {
namespace {

using base::ByteRange;
using diagnostics::Certainty;
using diagnostics::Diagnostic;
using diagnostics::Place;
using diagnostics::Severity;
using nlohmann::json;
using Files = std::map<std::string, std::string>;

/// Files in memory, and a run over them.
class Project {
 public:
  explicit Project(Files files = {}) : files_(std::move(files)) {}

  /// The first place where `code` stands in a file.
  Place place(const std::string& path, std::string_view code) const {
    const std::size_t at = files_.at(path).find(code);
    if (at == std::string::npos) throw std::invalid_argument(std::string(code));
    return {path, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + code.size())}};
  }

  Diagnostic& add(Place place, std::string message = "One query per row.") {
    Diagnostic diagnostic;
    diagnostic.rule = "query-in-loop";
    diagnostic.family = "loops";
    diagnostic.message = std::move(message);
    diagnostic.place = std::move(place);
    diagnostic.fingerprint = "0123456789abcdef";
    diagnostics_.push_back(std::move(diagnostic));
    return diagnostics_.back();
  }

  Run run() const {
    Run run;
    run.diagnostics = diagnostics_;
    run.text_of = [this](const std::string& path) -> std::string_view {
      const auto found = files_.find(path);
      return found == files_.end() ? std::string_view() : std::string_view(found->second);
    };
    run.version = "1.2.3";
    return run;
  }

 private:
  Files files_;
  std::vector<Diagnostic> diagnostics_;
};

constexpr std::string_view shop =
    "def labels():\n"
    "    books = Book.objects.all()\n"
    "    names = []\n"
    "    for book in books:\n"
    "        print(book)\n"
    "\n"
    "        names.append(book.author.name)\n";

Project shop_project() { return Project(Files{{"shop.py", std::string(shop)}, {"empty.py", ""}}); }

json sarif_run(const Run& run) { return json::parse(sarif(run)).at("runs").at(0); }

// Positions

TEST(Positions, CountCodePointsAndUtf16Units) {
  const LineIndex index("ä😀x\ny");
  EXPECT_EQ(index.position(0), (Position{1, 1, 1}));
  EXPECT_EQ(index.position(2), (Position{1, 2, 2}));
  EXPECT_EQ(index.position(6), (Position{1, 3, 4}));
  EXPECT_EQ(index.position(7), (Position{1, 4, 5}));
  EXPECT_EQ(index.position(8), (Position{2, 1, 1}));
}

TEST(Positions, InsideOfACodePointIsItsBeginning) {
  const LineIndex index("ä😀x");
  EXPECT_EQ(index.position(1), (Position{1, 1, 1}));
  EXPECT_EQ(index.position(4), (Position{1, 2, 2}));
}

TEST(Positions, LinesEndWithLfCrOrBoth) {
  const LineIndex index("a\r\nbc\rd\n\ne");
  ASSERT_EQ(index.line_count(), 5u);
  EXPECT_EQ(index.line(1), "a");
  EXPECT_EQ(index.line(2), "bc");
  EXPECT_EQ(index.line(3), "d");
  EXPECT_EQ(index.line(4), "");
  EXPECT_EQ(index.line(5), "e");
  EXPECT_EQ(index.position(2), (Position{1, 2, 2}));  // between CR and LF
  EXPECT_EQ(index.position(3), (Position{2, 1, 1}));
}

TEST(Positions, AByteOrderMarkIsNoColumn) {
  const LineIndex index("\xEF\xBB\xBFx = 1\n");
  EXPECT_EQ(index.line(1), "x = 1");
  EXPECT_EQ(index.position(0), (Position{1, 1, 1}));
  EXPECT_EQ(index.position(3), (Position{1, 1, 1}));
  EXPECT_EQ(index.position(7), (Position{1, 5, 5}));
}

TEST(Positions, BeyondTheTextIsItsEnd) {
  EXPECT_EQ(LineIndex("ab").position(99), (Position{1, 3, 3}));
  EXPECT_EQ(LineIndex("ab\n").position(99), (Position{2, 1, 1}));
  EXPECT_EQ(LineIndex("").position(99), (Position{1, 1, 1}));
  EXPECT_EQ(LineIndex("ab").first_line_of({90, 99}), (ByteRange{2, 2}));
}

TEST(Positions, InvalidUtf8IsCutAsEditorsCutIt) {
  // A lone byte, a sequence that breaks off, a surrogate (three pieces), an overlong form (two).
  const LineIndex index("\xFF|\xE2\x82|\xED\xA0\x80|\xC0\xAF|\xF0\x9F\x98");
  EXPECT_EQ(index.position(1).column, 2u);
  EXPECT_EQ(index.position(4).column, 4u);
  EXPECT_EQ(index.position(8).column, 8u);
  EXPECT_EQ(index.position(11).column, 11u);
  EXPECT_EQ(index.position(99).column, 13u);
}

TEST(Positions, TheFirstLineOfARange) {
  const LineIndex index("ab\r\ncd\n");
  EXPECT_EQ(index.first_line_of({1, 6}), (ByteRange{1, 2}));
  EXPECT_EQ(index.first_line_of({4, 5}), (ByteRange{4, 5}));
  EXPECT_EQ(index.first_line_of({5, 3}), (ByteRange{5, 5}));
}

TEST(CodePoints, WidthInATerminal) {
  EXPECT_EQ(terminal_width('a'), 1u);
  EXPECT_EQ(terminal_width(U'ä'), 1u);
  EXPECT_EQ(terminal_width(U'名'), 2u);
  EXPECT_EQ(terminal_width(U'😀'), 2u);
  EXPECT_EQ(terminal_width(0x0301), 0u);
}

// Line hashes: facts published in github/codeql-action, `src/fingerprints.test.ts`.

/// The hashes of all lines, with blanks between.
std::string hashes_of(std::string_view text) {
  std::string all;
  for (const std::string& hash : line_hashes(text)) all.append(all.empty() ? "" : " ").append(hash);
  return all;
}

TEST(LineHash, OfOrdinaryLines) {
  EXPECT_EQ(hashes_of(""), "c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of(" a\nb\n  \t\tc\n d"),
            "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1");
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            "8b7cf3e952e7aeb2:1 b1ae1287ec4718d9:1 bff680108adb0fcc:1 c6805c5e1288b612:1 "
            "b86d3392aea1be30:1 e6ceba753e1a442:1");
  EXPECT_EQ(hashes_of("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n"),
            "e54938cc54b302f1:1 bb609acbe9138d60:1 1131fd5871777f34:1 5c482a0f8b35ea28:1 "
            "54517377da7028d2:1 2c644846cb18d53e:1 f1b89f20de0d133:1 c129715d7a2bc9a3:1");
}

TEST(LineHash, DoesNotDependOnLineEnds) {
  const std::string expected =
      "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 "
      "b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1";
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"), expected);
  EXPECT_EQ(hashes_of(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"), expected);
}

TEST(LineHash, CountsRepeats) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "Lorem ipsum dolor sit amet.\n";
  EXPECT_EQ(hashes_of(text),
            "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 "
            "a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 "
            "55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1");
}

// Computed with Node's decoder and the published algorithm.
TEST(LineHash, OfUnusualText) {
  EXPECT_EQ(hashes_of("näme = '😀'\nb\n"),
            "cc971c97453688a5:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("\xEF\xBB\xBF"
                      "a\nb\n"),
            "8fff498b8a070609:1 ade70578248be16f:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("a\xFF\xE2\x82\n\xED\xA0\x80\xF0\x9F\x98\nb"),
            "ddca8c0f98024068:1 37ddc1a64fe7f8eb:1 8ee5a81e681643c1:1");
  EXPECT_EQ(hashes_of(std::string(150, 'a') + "\n" + std::string(150, 'a') + "b\n" +
                      std::string(99, 'a') + "\n"),
            "871f6af4d0d4dd7c:1 871f6af4d0d4dd7c:2 871f6af4d0d4dd25:1 c129715d7a2bc9a3:1");
  EXPECT_EQ(hashes_of("a\r \nb"), "67c066a59e652f5e:1 cc4c43d77869440f:1 8ee5a81e681643c1:1");
  EXPECT_EQ(hashes_of("a\n \t "), "243cbaa4685aab12:1 c129715d7a2bc9a3:1");
}

// Full

TEST(Full, NoProblems) {
  Project project;
  reports::Run run = project.run();
  EXPECT_EQ(full(run), "No problems found.\n");
  run.notices = {"shop.py was not analysed."};
  EXPECT_EQ(full(run), "note: shop.py was not analysed.\nNo problems found.\n");
}

TEST(Full, FramesOneFile) {
  Project project = shop_project();
  project.add(project.place("shop.py", "book.author.name")).related = {
      {project.place("shop.py", "for book in books:\n        print(book)\n"), "in this loop"},
      {project.place("shop.py", "Book.objects.all()"), "rows of this query"}};
  EXPECT_EQ(full(project.run()),
            "warning[query-in-loop]: One query per row.\n"
            " --> shop.py:7:22\n"
            "  |\n"
            "2 |     books = Book.objects.all()\n"
            "  |             ------------------ rows of this query\n"
            "3 |     names = []\n"
            "4 |     for book in books:\n"
            "  |     ------------------ in this loop\n"
            "...\n"
            "7 |         names.append(book.author.name)\n"
            "  |                      ^^^^^^^^^^^^^^^^\n"
            "\n"
            "Found 1 problem in 1 file.\n");
}

TEST(Full, FramesSeveralFilesAndLabelsOnOneLine) {
  Project project(
      {{"a.py", "x\n\n\n\n\n\n\n\n\n[b.author for b in books]\n"}, {"models.py", "self.author\n"}});
  Diagnostic& finding = project.add(project.place("a.py", "b.author"));
  finding.severity = Severity::error;
  finding.certainty = Certainty::likely;
  finding.related = {{project.place("a.py", "for b in books"), "in this loop"},
                     {project.place("models.py", "self.author"), "it is read here"},
                     {project.place("models.py", "self.author"), "it is read here"},
                     {project.place("a.py", "books"), "rows of this query"}};
  project.add(project.place("models.py", "author")).severity = Severity::advice;
  EXPECT_EQ(full(project.run()),
            "error[query-in-loop] (likely): One query per row.\n"
            "  --> a.py:10:2\n"
            "   |\n"
            "10 | [b.author for b in books]\n"
            "   |  ^^^^^^^^ -------------- in this loop\n"
            "   |                    ----- rows of this query\n"
            "   |\n"
            "  ::: models.py:1:1\n"
            "   |\n"
            " 1 | self.author\n"
            "   | ----------- it is read here\n"
            "\n"
            "advice[query-in-loop]: One query per row.\n"
            " --> models.py:1:6\n"
            "  |\n"
            "1 | self.author\n"
            "  |      ^^^^^^\n"
            "\n"
            "Found 2 problems in 2 files.\n");
}

/// The frame of one finding, from the source line on, without the summary.
std::string frame_of(const std::string& text, std::string_view code) {
  Project project(Files{{"a.py", text}});
  project.add(project.place("a.py", code));
  const std::string report = full(project.run());
  const std::size_t begin = report.find(" |\n") + 3;
  return report.substr(begin, report.find("\n\n") + 1 - begin);
}

TEST(Full, UnderlinesWhatTheTerminalShows) {
  EXPECT_EQ(frame_of("\tif a:\tb.c\n", "b.c"),
            "1 |     if a:   b.c\n"
            "  |             ^^^\n");
  EXPECT_EQ(frame_of("名前 = '😀' + ä.b\n", "ä.b"),
            "1 | 名前 = '😀' + ä.b\n"
            "  |               ^^^\n");
  EXPECT_EQ(frame_of("名前.author\n", "名前"),
            "1 | 名前.author\n"
            "  | ^^^^\n");
  EXPECT_EQ(frame_of("for a in b:  \r\n  c\r\n", "for a in b:  \r\n  c"),
            "1 | for a in b:\n"
            "  | ^^^^^^^^^^^^^\n");
  EXPECT_EQ(frame_of("\xEF\xBB\xBF"
                     "a.b\n",
                     "a.b"),
            "1 | a.b\n"
            "  | ^^^\n");
}

TEST(Full, AnEmptyRangeIsOneColumn) {
  EXPECT_EQ(frame_of("ab", ""), "1 | ab\n  | ^\n");
  Project project(Files{{"a.py", "ab"}});
  project.add({"a.py", {70, 80}});
  EXPECT_NE(full(project.run()).find(" --> a.py:1:3\n  |\n1 | ab\n  |   ^\n"), std::string::npos);
}

TEST(Full, NothingSteersTheTerminal) {
  EXPECT_EQ(frame_of("a = '\x1b[2J\xFF\u202E' + b.c\n", "b.c"),
            "1 | a = '␛[2J\uFFFD\uFFFD' + b.c\n"
            "  |                ^^^\n");
}

TEST(Full, CutsLongLines) {
  const std::string left(5000, 'l');
  const std::string right(5000, 'r');
  EXPECT_EQ(frame_of(left + "a.b" + right + "\n", "a.b"),
            "1 | …" + std::string(40, 'l') + "a.b" + std::string(97, 'r') + "…\n" +  //
                "  | " + std::string(41, ' ') + "^^^\n");
  EXPECT_EQ(frame_of("a.b" + right, "a.b"), "1 | a.b" + std::string(137, 'r') + "…\n" +  //
                                                "  | ^^^\n");
  EXPECT_EQ(frame_of(left + "a.b", "a.b"), "1 | …" + std::string(137, 'l') + "a.b\n" +  //
                                               "  | " + std::string(138, ' ') + "^^^\n");
  EXPECT_EQ(frame_of(left, left), "1 | " + std::string(140, 'l') + "…\n" +  //
                                      "  | " + std::string(141, '^') + "\n");
}

TEST(Full, MarksBeyondTheCutStandUnderTheEllipsis) {
  Project project(
      {{"a.py", "x = [" + std::string(4998, 'l') + "a.b" + std::string(5000, 'r') + "z"}});
  project.add(project.place("a.py", "a.b")).related = {{project.place("a.py", "x"), "here"},
                                                       {project.place("a.py", "z"), "there"}};
  const std::string report = full(project.run());
  EXPECT_NE(report.find("\n  | - here\n"), std::string::npos);
  EXPECT_NE(report.find("\n  | " + std::string(141, ' ') + "- there\n"), std::string::npos);
}

TEST(Full, AVanishedFileHasNoFrame) {
  Project project;
  project.add({"gone.py", {4, 9}}).related = {{{"gone.py", {1, 2}}, "in this loop"}};
  EXPECT_EQ(full(project.run()),
            "warning[query-in-loop]: One query per row.\n"
            " --> gone.py:1:1\n"
            "  = in this loop\n"
            "\n"
            "Found 1 problem in 1 file.\n");
}

TEST(Full, ColoursOnlyWhenAsked) {
  Project project = shop_project();
  project.add(project.place("shop.py", "Book"));
  reports::Run run = project.run();
  EXPECT_EQ(full(run).find('\x1b'), std::string::npos);
  const std::string plain = full(run);
  run.use_colour = true;
  std::string coloured = full(run);
  EXPECT_NE(coloured.find("\x1b[1;33mwarning[query-in-loop]\x1b[0m"), std::string::npos);
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos;
       at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  }
  EXPECT_EQ(coloured, plain);
}

// Concise

TEST(Concise, OneLineEach) {
  Project project(Files{{"a.py", "x = 1\n'ä😀' + b.c\n"}});
  project.add(project.place("a.py", "b.c"));
  project.add({"gone.py", {4, 9}}, "Two\nlines \xFF.").severity = Severity::error;
  EXPECT_EQ(concise(project.run()),
            "a.py:2:8: warning [query-in-loop] One query per row.\n"
            "gone.py:1:1: error [query-in-loop] Two lines \uFFFD.\n");
  EXPECT_EQ(concise(Project().run()), "");
}

// JSON

TEST(Json, NoProblems) {
  EXPECT_EQ(reports::json(Project().run()), "{\n  \"diagnostics\": []\n}\n");
}

TEST(Json, SaysEverything) {
  Project project(Files{{"a.py", "'ä😀' + b.c\nd\n"}});
  Diagnostic& finding = project.add(project.place("a.py", "b.c\nd"), "\"ä\"");
  finding.certainty = Certainty::possible;
  finding.related = {{project.place("a.py", "d"), "here"}};
  finding.fixes = {{project.place("a.py", "'ä😀'"), "x"}};
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
)");
}

TEST(Json, SurvivesInvalidUtf8) {
  Project project;
  project.add({"\xFF.py", {4, 9}}, "bad \xFF");
  const auto report = json::parse(reports::json(project.run()));
  EXPECT_EQ(report["diagnostics"][0]["path"], "\uFFFD.py");
  EXPECT_EQ(report["diagnostics"][0]["message"], "bad \uFFFD");
  EXPECT_EQ(report["diagnostics"][0]["line"], 1);
}

// SARIF

TEST(Sarif, OfACleanRun) {
  EXPECT_EQ(sarif(Project().run()), R"({
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
  reports::Run run = Project().run();
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
  reports::Run run = Project().run();
  run.rules = rules;
  const auto rule = sarif_run(run)["tool"]["driver"]["rules"][0];
  EXPECT_EQ(rule["shortDescription"]["text"], summary.substr(0, 1023));
  EXPECT_EQ(rule["help"]["text"], summary);
}

TEST(Sarif, Result) {
  const RuleInfo rules[] = {{"odd", "loading", Severity::advice, true, "Odd.", ""},
                            {"query-in-loop", "loops", Severity::error, true, "A query.", ""}};
  Project project(Files{{"a b/ü:1.py", "x\n'ä😀' + b.c\nd\n"}});
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
  Project project = shop_project();
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
  Project project = shop_project();
  project.add(project.place("shop.py", "names"));
  const auto result = sarif_run(project.run())["results"][0];
  EXPECT_EQ(result["message"]["text"], "One query per row.");
  EXPECT_FALSE(result.contains("relatedLocations"));
  EXPECT_FALSE(result.contains("codeFlows"));
  EXPECT_FALSE(result.contains("ruleIndex"));
}

TEST(Sarif, Fixes) {
  Project project = shop_project();
  project.add(project.place("shop.py", "names")).fixes = {
      {{"shop.py", {56, 56}}, ".x()"},
      {project.place("shop.py", "    names = []\n"), ""},
      {{"empty.py", {0, 0}}, "y"}};
  const auto changes = sarif_run(project.run())["results"][0]["fixes"][0]["artifactChanges"];
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["artifactLocation"]["uri"], "shop.py");
  EXPECT_EQ(changes[0]["replacements"], json::parse(R"json([
      {"deletedRegion": {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 12},
       "insertedContent": {"text": ".x()"}},
      {"deletedRegion": {"startLine": 3, "startColumn": 1, "endLine": 4, "endColumn": 1}}])json"));
  EXPECT_EQ(changes[1]["artifactLocation"]["uri"], "empty.py");
}

TEST(Sarif, AVanishedFileAndInvalidUtf8) {
  Project project;
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
  reports::Run run = Project().run();
  run.was_successful = false;
  run.notices = {"shop.py could not be read."};
  EXPECT_EQ(sarif_run(run)["invocations"], json::parse(R"([{"executionSuccessful": false,
      "toolExecutionNotifications": [{"level": "warning",
          "message": {"text": "shop.py could not be read."}}]}])"));
}

TEST(Sarif, KeepsTheMostSevere) {
  Project project = shop_project();
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
