// `check --fix` and its kin, as users run them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/process.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view credits =
    "from shop.models import Book\n\n\n"
    "def credits():\n"
    "    return [book.author.name for book in Book.objects.filter(stock=0)]\n";
constexpr std::string_view fixed_credits =
    "from shop.models import Book\n\n\n"
    "def credits():\n"
    "    return [book.author.name for book in "
    "Book.objects.filter(stock=0).select_related(\"author\")]\n";
constexpr std::string_view saves =
    "from shop.models import Book\n\n\n"
    "def save_all():\n"
    "    for book in Book.objects.all():\n"
    "        book.save()\n";

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string out;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    out.append(text.substr(0, at)).append(by);
    text.remove_prefix(at + what.size());
  }
  return out.append(text);
}

class FixTest : public testing::Test {
 protected:
  FixTest() {
    project_.write("shop/models.py", read_repository_file("examples/bookshop/shop/models.py"));
    project_.write("shop/__init__.py", "");
    project_.write("manage.py", "");
  }

  Ran check(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"check", "--no-cache"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return querylint(arguments, {.folder = project_.path()});
  }

  ScratchFolder project_;
};

TEST_F(FixTest, FixesWhatIsSafe) {
  project_.write("shop/views.py", credits);
  const Ran ran = check({"--fix"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  EXPECT_EQ(ran.out, "Fixed 1 problem, none left.\n");
  EXPECT_EQ(project_.read("shop/views.py"), fixed_credits);
  const Ran again = check({"--fix"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, "No problems found.\n");
}

TEST_F(FixTest, SaysWhatIsLeft) {
  project_.write("shop/views.py", credits);
  project_.write("shop/tasks.py", saves);
  const Ran ran = check({"--fix"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.out.find("warning[save-in-loop]"), std::string::npos) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("Fixed 1 problem, 1 left.\n")) << ran.out;
  project_.write("shop/views.py", credits);
  const Ran concise = check({"--fix", "--output-format", "concise"});
  EXPECT_EQ(concise.err, "querylint: fixed 1 problem, 1 left\n");
}

TEST_F(FixTest, ExitsAsItIsTold) {
  project_.write("shop/views.py", credits);
  EXPECT_EQ(check({"--fix", "--exit-non-zero-on-fix"}).exit_code, 1);
  EXPECT_EQ(check({"--fix", "--exit-non-zero-on-fix"}).exit_code, 0);
  EXPECT_EQ(check({"--fix", "--add-ignore"}).exit_code, 2);
}

TEST_F(FixTest, UnsafeFixesAreAskedFor) {
  project_.write("shop/views.py",
                 "from shop.models import Author\n\n\n"
                 "def titles():\n"
                 "    for author in Author.objects.all():\n"
                 "        for book in author.books.all():\n"
                 "            print(book.title)\n");
  const std::string before = project_.read("shop/views.py");
  const Ran safe = check({"--fix"});
  EXPECT_EQ(safe.exit_code, 1);
  EXPECT_NE(safe.out.find("= fix: Add .prefetch_related(\"books\") (--unsafe-fixes)"),
            std::string::npos)
      << safe.out;
  EXPECT_EQ(project_.read("shop/views.py"), before);
  EXPECT_EQ(check({"--unsafe-fixes"}).exit_code, 0);
  EXPECT_EQ(
      project_.read("shop/views.py"),
      replaced(before, ".all():\n        for", ".all().prefetch_related(\"books\"):\n        for"));
}

TEST_F(FixTest, ShowsWhatItWouldDo) {
  project_.write("shop/views.py", credits);
  const Ran ran = check({"--diff-fixes", "shop"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err, "querylint: would fix 1 problem\n");
  EXPECT_EQ(ran.out,
            "--- shop/views.py\n+++ shop/views.py\n@@ -2,4 +2,4 @@\n \n \n def credits():\n"
            "-    return [book.author.name for book in Book.objects.filter(stock=0)]\n"
            "+    return [book.author.name for book in "
            "Book.objects.filter(stock=0).select_related(\"author\")]\n");
  EXPECT_EQ(project_.read("shop/views.py"), credits);
  project_.write("shop/views.py", fixed_credits);
  const Ran clean = check({"--diff-fixes"});
  EXPECT_EQ(clean.exit_code, 0);
  EXPECT_EQ(clean.out, "");
}

TEST_F(FixTest, AddsComments) {
  project_.write("shop/tasks.py", saves);
  project_.write("shop/views.py", credits);
  const Ran ran = check({"--add-ignore"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_EQ(project_.read("shop/tasks.py"),
            replaced(saves, "save()", "save()  # querylint: ignore[save-in-loop]"));
  EXPECT_EQ(project_.read("shop/views.py"),
            replaced(credits, "=0)]", "=0)]  # querylint: ignore[lazy-relation-in-loop]"));
  EXPECT_EQ(check({}).out, "No problems found.\n");
}

TEST_F(FixTest, KeepsBytesThatItDoesNotMean) {
  const std::string marked = "\xEF\xBB\xBF" + replaced(credits, "\n", "\r\n");
  const std::string expected = "\xEF\xBB\xBF" + replaced(fixed_credits, "\n", "\r\n");
  project_.write("shop/views.py", marked);
  const std::string latin = "# -*- coding: latin-1 -*-\n# caf\xE9 \xFF\n";
  project_.write("shop/latin.py", latin + std::string(credits));
  project_.write("shop/tool.py", credits);
  ASSERT_EQ(chmod((project_ / "shop/tool.py").c_str(), 0750), 0);
  ASSERT_EQ(symlink("tool.py", (project_ / "shop/link.py").c_str()), 0);
  check({"--fix"});
  EXPECT_EQ(project_.read("shop/views.py"), expected);
  EXPECT_EQ(project_.read("shop/latin.py"), latin + std::string(fixed_credits));
  EXPECT_EQ(project_.read("shop/tool.py"), fixed_credits);
  EXPECT_TRUE(fs::is_symlink(project_ / "shop/link.py"));
  struct stat status{};
  ASSERT_EQ(stat((project_ / "shop/tool.py").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0750u);
}

TEST_F(FixTest, LeavesOtherFilesAlone) {
  const std::string generated = "# Generated by a tool. DO NOT EDIT.\n" + std::string(credits);
  project_.write("shop/generated.py", generated);
  project_.write("shop/migrations/0001_initial.py", credits);
  project_.write("shop/other.py", credits);
  project_.write("shop/views.py", credits);
  check({"--fix", "shop/views.py", "shop/generated.py", "shop/migrations"});
  EXPECT_EQ(project_.read("shop/generated.py"), generated);
  EXPECT_EQ(project_.read("shop/migrations/0001_initial.py"), credits);
  EXPECT_EQ(project_.read("shop/other.py"), credits) << "it was not given";
  EXPECT_EQ(project_.read("shop/views.py"), fixed_credits);
}

}  // namespace
}  // namespace querylint::tests
