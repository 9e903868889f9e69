// The generator that turns rule pages into C++.
#include <gtest/gtest.h>

#include <map>

#include "tests/support/process.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

const std::string good =
    "---\n"
    "severity: warning\n"
    "default: on\n"
    "wants: execution saved created\n"
    "message: {what} costs {what} and {more}.\n"
    "---\n"
    "# slow-thing\n"
    "\n"
    "Things are slow,\n"
    "one by one.\n"
    "\n"
    "## Bad\n";

Ran generate(const ScratchFolder& scratch, const std::string& page) {
  scratch.write("family/slow_thing.md", page);
  return run(QUERYLINT_GENERATOR, {scratch / "out", scratch / "family/slow_thing.md"});
}

std::string without(std::string text, std::string_view part) {
  return text.erase(text.find(part), part.size());
}

TEST(Generator, MakesAMessageOfThePage) {
  const ScratchFolder scratch;
  ASSERT_EQ(generate(scratch, good).exit_code, 0);
  const std::string header = scratch.read("out/slow_thing.h");
  EXPECT_NE(header.find("namespace querylint::rules::family {"), std::string::npos);
  EXPECT_NE(header.find("struct SlowThing {\n  Text what;\n  Text more;\n"), std::string::npos)
      << header;
  const std::string table = scratch.read("out/all_rules.cpp");
  EXPECT_NE(table.find("\"slow-thing\", \"family\", diagnostics::Severity::warning, true"),
            std::string::npos);
  EXPECT_NE(table.find("Things are slow, one by one."), std::string::npos);
  EXPECT_NE(table.find("bit(flow::Cause::saved) | bit(flow::Cause::created), 0"),
            std::string::npos);
}

TEST(Generator, RefusesPagesThatLackSomething) {
  for (const std::string_view part :
       {"---\nseverity", "severity: warning\n", "default: on\n", "wants: execution saved created\n",
        "message: {what} costs {what} and {more}.\n", "# slow-thing\n",
        "Things are slow,\none by one.\n"}) {
    const ScratchFolder scratch;
    const Ran ran = generate(scratch, without(good, part));
    EXPECT_EQ(ran.exit_code, 1) << part;
    EXPECT_NE(ran.err.find("slow_thing.md: "), std::string::npos)
        << "the place is named: " << ran.err;
  }
}

TEST(Generator, RefusesValuesThatMeanNothing) {
  for (const auto& [part, slip] :
       std::map<std::string, std::string>{{"default: on", "default: yes"},
                                          {"execution saved created", "executions saved"},
                                          {"execution saved", "trace saved"},
                                          {" saved created", ""}}) {
    const ScratchFolder scratch;
    std::string page = good;
    page.replace(page.find(part), part.size(), slip);
    EXPECT_EQ(generate(scratch, page).exit_code, 1) << slip;
  }
}

TEST(Generator, RefusesATitleThatIsNotTheName) {
  const ScratchFolder scratch;
  std::string page = good;
  page.replace(page.find("slow-thing"), 10, "slow-other");
  EXPECT_EQ(generate(scratch, page).exit_code, 1);
}

}  // namespace
}  // namespace querylint::tests
