// A baseline in use: what it hides, when it shrinks, and files that are none.
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
using Arguments = std::vector<std::string>;

const std::string head = "from shop.models import Author, Book\n\n\n";

std::string saving(const std::string& name) {
  return "def " + name + "():\n    for book in Book.objects.all():\n        book.save()\n\n\n";
}

/// A project with two findings, one in each of two files, and a baseline that knows them.
class BaselineFile : public testing::Test {
 protected:
  void SetUp() override {
    scratch_.write("pyproject.toml", "[tool.querylint]\n");
    scratch_.write("shop/models.py", read_repository_file("examples/bookshop/shop/models.py"));
    scratch_.write("shop/views.py", head + saving("view"));
    scratch_.write("shop/jobs.py", head + saving("job"));
    const Ran ran = check({"--write-baseline", "known.json"});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_EQ(ran.out, "Wrote 2 problems to known.json.\n");
    EXPECT_EQ(names(), (Arguments{"job", "view"}));
  }

  Ran check(Arguments more, std::map<std::string, std::string> environment = {}) const {
    Arguments arguments = {"check", "--no-cache"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return querylint(arguments, {.folder = scratch_.path(), .environment = environment});
  }

  /// The functions that the baseline knows a problem of, in its order.
  Arguments names() const {
    const json text = json::parse(scratch_.read("known.json"));
    Arguments names;
    for (const auto& [path, problems] : text.at("problems").items()) {
      for (const json& problem : problems) names.push_back(problem.at("function"));
    }
    return names;
  }

  void mend_job() const { scratch_.write("shop/jobs.py", head); }

  ScratchFolder scratch_;
};

TEST_F(BaselineFile, HidesWhatItKnowsAndSaysHowMuch) {
  const std::string before = scratch_.read("known.json");
  scratch_.write("shop/views.py", head + "x = 1\n\n\n" + saving("fresh") + saving("view"));
  const Ran ran = check({"--baseline", "known.json"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.out.find("shop/views.py:9:"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("note: 2 problems that known.json knows: not reported\n"
                         "Found 1 problem in 1 file.\n"),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(scratch_.read("known.json"), before);
}

TEST_F(BaselineFile, WithNothingElseTheRunIsClean) {
  const Ran ran = check({"--baseline", "known.json", "--output-format", "concise"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "querylint: 2 problems that known.json knows: not reported\n");
}

TEST_F(BaselineFile, OfTheConfigurationHoldsFromEveryFolder) {
  scratch_.write("pyproject.toml", "[tool.querylint]\nbaseline = \"known.json\"\n");
  EXPECT_EQ(check({}).exit_code, 0);
  const Ran inside = querylint({"check", "--no-cache", "."}, {.folder = scratch_ / "shop"});
  EXPECT_EQ(inside.exit_code, 0) << inside.out;
  EXPECT_NE(inside.out.find("2 problems that ../known.json knows"), std::string::npos)
      << inside.out;
  EXPECT_EQ(check({"--no-baseline"}).exit_code, 1);
  EXPECT_EQ(check({"--no-baseline", "--baseline", "known.json"}).exit_code, 2);
}

TEST_F(BaselineFile, ShrinksByItself) {
  mend_job();
  const Ran ran = check({"--baseline", "known.json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find("note: 1 mended problem taken out of known.json\n"), std::string::npos)
      << ran.out;
  EXPECT_EQ(names(), (Arguments{"view"}));
  const std::string shrunk = scratch_.read("known.json");
  EXPECT_EQ(check({"--write-baseline", "anew.json"}).exit_code, 0);
  EXPECT_EQ(scratch_.read("anew.json"), shrunk);
}

TEST_F(BaselineFile, StaysAsItIsWhereAPartIsReported) {
  mend_job();
  const std::string before = scratch_.read("known.json");
  for (const Arguments& part : {Arguments{"shop/views.py"}, Arguments{"shop"},
                                Arguments{"--select", "loading"}, Arguments{"--ignore", "loops"}}) {
    Arguments arguments = {"--baseline", "known.json"};
    arguments.insert(arguments.end(), part.begin(), part.end());
    EXPECT_EQ(check(arguments).exit_code, 0);
    EXPECT_EQ(scratch_.read("known.json"), before) << part.front();
  }
}

TEST_F(BaselineFile, StaysAsItIsInCi) {
  mend_job();
  const std::string before = scratch_.read("known.json");
  const Ran ran = check({"--baseline", "known.json"}, {{"CI", "true"}});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find("note: 1 mended problem left in known.json, which CI does not change\n"),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(scratch_.read("known.json"), before);
}

TEST_F(BaselineFile, StaysAsItIsWhenTheRulesAreOthers) {
  const std::string before = scratch_.read("known.json");
  scratch_.write("pyproject.toml", "[tool.querylint]\nselect = [\"counting\"]\n");
  const Ran ran = check({"--baseline", "known.json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.out.find(
                "note: 2 problems of known.json not found, but left in it: its rules were others"),
            std::string::npos)
      << ran.out;
  EXPECT_EQ(scratch_.read("known.json"), before);
}

TEST_F(BaselineFile, StaysAsItIsWhenAFileCannotBeRead) {
  const std::string before = scratch_.read("known.json");
  scratch_.write("shop/jobs.py", std::string("\xFF\xFEx\0", 4));
  EXPECT_EQ(check({"--baseline", "known.json"}).exit_code, 0);
  EXPECT_EQ(scratch_.read("known.json"), before);
}

TEST_F(BaselineFile, IsWrittenForTheWholeProject) {
  const std::string before = scratch_.read("known.json");
  const Ran ran = check({"shop/views.py", "--write-baseline", "known.json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(scratch_.read("known.json"), before);
}

TEST_F(BaselineFile, LeavesNothingBesideIt) {
  mend_job();
  check({"--baseline", "known.json"});
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(scratch_.path())) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == "known.json" || name == "pyproject.toml" || name == "shop") << name;
    ++count;
  }
  EXPECT_EQ(count, 3u);
}

TEST_F(BaselineFile, ThatIsNoneIsAnError) {
  const auto expect_error = [&](const std::string& file, const std::string& error) {
    const Ran ran = check({"--baseline", file});
    EXPECT_EQ(ran.exit_code, 2) << file;
    EXPECT_EQ(ran.out, "") << file;
    EXPECT_EQ(ran.err, "querylint: " + file + error) << file;
  };
  scratch_.write("broken.json", "{\n  \"version\": 1,\n}");
  expect_error("broken.json", ":3:1: this is no JSON: unexpected '}'; expected string literal\n");
  expect_error("no.json", ": there is no such file; `--write-baseline no.json` writes it\n");
  expect_error("shop", ": Is a directory\n");
  EXPECT_EQ(scratch_.read("broken.json"), "{\n  \"version\": 1,\n}");
}

TEST_F(BaselineFile, ThatCannotBeWrittenIsAnError) {
  const Ran ran = check({"--write-baseline", "no/such/known.json"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("no/such/known.json: No such file or directory"), std::string::npos)
      << ran.err;
}

}  // namespace
}  // namespace querylint::tests
