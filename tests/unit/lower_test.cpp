// What pages cannot show of lowering: depth and damage. See tests/cases/stages/lower.md.
#include "analyzer/lower/python.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace querylint::lower {
namespace {

ir::Module lower(const std::string& text, Depth depth = Depth::everything) {
  return lower_python(syntax::PythonParser().parse(text), text, depth);
}

std::string times(int count, std::string_view text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

const ir::Function& function_named(const ir::Module& module, std::string_view name) {
  return *std::ranges::find_if(module.functions, [&](const ir::Function& function) {
    return module.text(function.qualified_name) == name;
  });
}

TEST(Lower, CutsWhatIsNestedTooDeeplyAndSaysSo) {
  const ir::Module shallow = lower("x = " + times(50, "(") + "y" + times(50, ")") + "\n");
  EXPECT_TRUE(shallow.cut.empty());
  for (const std::string& deep :
       {"x = " + times(5000, "(") + "y" + times(5000, ")"), "x = " + times(5000, "not ") + "y",
        "x = " + times(5000, "lambda: ") + "y", "x = y" + times(5000, ".y"),
        "x = y" + times(5000, " + y")}) {
    const ir::Module module = lower(deep + "\nz = 1\n");
    ASSERT_FALSE(module.cut.empty()) << deep.substr(0, 20);
    EXPECT_LT(module.cut.front().begin, deep.size());
    EXPECT_TRUE(std::ranges::any_of(module.functions, &ir::Function::is_broken));
    EXPECT_NE(ir::dump(module).find("store z"), std::string::npos) << "what follows is still there";
  }
}

TEST(Lower, ADeepFunctionLeavesItsNeighboursWhole) {
  const ir::Module module = lower("def deep():\n    return " + times(900, "[") + times(900, "]") +
                                  "\n\ndef flat():\n    return 1\n");
  EXPECT_TRUE(function_named(module, "deep").is_broken);
  EXPECT_FALSE(function_named(module, "flat").is_broken);
}

TEST(Lower, ASyntaxErrorBreaksItsFunctionOnly) {
  const ir::Module module = lower("def bad():\n    x = = 1\n\ndef good():\n    return 1\n");
  EXPECT_TRUE(module.has_errors);
  EXPECT_TRUE(function_named(module, "bad").is_broken);
  EXPECT_FALSE(function_named(module, "good").is_broken);
}

TEST(Lower, DeclarationsKeepHeadsAndClassBodies) {
  const std::string text =
      "class Book(Model):\n    name = CharField()\n\n    def save(self, *args):\n        return "
      "other(self)\n";
  const ir::Module module = lower(text, Depth::declarations);
  EXPECT_NE(ir::dump(module).find("store name"), std::string::npos);
  EXPECT_EQ(function_named(module, "Book.save").parameter_count, 2u);
  EXPECT_EQ(function_named(module, "Book.save").instruction_count, 0u);
}

TEST(Lower, KeepsTheCommentsThatSpeakToQuerylint) {
  const std::string text = "a = 1  # querylint: ignore\nb = 2  # a note\n";
  const ir::Module module = lower(text);
  ASSERT_EQ(module.comments.size(), 1u);
  EXPECT_EQ(module.comments[0].begin, text.find("# querylint"));
}

TEST(Lower, RangesLieInTheText) {
  const std::string text =
      "def f(a, *b):\n    with a as c:\n        yield f\"{b!r}\" if c else {**a}\n";
  for (const ir::Instruction& instruction : lower(text).code) {
    EXPECT_LE(instruction.range.begin, instruction.range.end);
    EXPECT_LE(instruction.range.end, text.size());
  }
}

}  // namespace
}  // namespace querylint::lower
