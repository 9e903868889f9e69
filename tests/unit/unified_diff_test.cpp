// Unified diffs, as `patch` reads them.
#include "driver/unified_diff.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <vector>

namespace querylint::driver {
namespace {

TEST(UnifiedDiff, OfEqualTextsIsEmpty) {
  EXPECT_EQ(unified_diff("a.py", "x\n", "x\n"), "");
  EXPECT_EQ(unified_diff("a.py", "", ""), "");
}

TEST(UnifiedDiff, HasThreeLinesOfContext) {
  EXPECT_EQ(unified_diff("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a.py\n+++ a.py\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, JoinsChangesThatShareContext) {
  EXPECT_EQ(unified_diff("a.py", "a\n1\n2\n3\n4\n5\n6\nb\n", "1\n2\n3\n4\n5\n6\n"),
            "--- a.py\n+++ a.py\n@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n");
  EXPECT_EQ(
      unified_diff("a.py", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n"),
      "--- a.py\n+++ a.py\n@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n");
}

TEST(UnifiedDiff, SaysWhereALineHasNoEnd) {
  EXPECT_EQ(unified_diff("a.py", "x", "x\n"),
            "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
  EXPECT_EQ(unified_diff("a.py", "", "x\r\n"), "--- a.py\n+++ a.py\n@@ -0,0 +1 @@\n+x\r\n");
}

/// Applies the hunks by their line numbers; fails where a context line differs.
std::string patched(const std::string& before, const std::string& diff) {
  std::vector<std::string> lines;
  std::istringstream text(before);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  std::istringstream stream(diff);
  std::string out;
  std::size_t at = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("---") || line.starts_with("+++")) continue;
    if (line.starts_with("@@ -")) {
      std::size_t first = std::stoul(line.substr(4));
      if (line.substr(4, line.find(' ', 4) - 4).ends_with(",0")) ++first;
      while (at + 1 < first) out += lines.at(at++) + "\n";
      continue;
    }
    if (line[0] != '+') {
      EXPECT_EQ(lines.at(at++), line.substr(1));
    }
    if (line[0] != '-') out += line.substr(1) + "\n";
  }
  while (at < lines.size()) out += lines[at++] + "\n";
  return out;
}

TEST(UnifiedDiff, TurnsAnyTextIntoAnyOther) {
  std::mt19937 random(7);
  const auto some_text = [&] {
    std::string text;
    for (auto lines = random() % 30; lines > 0; --lines)
      text += std::to_string(random() % 4) + "\n";
    return text;
  };
  for (int i = 0; i < 500; ++i) {
    const std::string before = some_text();
    const std::string after = some_text();
    EXPECT_EQ(patched(before, unified_diff("a.py", before, after)), after) << before;
  }
}

}  // namespace
}  // namespace querylint::driver
