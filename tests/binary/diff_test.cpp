// `--diff`: what a change adds, in real repositories.
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

const std::string head = "from shop.models import Author, Book\n\n\n";

std::string saving(const std::string& name) {
  return "def " + name + "():\n    for book in Book.objects.all():\n        book.save()\n\n\n";
}

/// A repository whose first commit has one finding, in `shop/views.py`.
class Diff : public testing::Test {
 protected:
  void SetUp() override {
    git({"init", "--quiet", "--initial-branch=main"});
    git({"config", "user.name", "ä"});
    git({"config", "user.email", "a@localhost"});
    scratch_.write("shop/models.py", read_repository_file("examples/bookshop/shop/models.py"));
    scratch_.write("shop/views.py", head + saving("old"));
    commit("first");
  }

  std::string git(std::vector<std::string> arguments) const {
    const Ran ran = run("/usr/bin/git", arguments, {.folder = scratch_.path()});
    EXPECT_EQ(ran.exit_code, 0) << arguments.front() << ": " << ran.err;
    return ran.out;
  }
  void commit(const std::string& message) const {
    git({"add", "--all"});
    git({"commit", "--quiet", "-m", message});
  }

  Ran check(std::vector<std::string> more, const std::string& folder = "") const {
    std::vector<std::string> arguments = {"check", "--output-format", "json", "--no-cache"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return querylint(arguments, {.folder = folder.empty() ? scratch_.path() : folder});
  }

  /// `path:line rule` of each finding; the exit code has to fit.
  std::string added(std::vector<std::string> more = {"--diff", "HEAD"}) const {
    const Ran ran = check(std::move(more));
    std::string out;
    const json report = json::parse(ran.out);
    for (const json& one : report.at("diagnostics")) {
      out += one.at("path").get<std::string>() + ":" + std::to_string(one.at("line").get<int>()) +
             " " + one.at("rule").get<std::string>() + "\n";
    }
    EXPECT_EQ(ran.exit_code, out.empty() ? 0 : 1) << ran.err;
    return out;
  }

  ScratchFolder scratch_;
};

TEST_F(Diff, WhatWasThereIsNotNewWhereverItMoves) {
  scratch_.write("shop/views.py", head + "x = 1\n\n\n" + saving("fresh") + saving("old"));
  EXPECT_EQ(added(), "shop/views.py:9 save-in-loop\n");
  EXPECT_EQ(added({}), "shop/views.py:9 save-in-loop\nshop/views.py:14 save-in-loop\n");
  const Ran full =
      querylint({"check", "--no-cache", "--diff", "HEAD"}, {.folder = scratch_.path()});
  EXPECT_NE(full.out.find("note: 1 problem that HEAD has too: not reported\n"), std::string::npos)
      << full.out;
}

TEST_F(Diff, NothingChangedIsNothingNew) { EXPECT_EQ(added(), ""); }

TEST_F(Diff, OfAlikeFindingsAsManyAreKnownAsThereWere) {
  const std::string loop = "    for book in Book.objects.all():\n        book.save()\n";
  scratch_.write("shop/views.py", head + "def old():\n" + loop + loop + loop);
  EXPECT_EQ(added(), "shop/views.py:8 save-in-loop\nshop/views.py:10 save-in-loop\n");
}

TEST_F(Diff, SilencingOneOfTwoAlikeMakesNoneNew) {
  const std::string loop = "    for book in Book.objects.all():\n        book.save()\n";
  scratch_.write("shop/views.py", head + "def old():\n" + loop + loop);
  commit("two");
  const std::string silent =
      "    for book in Book.objects.all():\n        book.save()  # querylint: ignore\n";
  scratch_.write("shop/views.py", head + "def old():\n" + silent + loop);
  EXPECT_EQ(added(), "");
}

TEST_F(Diff, ARenamedFileHasNothingNew) {
  scratch_.write("shop/api/deep/handlers.py", scratch_.read("shop/views.py"));
  fs::remove(scratch_ / "shop/views.py");
  EXPECT_EQ(added(), "");
  scratch_.write("shop/api/deep/handlers.py", head + saving("old") + saving("fresh"));
  EXPECT_EQ(added(), "shop/api/deep/handlers.py:11 save-in-loop\n");
}

TEST_F(Diff, ACopyIsNew) {
  scratch_.write("shop/copy.py", scratch_.read("shop/views.py"));
  EXPECT_EQ(added(), "shop/copy.py:6 save-in-loop\n");
}

TEST_F(Diff, AnUnchangedLineIsNewWhenAnotherFileMakesItSlow) {
  scratch_.write("shop/queries.py",
                 "from shop.models import Book\n\n\ndef books():\n"
                 "    return Book.objects.select_related(\"publisher\")\n");
  scratch_.write("shop/report.py",
                 "from shop.queries import books\n\n\ndef names():\n"
                 "    return [book.publisher.name for book in books()]\n");
  commit("fast");
  EXPECT_EQ(added(), "");
  scratch_.write("shop/queries.py",
                 "from shop.models import Book\n\n\ndef books():\n"
                 "    return Book.objects.all()\n");
  EXPECT_EQ(added(), "shop/report.py:5 lazy-relation-in-loop\n");
}

TEST_F(Diff, StaleSuppressionsAreComparedToo) {
  scratch_.write("shop/stale.py", "x = 1  # querylint: ignore\n");
  commit("stale");
  EXPECT_EQ(added(), "");
  scratch_.write("shop/views.py", head + "y = 1  # querylint: ignore\n");
  EXPECT_EQ(added(), "shop/views.py:4 unused-suppression\n");
}

TEST_F(Diff, OfAProjectThatIsAFolderOfTheRepository) {
  scratch_.write("inner/pyproject.toml", "[tool.querylint]\n");
  scratch_.write("inner/shop/models.py", scratch_.read("shop/models.py"));
  scratch_.write("inner/shop/views.py", head + saving("old"));
  commit("inner");
  scratch_.write("inner/shop/views.py", head + saving("old") + saving("fresh"));
  const Ran ran = check({"--diff", "HEAD"}, scratch_ / "inner");
  const json found = json::parse(ran.out).at("diagnostics");
  ASSERT_EQ(found.size(), 1u) << ran.out;
  EXPECT_EQ(found[0].at("path"), "shop/views.py");
  EXPECT_EQ(found[0].at("line"), 11);
}

TEST_F(Diff, OnlyGivenPathsAreReported) {
  scratch_.write("shop/views.py", head + saving("fresh"));
  scratch_.write("shop/more.py", head + saving("more"));
  EXPECT_EQ(added({"--diff", "HEAD", "shop/more.py"}), "shop/more.py:6 save-in-loop\n");
}

TEST_F(Diff, LinksToFilesAreTheFilesOnBothSides) {
  fs::create_directories(scratch_ / "other");
  fs::create_symlink("../shop/views.py", scratch_ / "other/link.py");
  fs::create_symlink("link.py", scratch_ / "other/link_to_link.py");
  fs::create_symlink("nowhere.py", scratch_ / "other/dangling.py");
  commit("links");
  EXPECT_EQ(added(), "");
}

TEST_F(Diff, ThreeDotsMeanTheCommitWhereHeadLeft) {
  git({"checkout", "--quiet", "-b", "topic"});
  scratch_.write("shop/topic.py", head + saving("topic"));
  commit("topic");
  git({"checkout", "--quiet", "main"});
  scratch_.write("shop/views.py", head);
  commit("mended");
  git({"checkout", "--quiet", "topic"});
  EXPECT_EQ(added({"--diff", "main"}),
            "shop/topic.py:6 save-in-loop\nshop/views.py:6 save-in-loop\n");
  EXPECT_EQ(added({"--diff", "main..."}), "shop/topic.py:6 save-in-loop\n");
}

TEST_F(Diff, BothSidesComeFromTheCache) {
  scratch_.write("shop/views.py", head + saving("fresh") + saving("old"));
  const ScratchFolder cache;
  const auto checked = [&] {
    return querylint(
        {"check", "--output-format", "json", "--cache-dir", cache.path(), "--diff", "HEAD"},
        {.folder = scratch_.path()});
  };
  const Ran first = checked();
  EXPECT_EQ(first.exit_code, 1);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(checked().out, first.out);
  EXPECT_EQ(added(), "shop/views.py:6 save-in-loop\n");
}

/// Exit code 2, no report, and a message that says this.
void expect_refused(const Ran& ran, const std::string& message) {
  EXPECT_EQ(ran.exit_code, 2) << ran.out;
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find(message), std::string::npos) << ran.err;
}

