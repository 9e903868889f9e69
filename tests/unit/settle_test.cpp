#include "analyzer/diagnostics/settle.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace querylint::diagnostics {
namespace {

const std::string text =
    "def f():\n"
    "    for book in books:\n"
    "        book.save()\n"
    "        book.author.name  # querylint: ignore[loops] known\n";

std::string_view text_of(const std::string&) { return text; }

Diagnostic finding(std::string_view code, std::string_view rule = "save-in-loop",
                   std::string cause = {}) {
  Diagnostic diagnostic;
  diagnostic.rule = rule;
  diagnostic.family = "loops";
  diagnostic.message = std::string(rule) + " at " + std::string(code);
  const auto at = static_cast<std::uint32_t>(text.find(code));
  diagnostic.place = {"a.py", {at, at + static_cast<std::uint32_t>(code.size())}};
  diagnostic.cause = {rule, {}, cause.empty() ? std::string(code) : std::move(cause)};
  diagnostic.function = "f";
  return diagnostic;
}

Settled settle_all(const std::vector<Diagnostic>& diagnostics,
                   const std::vector<Suppression>& suppressions, const TextOf& of) {
  std::vector<const Diagnostic*> all;
  for (const Diagnostic& diagnostic : diagnostics) all.push_back(&diagnostic);
  return settle(all, suppressions, of);
}

std::vector<Suppression> suppressions_in(std::string_view source) {
  std::vector<base::ByteRange> comments;
  for (std::size_t at = source.find('#'); at != std::string_view::npos;
       at = source.find('#', at + 1)) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    comments.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
  }
  return parse_suppressions("a.py", source, comments);
}

TEST(Settle, SortsByPlace) {
  const Settled settled =
      settle_all({finding("book.author"), finding("for book"), finding("book.save")}, {}, text_of);
  ASSERT_EQ(settled.diagnostics.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(settled.diagnostics, {}, [](const Diagnostic& diagnostic) {
    return diagnostic.place.range.begin;
  }));
}

TEST(Settle, KeepsTheSurestOfOneCause) {
  Diagnostic guess = finding("book.save", "save-in-loop", "one");
  guess.certainty = Certainty::possible;
  Diagnostic firm = finding("book.author", "save-in-loop", "one");
  const Settled settled = settle_all({guess, firm}, {}, text_of);
  ASSERT_EQ(settled.diagnostics.size(), 1u);
  EXPECT_EQ(settled.diagnostics[0].place, firm.place);
}

TEST(Settle, TheSameCauseOfAnotherRuleStays) {
  EXPECT_EQ(
      settle_all({finding("book.save", "a", "one"), finding("book.save", "b", "one")}, {}, text_of)
          .diagnostics.size(),
      2u);
}

TEST(Settle, TheSameWordsAtOnePlaceAreOneFinding) {
  Diagnostic early = finding("book.author", "save-in-loop", "one query");
  early.related = {{finding("def f").place, "rows of this query"}};
  Diagnostic late = finding("book.author", "save-in-loop", "another query");
  late.related = {{finding("for book").place, "rows of this query"}};
  const Settled settled = settle_all({early, late}, {}, text_of);
  ASSERT_EQ(settled.diagnostics.size(), 1u);
  EXPECT_EQ(settled.diagnostics[0].related.size(), 2u);
}

TEST(Settle, WhatAnotherRepairRemovesBecomesRelated) {
  Diagnostic repair = finding("for book");
  repair.moot = {finding("book.save").cause};
  const Settled settled = settle_all({finding("book.save"), repair}, {}, text_of);
  ASSERT_EQ(settled.diagnostics.size(), 1u);
  ASSERT_EQ(settled.diagnostics[0].related.size(), 1u);
  EXPECT_EQ(settled.diagnostics[0].related[0].message, "save-in-loop at book.save");
}

TEST(Settle, TwoThatRemoveEachOtherLeaveOne) {
  Diagnostic one = finding("book.save");
  Diagnostic other = finding("for book");
  one.moot = {other.cause};
  other.moot = {one.cause};
  EXPECT_EQ(settle_all({one, other}, {}, text_of).diagnostics.size(), 1u);
}

