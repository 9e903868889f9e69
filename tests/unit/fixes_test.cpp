// How edits meet the texts that they change.
#include "analyzer/diagnostics/fixes.h"

#include <gtest/gtest.h>

namespace querylint::diagnostics {
namespace {

/// The place of `code` in `text`, or behind it.
Place at(std::string_view text, std::string_view code) {
  const auto begin = static_cast<std::uint32_t>(text.find(code));
  return {"a.py", {begin, begin + static_cast<std::uint32_t>(code.size())}};
}
Place behind(std::string_view text, std::string_view code) {
  const std::uint32_t end = at(text, code).range.end;
  return {"a.py", {end, end}};
}

/// The text with the edits as settling leaves them; nothing where it drops the fix.
std::optional<std::string> fitted(std::string_view text, std::vector<Edit> edits) {
  std::vector<Diagnostic> diagnostics(1);
  diagnostics[0].fixes = {{"Do it", Safety::safe, std::move(edits)}};
  fit_fixes(diagnostics, [&](const std::string&) { return text; });
  if (diagnostics[0].fixes.empty()) return std::nullopt;
  return diagnostics::apply(text, diagnostics[0].fixes[0].edits);
}

TEST(Fixes, AreAppliedWithTheLineEndsOfTheText) {
  const std::string_view text = "a\r\nb\r\n";
  EXPECT_EQ(diagnostics::apply(text, {{at(text, "a"), "x\ny", {}}, {at(text, "b"), "", {}}}),
            "x\r\ny\r\n\r\n");
  EXPECT_EQ(diagnostics::apply("a", {{at("a", "a"), "x\ny", {}}}), "x\ny");
  EXPECT_EQ(diagnostics::apply("a\rb", {{behind("a\rb", "b"), "\n", {}}}), "a\rb\r");
}

TEST(Fixes, ClashWhereTheyMeet) {
  const Edit inserted{{"a.py", {5, 5}}, "x", {}};
  EXPECT_TRUE(clash(inserted, inserted)) << "which comes first would be chance";
  EXPECT_TRUE(clash(inserted, {{"a.py", {4, 6}}, "", {}}));
  EXPECT_TRUE(clash({{"a.py", {4, 6}}, "", {}}, inserted));
  EXPECT_FALSE(clash(inserted, {{"a.py", {3, 5}}, "", {}}));
  EXPECT_FALSE(clash(inserted, {{"b.py", {5, 5}}, "", {}}));
  EXPECT_FALSE(clash({{"a.py", {1, 3}}, "", {}}, {{"a.py", {3, 4}}, "", {}}));
}

TEST(Fixes, OfTwoFindingsThatAreOneAreOne) {
  const Fix first{"Do it", Safety::safe, {{{"a.py", {5, 5}}, "x", {}}}};
  const Fix second{"Do it", Safety::unsafe, {{{"a.py", {1, 1}}, "x", {}}}};
  const auto joined = both(first, second);
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->safety, Safety::unsafe);
  EXPECT_EQ(joined->edits, (std::vector<Edit>{second.edits[0], first.edits[0]}));
  EXPECT_EQ(both(first, first)->edits, first.edits);
  EXPECT_FALSE(both(first, {"Do that", Safety::safe, {}}));
  EXPECT_FALSE(both(first, {"Do it", Safety::safe, {{{"a.py", {5, 5}}, "y", {}}}}));
}

TEST(Fixes, DoNotTakeAwayHalfABracketOrAComment) {
  const std::string_view text = "x = (a.count()) > 0  # why\ny = len(a)\n";
  EXPECT_FALSE(fitted(text, {{at(text, ") > 0"), "", {}}}));
  EXPECT_FALSE(fitted(text, {{at(text, "> 0  # why"), "", {}}}));
  EXPECT_EQ(fitted(text, {{at(text, "len("), "", {}}, {at(text, ")\n"), ".n()\n", {}}}),
            "x = (a.count()) > 0  # why\ny = a.n()\n");
  EXPECT_FALSE(fitted(text, {{{"a.py", {90, 95}}, "", {}}})) << "beyond the text";
}

TEST(Fixes, InStringsHaveNoQuotes) {
  const std::string_view text = "f\"{a}\" + a\n";
  const auto inside = Place{"a.py", {4, 4}};
  EXPECT_FALSE(fitted(text, {{inside, ".x(\"y\")", {}}}));
  EXPECT_EQ(fitted(text, {{inside, ".x()", {}}}), "f\"{a.x()}\" + a\n");
  EXPECT_TRUE(fitted(text, {{behind(text, "+ a"), ".x(\"y\")", {}}}));
}

std::optional<std::string> chained(std::string_view text, std::string_view code) {
  return fitted(text, {{behind(text, code), ".x()", Layout::in_chain}});
}

TEST(Fixes, GoOnWithAChainAsItIsWritten) {
  EXPECT_EQ(chained("a = b.c()\n", ".c()"), "a = b.c().x()\n");
  EXPECT_EQ(chained("a = (\n    b\n    .c()\n)\n", ".c()"),
            "a = (\n    b\n    .c()\n    .x()\n)\n");
  EXPECT_EQ(chained("a = (\n    b\n    .c(\n    )\n)\n", ".c(\n    )"),
            "a = (\n    b\n    .c(\n    ).x()\n)\n");
  EXPECT_EQ(chained("a = b \\\n    .c()\n", ".c()"), "a = b \\\n    .c().x()\n");
  EXPECT_EQ(chained("(a\n .b()) + c.d()\n", ".d()"), "(a\n .b()) + c.d().x()\n")
      << "the bracket has ended";
}

std::optional<std::string> listed(std::string_view text, std::string_view code) {
  return fitted(text, {{behind(text, code), ", x", Layout::in_list}});
}

TEST(Fixes, GoOnWithAListAsItIsWritten) {
  EXPECT_EQ(listed("a(b, c)\n", " c"), "a(b, c, x)\n");
  EXPECT_EQ(listed("a(\n    b,\n    c,\n)\n", " c"), "a(\n    b,\n    c,\n    x,\n)\n");
  EXPECT_EQ(listed("a(\n    b\n)\n", " b"), "a(\n    b,\n    x\n)\n");
  EXPECT_EQ(listed("a(\n    b, c\n)\n", " c"), "a(\n    b, c, x\n)\n");
  EXPECT_EQ(listed("a(b,\n  c)\n", " c"), "a(b,\n  c,\n  x)\n");
  EXPECT_EQ(listed("a = b \\\n  .c(d)\n", "d"), "a = b \\\n  .c(d, x)\n");
}

TEST(Fixes, AreInTheQuotesOfTheFile) {
  const auto quoted = [](std::string_view text) {
    return fitted(text, {{behind(text, "c"), ".x(\"y\")", Layout::as_it_is}});
  };
  EXPECT_EQ(quoted("a = 'b', c\n"), "a = 'b', c.x('y')\n");
  EXPECT_EQ(quoted("a = 'b', \"b\", c\n"), "a = 'b', \"b\", c.x(\"y\")\n");
  EXPECT_EQ(quoted("c\n"), "c.x(\"y\")\n");
}

TEST(Fixes, AtOnePlaceBecomeOneWhereTheyGoTogether) {
  const auto at_five = [](std::string text) { return Edit{{"a.py", {5, 5}}, std::move(text), {}}; };
  const auto both_of = [&](std::string a, std::string b) -> std::string {
    std::vector<Edit> edits = {at_five(std::move(a))};
    return add(at_five(std::move(b)), edits) ? edits.front().replacement : "";
  };
  EXPECT_EQ(both_of(".load(\"a\")", ".load(\"b\")"), ".load(\"a\", \"b\")");
  EXPECT_EQ(both_of("\n  .load(a(b))", "\n  .load(c)"), "\n  .load(a(b), c)");
  EXPECT_EQ(both_of(", \"a\"", ", \"b\""), ", \"a\", \"b\"");
  EXPECT_EQ(both_of(",\n a", ",\n b"), ",\n a,\n b");
  EXPECT_EQ(both_of(", a, b", ", b"), ", a, b");
  EXPECT_EQ(both_of(", ab", ", b"), ", ab, b");
  EXPECT_EQ(both_of(".load(a, b)", ".load(a)"), ".load(a, b)");
  EXPECT_EQ(both_of("\nimport a", "\nimport a"), "\nimport a");
  EXPECT_EQ(both_of(".load(a)", ".join(a)"), "");
  EXPECT_EQ(both_of(".load(a)", ", a"), "");
  std::vector<Edit> edits = {{{"a.py", {4, 6}}, "", {}}};
  EXPECT_FALSE(add(at_five("x"), edits));
  EXPECT_TRUE(add({{"a.py", {1, 2}}, "", {}}, edits));
  EXPECT_EQ(edits.front().place.range.begin, 1u);
}

TEST(Fixes, MoveWhatIsBehindThem) {
  const std::string_view text = "ab\r\ncd";
  const std::vector<Edit> edits = {{{"a.py", {0, 1}}, "x\ny", {}}, {{"a.py", {5, 5}}, "z", {}}};
  EXPECT_EQ(diagnostics::apply(text, edits), "x\r\nyb\r\nczd");
  EXPECT_EQ(moved(text, edits, 0), 0u);
  EXPECT_EQ(moved(text, edits, 4), 7u);
  EXPECT_EQ(moved(text, edits, 5), 9u) << "in front of what stands there";
  EXPECT_EQ(moved("abcd", {{{"a.py", {1, 3}}, "xyz", {}}}, 2), 1u);
}

std::optional<std::string> imported(std::string_view text, std::string_view name) {
  return fitted(text, {{behind(text, name), "import x", Layout::behind_statement}});
}

TEST(Fixes, AddStatementsBehindOthers) {
  EXPECT_EQ(imported("import a\n", " a"), "import a\nimport x\n");
  EXPECT_EQ(imported("import a", " a"), "import a\nimport x");
  EXPECT_EQ(imported("from a import b  # why\nc\n", " b"), "from a import b  # why\nimport x\nc\n");
  EXPECT_EQ(imported("from a import (\n    b,\n    c,\n)\nd\n", " c"),
            "from a import (\n    b,\n    c,\n)\nimport x\nd\n");
  EXPECT_EQ(imported("from a import b, \\\n    c\nd\n", " c"),
            "from a import b, \\\n    c\nimport x\nd\n");
  EXPECT_EQ(imported("from a import (b,  # )\n    c)\nd\n", " c"),
            "from a import (b,  # )\n    c)\nimport x\nd\n");
}

Diagnostic finding(std::string_view text, std::string_view code, std::string path = "a.py") {
  Diagnostic diagnostic;
  diagnostic.rule = "save-in-loop";
  diagnostic.place = at(text, code);
  diagnostic.place.path = std::move(path);
  return diagnostic;
}

std::optional<std::string> ignored(std::string_view text, std::string_view code) {
  const auto fix = ignore_comment(finding(text, code), text);
  return fix ? std::optional(diagnostics::apply(text, fix->edits)) : std::nullopt;
}

TEST(IgnoreComment, StandsAtTheEndOfTheLine) {
  EXPECT_EQ(ignored("a\nb.c()\nd\n", "b"), "a\nb.c()  # querylint: ignore[save-in-loop]\nd\n");
  EXPECT_EQ(ignored("a.b()", "a"), "a.b()  # querylint: ignore[save-in-loop]");
  EXPECT_EQ(ignored("a()\r\nb\r\n", "a"), "a()  # querylint: ignore[save-in-loop]\r\nb\r\n");
  EXPECT_EQ(ignored("a()  # noqa\n", "a"), "a()  # noqa  # querylint: ignore[save-in-loop]\n");
  EXPECT_EQ(ignored("a('#')\n", "a"), "a('#')  # querylint: ignore[save-in-loop]\n");
  EXPECT_EQ(ignored("a(\n  '''\n  ''', b)\n", "b"),
            "a(\n  '''\n  ''', b)  # querylint: ignore[save-in-loop]\n");
  EXPECT_EQ(ignored("a('\\'\\\\')\nb\n", "b"),
            "a('\\'\\\\')\nb  # querylint: ignore[save-in-loop]\n");
}

TEST(IgnoreComment, AddsToTheOneThatIsThere) {
  EXPECT_EQ(ignored("a()  # querylint: ignore[loops] why\n", "a"),
            "a()  # querylint: ignore[loops, save-in-loop] why\n");
  EXPECT_EQ(ignored("a()  # querylint: ignore\n", "a"), std::nullopt) << "it says all";
  EXPECT_EQ(ignored("a()  # querylint: ignore-file[x]\n", "a"), std::nullopt);
}

TEST(IgnoreComment, CannotStandEverywhere) {
  EXPECT_EQ(ignored("x = f'''{a}\n'''\n", "a"), std::nullopt);
  EXPECT_EQ(ignored("x = a + \\\n  b\n", "a"), std::nullopt);
  EXPECT_EQ(ignore_comment(finding("a", "a", "a.sql"), "a"), std::nullopt);
}

}  // namespace
}  // namespace querylint::diagnostics