TEST_F(Diff, ARevisionThatIsNotThere) {
  for (const std::string name : {"no-such", "--all", "HEAD..main", "HEAD:shop"}) {
    expect_refused(check({"--diff=" + name}), "--diff " + name + ": there is no such revision\n");
  }
}

TEST_F(Diff, OutsideOfARepository) {
  const ScratchFolder bare;
  bare.write("a.py", "x = 1\n");
  expect_refused(check({"--diff", "HEAD"}, bare.path()),
                 "--diff needs a git repository: not a git");
}

TEST_F(Diff, WithoutGit) {
  const Ran ran = querylint({"check", "--no-cache", "--diff", "HEAD"},
                            {.folder = scratch_.path(), .environment = {{"PATH", "/nowhere"}}});
  expect_refused(ran, "--diff needs git, which is not installed\n");
}

TEST_F(Diff, AShallowCloneSaysWhatItLacks) {
  const std::string first = git({"rev-parse", "HEAD"});
  scratch_.write("shop/views.py", head);
  commit("second");
  const ScratchFolder place;
  git({"clone", "--quiet", "--depth=1", "file://" + scratch_.path(), place / "clone"});
  const Ran ran = check({"--diff", first.substr(0, first.find('\n'))}, place / "clone");
  expect_refused(ran, "there is no such revision; this clone is shallow: `git fetch --unshallow`");
}

}  // namespace
}  // namespace querylint::tests
