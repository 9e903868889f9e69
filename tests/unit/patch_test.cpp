// A linked program that gets newer versions of its files.
#include "analyzer/program/patch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/lower/python.h"

namespace querylint::program {
namespace {

using Texts = std::map<std::string, std::string>;
using Names = std::vector<std::string>;

std::shared_ptr<const ir::Module> lowered(const std::string& text) {
  return std::make_shared<const ir::Module>(
      lower::lower_python(syntax::PythonParser().parse(text), text));
}

Program linked(const Texts& files) {
  std::vector<Source> sources;
  for (const auto& [path, text] : files) sources.push_back({path, lowered(text)});
  return link(std::move(sources));
}

std::string qualified_name(const Program& program, FunctionId id) {
  const Function& function = program.function(id);
  return std::string(program.unit(function.unit).module->text(function.code->qualified_name));
}

/// Nowhere where it is not found.
FunctionId called(const Program& program, const std::string& name) {
  for (std::uint32_t i = 0; i < program.functions.size(); ++i) {
    const bool is_there = program.functions[i].name && qualified_name(program, {i}) == name;
    if (is_there) return {i};
  }
  return {};
}

/// The changed functions that are still there, by name.
Names changed(const Program& program, const Patch& patch) {
  Names names;
  for (const FunctionId id : patch.functions) {
    if (program.function(id).name) names.push_back(qualified_name(program, id));
  }
  std::ranges::sort(names);
  return names;
}

std::string everything(const Program& program) {
  return dump(program, [](const std::string&) { return true; });
}

const std::string plain =
    "def f(x):\n"
    "    return x\n"
    "\n"
    "def g(x):\n"
    "    return f(x)\n";
const std::string nested =
    "def f(x):\n"
    "    def inner(y):\n"
    "        return sorted(y, key=lambda row: row.id)\n"
    "    return inner(x)\n"
    "\n"
    "def g(x):\n"
    "    return f(x)\n";

TEST(Patch, InnerFunctionsComeAndGo) {
  Program program = linked({{"a.py", plain}, {"b.py", plain}});
  Patches patches(program);
  const FunctionId g = called(program, "g");
  const auto come = patches.apply(program, {0}, lowered(nested));
  ASSERT_TRUE(come.has_value());
  EXPECT_EQ(changed(program, *come), (Names{"f", "f.inner", "f.inner.<lambda>"}));
  EXPECT_EQ(called(program, "g"), g);
  EXPECT_EQ(program.function(called(program, "f.inner")).parent, called(program, "f"));
  EXPECT_EQ(everything(program), everything(linked({{"a.py", nested}, {"b.py", plain}})));
  const auto gone = patches.apply(program, {0}, lowered(plain));
  ASSERT_TRUE(gone.has_value());
  EXPECT_EQ(changed(program, *gone), Names{"f"});
  EXPECT_EQ(gone->functions.size(), 3u);
  EXPECT_FALSE(called(program, "f.inner"));
  EXPECT_EQ(everything(program), everything(linked({{"a.py", plain}, {"b.py", plain}})));
}

TEST(Patch, NumbersOfInnerFunctionsAreUsedAgain) {
  Program program = linked({{"a.py", plain}});
  Patches patches(program);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(patches.apply(program, {0}, lowered(nested)));
    ASSERT_TRUE(patches.apply(program, {0}, lowered(plain)));
  }
}

TEST(Patch, TooManyInnerFunctionsNeedLinking) {
  Program program = linked({{"a.py", plain}});
  std::string text = "def f(x):\n    return [";
  for (int i = 0; i < 50; ++i) text += "lambda: x, ";
  text += "]\n\ndef g(x):\n    return f(x)\n";
  EXPECT_FALSE(Patches(program).apply(program, {0}, lowered(text)));
  EXPECT_EQ(everything(program), everything(linked({{"a.py", plain}})));
}

TEST(Patch, DecoratedInnerFunctionsNeedLinking) {
  Program program = linked({{"a.py", plain}});
  const std::string text =
      "def f(x):\n    @receiver(saved)\n    def inner(y):\n        return y\n    return x\n\n"
      "def g(x):\n    return f(x)\n";
  EXPECT_FALSE(Patches(program).apply(program, {0}, lowered(text)));
}

TEST(Patch, ImportsOfFunctionsComeAndGo) {
  const std::string used = "def helper():\n    return 1\n";
  const std::string before = "def f():\n    return 1\n";
  const std::string after = "def f():\n    import b\n    from os import path\n    return 1\n";
  Program program = linked({{"a.py", before}, {"b.py", used}});
  Patches patches(program);
  const FunctionId helper = called(program, "helper");
  EXPECT_FALSE(program.is_out_of_use(helper));  // nobody imports the file: it may be run itself
  const auto come = patches.apply(program, {0}, lowered(after));
  ASSERT_TRUE(come.has_value());
  EXPECT_TRUE(come->is_use_changed);
  EXPECT_TRUE(program.is_out_of_use(helper));
  EXPECT_EQ(program.imported({0}, "os", "path").kind, Symbol::Kind::external);
  const auto gone = patches.apply(program, {0}, lowered(before));
  ASSERT_TRUE(gone.has_value());
  EXPECT_TRUE(gone->is_use_changed);
  EXPECT_FALSE(program.is_out_of_use(helper));
}

TEST(Patch, TellsOfOtherAttributesOfAnObject) {
  const std::string before =
      "class A:\n    def fill(self):\n        self.a = 1\n\n    def read(self):\n"
      "        return self.a\n";
  std::string after = before;
  after.replace(after.find("self.a = 1"), 10, "self.b = 1");
  std::string equal = before;
  equal.replace(equal.find("self.a = 1"), 10, "self.a = 2");
  Program program = linked({{"a.py", before}});
  Patches patches(program);
  const auto same = patches.apply(program, {0}, lowered(equal));
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(changed(program, *same), Names{"A.fill"});
  EXPECT_TRUE(same->setters.empty());
  const auto other = patches.apply(program, {0}, lowered(after));
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(changed(program, *other), (Names{"A", "A.fill"}));
  EXPECT_EQ(other->setters, std::vector{called(program, "A.fill")});
}

}  // namespace
}  // namespace querylint::program
