// What people read: code frames, and one line for each finding.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/findings.h"

namespace querylint::reports {
namespace {

using diagnostics::Certainty;
using diagnostics::Diagnostic;
using diagnostics::Safety;
using diagnostics::Severity;
using tests::Files;
using tests::FoundIn;
using tests::shop_project;

TEST(Full, NoProblems) {
  FoundIn project;
  reports::Run run = project.run();
  EXPECT_EQ(full(run), "No problems found.\n");
  run.notices = {"shop.py was not analysed."};
  EXPECT_EQ(full(run), "note: shop.py was not analysed.\nNo problems found.\n");
}

TEST(Full, FramesOneFile) {
  FoundIn project = shop_project();
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
  FoundIn project(
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
  FoundIn project(Files{{"a.py", text}});
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
  FoundIn project(Files{{"a.py", "ab"}});
  project.add({"a.py", {70, 80}});
  EXPECT_NE(full(project.run()).find(" --> a.py:1:3\n  |\n1 | ab\n  |   ^\n"), std::string::npos);
}

TEST(Full, NothingSteersTheTerminal) {
  EXPECT_EQ(frame_of("a = '\x1b[2J\xFF\u202E' + b.c\n", "b.c"),
            "1 | a = '␛[2J\uFFFD\uFFFD' + b.c\n"
            "  |                ^^^\n");
}

TEST(Full, OffersTheFirstFix) {
  FoundIn project(Files{{"a.py", "x\ny\n"}});
  project.add(project.place("a.py", "x")).fixes = {{"Write `z`", Safety::safe, {}},
                                                   {"Remove `x`", Safety::unsafe, {}}};
  project.add(project.place("a.py", "y")).fixes = {{"Remove `y`", Safety::unsafe, {}}};
  const std::string report = full(project.run());
  EXPECT_NE(report.find("  | ^\n  = fix: Write `z` (--fix)\n\n"), std::string::npos);
  EXPECT_NE(report.find("  | ^\n  = fix: Remove `y` (--unsafe-fixes)\n\n"), std::string::npos);
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
  FoundIn project(
      {{"a.py", "x = [" + std::string(4998, 'l') + "a.b" + std::string(5000, 'r') + "z"}});
  project.add(project.place("a.py", "a.b")).related = {{project.place("a.py", "x"), "here"},
                                                       {project.place("a.py", "z"), "there"}};
  const std::string report = full(project.run());
  EXPECT_NE(report.find("\n  | - here\n"), std::string::npos);
  EXPECT_NE(report.find("\n  | " + std::string(141, ' ') + "- there\n"), std::string::npos);
}

TEST(Full, AVanishedFileHasNoFrame) {
  FoundIn project;
  project.add({"gone.py", {4, 9}}).related = {{{"gone.py", {1, 2}}, "in this loop"}};
  EXPECT_EQ(full(project.run()),
            "warning[query-in-loop]: One query per row.\n"
            " --> gone.py:1:1\n"
            "  = in this loop\n"
            "\n"
            "Found 1 problem in 1 file.\n");
}

TEST(Full, ColoursOnlyWhenAsked) {
  FoundIn project = shop_project();
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

TEST(Concise, OneLineEach) {
  FoundIn project(Files{{"a.py", "x = 1\n'ä😀' + b.c\n"}});
  project.add(project.place("a.py", "b.c"));
  project.add({"gone.py", {4, 9}}, "Two\nlines \xFF.").severity = Severity::error;
  EXPECT_EQ(concise(project.run()),
            "a.py:2:8: warning [query-in-loop] One query per row.\n"
            "gone.py:1:1: error [query-in-loop] Two lines \uFFFD.\n");
  EXPECT_EQ(concise(FoundIn().run()), "");
}

}  // namespace
}  // namespace querylint::reports