TEST(Settle, DoesNotDependOnTheOrder) {
  Diagnostic guess = finding("book.save", "save-in-loop", "one");
  guess.certainty = Certainty::likely;
  Diagnostic repair = finding("for book", "query-in-loop");
  repair.moot = {finding("book.author").cause};
  std::vector<Diagnostic> all = {guess, finding("book.save", "save-in-loop", "one"), repair,
                                 finding("book.author")};
  const auto shown = [&] {
    std::string out;
    for (const Diagnostic& diagnostic : settle_all(all, {}, text_of).diagnostics) {
      out += diagnostic.fingerprint + diagnostic.message +
             std::to_string(diagnostic.related.size()) + "\n";
    }
    return out;
  };
  const auto by_address = [](const Diagnostic& a, const Diagnostic& b) {
    return a.message < b.message;
  };
  std::ranges::sort(all, by_address);
  const std::string expected = shown();
  while (std::ranges::next_permutation(all, by_address).found) EXPECT_EQ(shown(), expected);
}

TEST(Suppressions, AreRead) {
  const auto found = suppressions_in(
      "a  # querylint: ignore[save-in-loop, loops] since it is small\n"
      "b  # querylint:ignore\n"
      "# querylint: ignore-file[sql]\n"
      "c  # noqa  querylint is fine\n"
      "d  # querylint: off\n");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].names, (std::vector<std::string>{"save-in-loop", "loops"}));
  EXPECT_TRUE(found[1].names.empty());
  EXPECT_FALSE(found[1].whole_file);
  EXPECT_TRUE(found[2].whole_file);
}

TEST(Suppressions, SilenceTheirLineOnly) {
  const Settled settled =
      settle_all({finding("book.save"), finding("book.author")}, suppressions_in(text), text_of);
  ASSERT_EQ(settled.diagnostics.size(), 1u);
  EXPECT_EQ(settled.diagnostics[0].message, "save-in-loop at book.save");
  EXPECT_TRUE(settled.unused.empty());
}

TEST(Suppressions, OfAFileSilenceAllOfIt) {
  Suppression suppression{{"a.py", {0, 1}}, true, {"save-in-loop"}};
  EXPECT_TRUE(settle_all({finding("book.save"), finding("book.author")}, {suppression}, text_of)
                  .diagnostics.empty());
  suppression.place.path = "b.py";
  EXPECT_EQ(settle_all({finding("book.save")}, {suppression}, text_of).diagnostics.size(), 1u);
}

TEST(Suppressions, ThatSilenceNothingAreReported) {
  const auto suppressions = suppressions_in(text);
  EXPECT_EQ(settle_all({finding("book.save")}, suppressions, text_of).unused.size(), 1u);
  Diagnostic other_family = finding("book.author");
  other_family.family = "sql";
  const Settled settled = settle_all({other_family}, suppressions, text_of);
  EXPECT_EQ(settled.diagnostics.size(), 1u);
  EXPECT_EQ(settled.unused.size(), 1u);
}

TEST(Fingerprints, DoNotKnowLineNumbers) {
  const std::string moved = "import os\n\n\n" + text;
  Diagnostic before = finding("book.save");
  Diagnostic after = before;
  after.place.range.begin += 12;
  after.place.range.end += 12;
  const std::string one = settle_all({before}, {}, text_of).diagnostics[0].fingerprint;
  const std::string other =
      settle_all({after}, {}, [&](const std::string&) { return std::string_view(moved); })
          .diagnostics[0]
          .fingerprint;
  EXPECT_EQ(one, other);
}

TEST(Fingerprints, TellRepeatsFunctionsAndRulesApart) {
  Diagnostic second = finding("ook.save", "save-in-loop", "second");
  Diagnostic elsewhere = finding("k.save", "save-in-loop", "third");
  elsewhere.function = "g";
  const Settled settled = settle_all(
      {finding("book.save"), second, elsewhere, finding("book.save", "other")}, {}, text_of);
  std::vector<std::string> all;
  for (const Diagnostic& diagnostic : settled.diagnostics) all.push_back(diagnostic.fingerprint);
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_EQ(all.size(), 4u);
}

}  // namespace
}  // namespace querylint::diagnostics
