// Paths on the command line: what they say of the report, and paths that are not as they should be.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/process.h"
#include "tests/support/project.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Places = std::vector<std::string>;

const std::string loop =
    "from shop.models import Book\n"
    "\n"
    "\n"
    "def save_all():\n"
    "    for book in Book.objects.all():\n"
    "        book.save()\n";

/// A project with two findings: one in `shop/views.py` whose query is in `shop/queries.py`, and one
/// in `stock/jobs.py`.
class GivenPaths : public testing::Test {
 protected:
  void SetUp() override {
    scratch_.write("manage.py", "");
    scratch_.write("shop/models.py", read_repository_file("examples/bookshop/shop/models.py"));
    scratch_.write(
        "shop/queries.py",
        "from shop.models import Book\n\n\ndef books():\n    return Book.objects.all()\n");
    scratch_.write("shop/views.py",
                   "from shop.queries import books\n\n\ndef names():\n"
                   "    return [book.publisher.name for book in books()]\n");
    scratch_.write("stock/jobs.py", loop);
  }

  Ran check(std::vector<std::string> more) const {
    more.insert(more.begin(), {"check", "--no-cache", "--output-format", "json"});
    return querylint(more, {.folder = scratch_.path()});
  }

  /// The places of the findings that a run prints.
  static Places found(const Ran& ran) {
    Places places;
    const json report = json::parse(ran.out);
    for (const json& one : report.at("diagnostics")) {
      places.push_back(one.at("path").get<std::string>() + ":" +
                       std::to_string(one.at("line").get<int>()));
    }
    return places;
  }

  const Places in_views_ = {"shop/views.py:5"};
  const Places in_jobs_ = {"stock/jobs.py:6"};
  ScratchFolder scratch_;
};

TEST_F(GivenPaths, StandForTheirOwnFindings) {
  EXPECT_EQ(found(check({"shop/views.py"})), in_views_);
  EXPECT_EQ(found(check({"stock"})), in_jobs_);
  EXPECT_EQ(found(check({"."})).size(), 2u);
}

TEST_F(GivenPaths, StandForFindingsElsewhereThatTheyExplain) {
  const Ran ran = check({"shop/queries.py"});
  EXPECT_EQ(found(ran), in_views_) << "the rows of the loop are of this file's query";
  EXPECT_EQ(ran.exit_code, 1);
  scratch_.write("lists/__init__.py", scratch_.read("shop/queries.py"));
  scratch_.write("shop/views.py",
                 "from lists import books\n\n\ndef names():\n"
                 "    return [book.publisher.name for book in books()]\n");
  EXPECT_EQ(found(check({"lists"})), in_views_) << "a folder stands for its files";
}

TEST_F(GivenPaths, SayNothingOfTheRest) {
  EXPECT_EQ(found(check({"shop"})), in_views_);
  const Ran ran = check({"manage.py"});
  EXPECT_EQ(found(ran), Places{});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
}

TEST_F(GivenPaths, WithTheStartOfANameAreNotTheSame) {
  scratch_.write("sto/readme.py", "");
  scratch_.write("stock/jobs", "");
  EXPECT_EQ(found(check({"sto"})), Places{});
}

TEST_F(GivenPaths, MayBeGivenTwice) {
  EXPECT_EQ(found(check({"stock/jobs.py", "./stock/../stock/jobs.py", "stock"})), in_jobs_);
}

TEST_F(GivenPaths, ThatAreExcludedAreReadWhenTheyAreNamed) {
  scratch_.write("querylint.toml", "exclude = [\"stock\"]\n");
  EXPECT_EQ(found(check({"."})), in_views_);
  EXPECT_EQ(found(check({"stock"})), Places{}) << "a folder is no name of a file";
  EXPECT_EQ(found(check({"stock/jobs.py"})), in_jobs_);
  const Ran ran = check({"--force-exclude", "stock/jobs.py"});
  EXPECT_EQ(found(ran), Places{});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.err, "");
}

TEST_F(GivenPaths, ThatGitIgnoresAreReadWhenTheyAreNamed) {
  ASSERT_EQ(run("/usr/bin/git", {"init", "--quiet"}, {.folder = scratch_.path()}).exit_code, 0);
  scratch_.write(".gitignore", "/stock/\n");
  EXPECT_EQ(found(check({"."})), in_views_);
  EXPECT_EQ(found(check({"stock/jobs.py"})), in_jobs_);
  EXPECT_EQ(found(check({"--force-exclude", "stock/jobs.py"})), Places{});
}

TEST_F(GivenPaths, ThatAreGoneAreSaidBesideTheFindingsOfTheOthers) {
  const Ran ran = check({"stock/gone.py", "stock/jobs.py"});
  EXPECT_EQ(found(ran), in_jobs_);
  EXPECT_NE(ran.err.find("stock/gone.py: No such file or directory"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.exit_code, 2);
  const Ran alone = check({"gone.py"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_EQ(alone.out, "");
}

TEST_F(GivenPaths, ThatAreNoPythonAreSaid) {
  std::vector<std::string> paths = {"stock/jobs.py"};
  for (const char* name : {"a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt"}) {
    scratch_.write(name, loop);
    paths.emplace_back(name);
  }
  const Ran ran = check(paths);
  EXPECT_EQ(found(ran), in_jobs_);
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_EQ(ran.err,
            "querylint: not analysed, as their names do not end in .py: "
            "a.txt, b.txt, c.txt, d.txt, e.txt and 2 more\n");
}

TEST_F(GivenPaths, ThatAreLinksStandForTheirFiles) {
  fs::create_symlink(scratch_ / "stock/jobs.py", scratch_ / "jobs_link");
  EXPECT_EQ(found(check({"jobs_link"})), in_jobs_);
  fs::create_symlink("nowhere.py", scratch_ / "dangling.py");
  EXPECT_EQ(check({"dangling.py"}).exit_code, 2);
}

TEST_F(GivenPaths, ThatLeadOutOfTheProjectStayInIt) {
  const ScratchFolder outside;
  outside.write("jobs.py", loop);
  fs::create_symlink(outside / "jobs.py", scratch_ / "stock/more.py");
  EXPECT_EQ(found(check({"stock/more.py"})), Places{"stock/more.py:6"});
}

TEST_F(GivenPaths, ThatHaveNothingInCommonAreRefused) {
  const Ran ran = check({"stock/jobs.py", "/etc/hostname"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_NE(ran.err.find("of no one project"), std::string::npos) << ran.err;
}

TEST_F(GivenPaths, MayBeThousands) {
  std::vector<std::string> paths;
  for (int i = 0; i < 4000; ++i) {
    paths.push_back("many/file" + std::to_string(i) + ".py");
    scratch_.write(paths.back(), "x = 1\n");
  }
  EXPECT_EQ(found(check(paths)), Places{});
  paths.emplace_back("stock/jobs.py");
  EXPECT_EQ(found(check(paths)), in_jobs_);
}

}  // namespace
}  // namespace querylint::tests
