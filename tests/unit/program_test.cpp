// Module names and source roots. See tests/cases/stages/link.md for the rest of linking.
#include "analyzer/program/program.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/lower/python.h"
#include "analyzer/program/module_names.h"
#include "tests/support/project.h"

namespace querylint::program {
namespace {

using Names = std::vector<std::string>;

TEST(Names, OfTheTableBelowMayBecomeMore) {
  base::Names below;
  const base::Name book = below.intern("book");
  base::Names above(&below);
  const base::Name author = above.intern("author");
  const base::Name editor = below.intern("editor");
  EXPECT_EQ(above.find("book"), book);
  EXPECT_EQ(above.find("editor"), editor);
  EXPECT_EQ(above.text(author), "author");
  EXPECT_EQ(above.text(editor), "editor");
  EXPECT_TRUE(above.has_added("author"));
  EXPECT_FALSE(above.has_added("editor"));
}

TEST(ModuleNames, FollowTheFolders) {
  EXPECT_EQ(module_names("shop/models.py", {""}), Names{"shop.models"});
  EXPECT_EQ(module_names("shop/__init__.py", {""}), Names{"shop"});
  EXPECT_EQ(module_names("src/shop/a.py", {"src", ""}), (Names{"shop.a", "src.shop.a"}));
}

TEST(ModuleNames, AreNotThereForARoot) {
  EXPECT_EQ(module_names("__init__.py", {""}), Names{});
  EXPECT_EQ(module_names("src/__init__.py", {"src"}), Names{});
}

TEST(SourceRoots, ShowThemselves) {
  EXPECT_EQ(source_roots({"shop/__init__.py", "shop/models.py"}, {}), Names{""});
  EXPECT_EQ(source_roots({"backend/manage.py", "backend/shop/__init__.py"}, {}).front(), "backend");
  EXPECT_EQ(source_roots({"src/shop/__init__.py"}, {}).front(), "src");
}

TEST(SourceRoots, GivenOnesComeFirst) {
  EXPECT_EQ(source_roots({"lib/a/b.py", "src/c.py"}, {"lib/a"}).front(), "lib/a");
}

TEST(Link, DoesNotDependOnTheOrderOfFiles) {
  const tests::Files files = {{"a.py", "from b import B\n\nclass A(B): pass\n"},
                              {"b.py", "from a import *\n\nclass B: pass\n"},
                              {"c/__init__.py", "from a import A\nfrom .d import D\n"},
                              {"c/d.py", "import a\n\nclass D(a.A, a.B): pass\n"}};
  const auto lower = [](const std::string& text) {
    return std::make_shared<const ir::Module>(
        lower::lower_python(syntax::PythonParser().parse(text), text));
  };
  std::vector<Source> sources;
  for (const auto& [path, text] : files) sources.push_back({path, lower(text)});
  const auto all = [](const std::string&) { return true; };
  const std::string expected = dump(link(sources), all);
  std::ranges::reverse(sources);
  EXPECT_EQ(dump(link(sources), all), expected);
  std::swap(sources[0], sources[2]);
  EXPECT_EQ(dump(link(sources), all), expected);
}

}  // namespace
}  // namespace querylint::program
