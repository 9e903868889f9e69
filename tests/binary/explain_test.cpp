// Every page is what `querylint explain` prints.
#include <gtest/gtest.h>

#include "rules/engine/rule.h"
#include "tests/support/cases.h"
#include "tests/support/process.h"

namespace querylint::tests {
namespace {

/// The page without the lines that speak to the tests, and the blank line behind each.
std::string without_comments(std::string page) {
  constexpr std::string_view mark = "\n<!-- ";
  for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark))
    page.erase(at + 1, page.find("\n\n", at) + 2 - (at + 1));
  return page;
}

TEST(Explain, PrintsThePageOfEachRule) {
  std::size_t pages = 0;
  for (const std::string& path : case_pages()) {
    if (!path.starts_with("rules/")) continue;
    ++pages;
    std::string rule = path.substr(path.rfind('/') + 1);
    rule.resize(rule.size() - 3);
    for (char& c : rule) c = c == '_' ? '-' : c;
    const Ran ran = querylint({"explain", rule});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    const std::string page = without_comments(read_repository_file(path));
    EXPECT_EQ(ran.out, page.substr(page.find("# " + rule))) << path;
  }
  EXPECT_EQ(pages, rules::all_rules().size());
}

TEST(Explain, OfAnUnknownRuleIsAnError) {
  const Ran ran = querylint({"explain", "no-such-rule"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("`no-such-rule`"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace querylint::tests
