// How pages are read, see tests/support/cases.h.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/cases.h"

namespace querylint::tests {
namespace {

Page parse(const std::string& text) { return parse_page("page.md", text); }

TEST(CasePages, EachSectionWithAFenceIsACase) {
  const Page page = parse(
      "---\nmessage: x\n---\n# Title\n\n```python path=shop/shared.py\na = 1\n```\n\n## "
      "Prose\n\nnothing\n\n"
      "## One\n\n```python\nb = 2\n```\n\n```html path=shop/a.html\n<p>\n```\n\n```\nc = 3\n```\n");
  ASSERT_EQ(page.cases.size(), 1u);
  const Case& test = page.cases[0];
  EXPECT_EQ(test.heading, "One");
  EXPECT_EQ(test.files.at("shop/shared.py"), "a = 1\n");
  EXPECT_EQ(test.files.at("shop/views.py"), "b = 2\n");
  EXPECT_EQ(test.files.at("shop/a.html"), "<p>\n");
  EXPECT_TRUE(test.files.contains("shop/models.py")) << "the bookshop's";
  EXPECT_EQ(test.files.size(), 4u);
  EXPECT_EQ(test.own_paths, (std::vector<std::string>{"shop/views.py", "shop/a.html"}));
  EXPECT_EQ(test.first_lines.at("shop/views.py"), 17u);
}

TEST(CasePages, ModelsOfItsOwnReplaceThoseOfTheBookshop) {
  const Page page = parse("## A\n```python path=shop/models.py\nx = 1\n```\n");
  EXPECT_EQ(page.cases.at(0).files.at("shop/models.py"), "x = 1\n");
}

TEST(CasePages, ExpectationsStandAtTheEndOfLines) {
  const Page page = parse(
      "## A\n```python\na = 1\nb = 2  # error: [one] \"part of it\" # error: [two]\nc = 'error: "
      "[no]'\n```\n");
  const std::vector<Expectation>& found = page.cases.at(0).expectations;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].rule, "one");
  EXPECT_EQ(found[0].part, "part of it");
  EXPECT_EQ(found[0].line, 2u);
  EXPECT_EQ(found[1].rule, "two");
  EXPECT_EQ(found[1].part, "");
}

TEST(CasePages, GuessesCountWhereItSaysSo) {
  const Page page = parse("## A\n```python\n```\n## B\n<!-- guesses: on -->\n```python\n```\n");
  EXPECT_FALSE(page.cases.at(0).counts_guesses);
  EXPECT_TRUE(page.cases.at(1).counts_guesses);
}

TEST(CasePages, DumpsKnowWhereTheyStand) {
  const Page page = parse("## A\n```python\n```\n```text dump=lower path=a.py\none\ntwo\n```\n");
  const ExpectedDump& dump = page.cases.at(0).dumps.at(0);
  EXPECT_EQ(dump.stage, driver::Stage::lower);
  EXPECT_EQ(dump.path, "a.py");
  EXPECT_EQ(dump.text, "one\ntwo\n");
  EXPECT_EQ(dump.first_line, 4u);
  EXPECT_EQ(dump.end_line, 6u);
}

TEST(CasePages, LongerFencesHoldShorterOnes) {
  const Page page = parse("## A\n````python\n'''\n```\n'''\n````\n");
  EXPECT_EQ(page.cases.at(0).files.at("shop/views.py"), "'''\n```\n'''\n");
}

TEST(CasePages, FixedCodeIsACaseOfItsOwn) {
  const Page page = parse(
      "## A\n```python\na  # error: [one]\n```\n```python path=shop/views.py fixed\nb\n"
      "c  # error: [two]\n```\n");
  const Case& test = page.cases.at(0);
  EXPECT_EQ(test.files.at("shop/views.py"), "a  # error: [one]\n");
  EXPECT_EQ(test.fixed.at("shop/views.py").first_line, 5u);
  EXPECT_EQ(test.fixed.at("shop/views.py").end_line, 7u);
  const Case fixed = fixed_case(test);
  EXPECT_EQ(without_expectations(fixed.files.at("shop/views.py")), "b\nc\n");
  ASSERT_EQ(fixed.expectations.size(), 1u);
  EXPECT_EQ(fixed.expectations[0].rule, "two");
  EXPECT_EQ(fixed.expectations[0].line, 2u);
}

TEST(CasePages, MistakesNameTheirPlace) {
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"## A\n```python\nx\n", "page.md:2: this fence is never closed"},
           {"## A\n```python\n```\n```python\n```\n",
            "page.md:4: a second fence for shop/views.py"},
           {"## A\n```python path=a.py fixed\n```\n",
            "page.md:2: fixed code needs the path of a file of its section"},
           {"## A\n```text dump=lowr\n```\n", "page.md:2: there is no stage `lowr`"},
           {"```text dump=lower\n```\n", "page.md:1: a dump belongs to a section"}}) {
    try {
      parse(text);
      ADD_FAILURE() << text;
    } catch (const std::invalid_argument& mistake) {
      EXPECT_TRUE(std::string(mistake.what()).starts_with(error)) << mistake.what();
    }
  }
}

}  // namespace
}  // namespace querylint::tests
