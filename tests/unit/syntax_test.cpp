// What pages cannot show of parsing: bytes that no page holds. See tests/cases/stages/parse.md.
#include <gtest/gtest.h>

#include "analyzer/syntax/tree.h"

namespace querylint::syntax {
namespace {

Tree parse(std::string_view text) { return PythonParser().parse(text); }

TEST(Parse, GivesAModuleForNothing) {
  const Tree tree = parse("");
  EXPECT_EQ(dump(tree, ""), "module \"\"\n");
  EXPECT_FALSE(tree.has_errors);
}

TEST(Parse, KeepsCommentsApart) {
  const std::string_view text = "a = 1  # one\n# two\n";
  const Tree tree = parse(text);
  ASSERT_EQ(tree.comments.size(), 2u);
  EXPECT_EQ(text.substr(tree.comments[1].begin, tree.comments[1].end - tree.comments[1].begin),
            "# two");
}

TEST(Parse, SubtreesAreNested) {
  const Tree tree = parse("def f(a):\n    return [a for a in b if c]\n");
  for (NodeIndex i = 0; i < tree.nodes.size(); ++i) {
    ASSERT_GT(tree[i].subtree_end, i);
    for (NodeIndex inner = i + 1; inner < tree[i].subtree_end; ++inner) {
      ASSERT_LE(tree[inner].subtree_end, tree[i].subtree_end);
      ASSERT_GE(tree[inner].range.begin, tree[i].range.begin);
      ASSERT_LE(tree[inner].range.end, tree[i].range.end);
    }
  }
}

TEST(Parse, SaysWhetherThereAreErrors) {
  EXPECT_FALSE(parse("x = 1\n").has_errors);
  EXPECT_TRUE(parse("x = = 1\n").has_errors);
  EXPECT_TRUE(parse(std::string_view("x\0 = 1\n", 8)).has_errors);
  EXPECT_TRUE(parse("x = '\xFF\xFE'\n\xFF = 2\n").has_errors);
}

TEST(Parse, OneParserServesManyFiles) {
  PythonParser parser;
  const std::string first = dump(parser.parse("a = 1\n"), "a = 1\n");
  parser.parse("((((");
  EXPECT_EQ(dump(parser.parse("a = 1\n"), "a = 1\n"), first);
}

}  // namespace
}  // namespace querylint::syntax
