// When a whole run is taken from the cache, and when it must not be.
#include "driver/memory.h"

#include <gtest/gtest.h>

#include "tests/support/scratch.h"

namespace querylint::driver {
namespace {

using tests::ScratchFolder;

class MemoryTest : public testing::Test {
 protected:
  template <typename Ask>
  auto with(std::map<std::string, std::string> files, Ask ask) {
    MemoryDisk disk(std::move(files));
    Cache cache(folder_.path());
    input_.disk = &disk;
    input_.cache = &cache;
    return ask(Memory(input_, read(input_)));
  }

  /// Whether the cache answers for these files, asked as `input_` says.
  bool knows(std::map<std::string, std::string> files) {
    return with(std::move(files), [](const Memory& memory) { return memory.find().has_value(); });
  }

  void keep(std::map<std::string, std::string> files, const Outcome& outcome = {}) {
    with(std::move(files), [&](const Memory& memory) {
      memory.keep(outcome, {"a notice"});
      return true;
    });
  }

  ScratchFolder folder_;
  Input input_;
};

TEST_F(MemoryTest, OnlyTheSameTextsAreKnown) {
  keep({{"a.py", "x = 1"}, {"b.py", ""}});
  EXPECT_TRUE(knows({{"a.py", "x = 1"}, {"b.py", ""}}));
  EXPECT_FALSE(knows({{"a.py", "x = 2"}, {"b.py", ""}}));
  EXPECT_FALSE(knows({{"a.py", "x = 1"}}));
  EXPECT_FALSE(knows({{"a.py", "x = 1"}, {"c.py", ""}}));
  EXPECT_FALSE(knows({{"a.py", ""}, {"b.py", "x = 1"}}));
}

TEST_F(MemoryTest, SettingsCount) {
  keep({{"a.py", ""}});
  input_.config.per_path_ignores = {{"a.py", {"loops"}}};
  EXPECT_FALSE(knows({{"a.py", ""}}));
  input_.config = {};
  input_.selection.rules = {true};
  EXPECT_FALSE(knows({{"a.py", ""}}));
  input_.selection = {};
  EXPECT_TRUE(knows({{"a.py", ""}}));
}

TEST_F(MemoryTest, TheLastRunOnAProjectReplacesTheOneBefore) {
  keep({{"a.py", "1"}});
  keep({{"a.py", "2"}});
  EXPECT_FALSE(knows({{"a.py", "1"}}));
  EXPECT_TRUE(knows({{"a.py", "2"}}));
}

TEST_F(MemoryTest, RunsOfDifferentNamesDoNotReplaceEachOther) {
  keep({{"a.py", "1"}});
  input_.name = "revision";
  keep({{"a.py", "2"}});
  EXPECT_TRUE(knows({{"a.py", "2"}}));
  input_.name = "";
  EXPECT_TRUE(knows({{"a.py", "1"}}));
}

TEST_F(MemoryTest, EverythingComesBack) {
  diagnostics::Diagnostic finding;
  finding.rule = "save-in-loop";
  finding.family = "loops";
  finding.severity = diagnostics::Severity::error;
  finding.certainty = diagnostics::Certainty::likely;
  finding.message = "N UPDATE statements";
  finding.place = {"a.py", {1, 2}};
  finding.related = {{{"b.py", {3, 4}}, "in this loop"}};
  finding.flow = {{{"c.py", {5, 6}}, "from here"}};
  finding.fixes = {{"Write once", diagnostics::Safety::safe, {{{"d.py", {7, 8}}, "update()"}}}};
  finding.function = "f";
  finding.cause = {"save-in-loop", {"a.py", {1, 2}}, "cause"};
  finding.moot = {{"update-in-loop", {"f.py", {13, 14}}, "another"}};
  finding.fingerprint = "0123";
  finding.rests_on_parameter = true;
  Outcome outcome;
  outcome.diagnostics = {finding};
  outcome.unused_suppressions = {{{"e.py", {9, 10}}, true, {"loops"}}};
  outcome.followed = 11;
  outcome.cut = 12;
  keep({{"a.py", ""}}, outcome);
  const auto found = with({{"a.py", ""}}, [](const Memory& memory) { return memory.find(); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->notices, std::vector<std::string>{"a notice"});
  EXPECT_EQ(found->outcome.followed, 11u);
  EXPECT_EQ(found->outcome.cut, 12u);
  const diagnostics::Suppression& suppression = found->outcome.unused_suppressions.at(0);
  EXPECT_EQ(suppression.place, (diagnostics::Place{"e.py", {9, 10}}));
  EXPECT_TRUE(suppression.whole_file);
  EXPECT_EQ(suppression.names, std::vector<std::string>{"loops"});
  const diagnostics::Diagnostic& back = found->outcome.diagnostics.at(0);
  EXPECT_EQ(back.rule, finding.rule);
  EXPECT_EQ(back.family, finding.family);
  EXPECT_EQ(back.severity, finding.severity);
  EXPECT_EQ(back.certainty, finding.certainty);
  EXPECT_EQ(back.message, finding.message);
  EXPECT_EQ(back.place, finding.place);
  EXPECT_EQ(back.related, finding.related);
  EXPECT_EQ(back.flow, finding.flow);
  EXPECT_EQ(back.fixes, finding.fixes);
  EXPECT_EQ(back.function, finding.function);
  EXPECT_EQ(back.cause, finding.cause);
  EXPECT_EQ(back.moot, finding.moot);
  EXPECT_EQ(back.fingerprint, finding.fingerprint);
  EXPECT_TRUE(back.rests_on_parameter);
}

}  // namespace
}  // namespace querylint::driver
