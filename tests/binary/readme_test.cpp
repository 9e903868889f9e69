// What the README shows is what the binary prints.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/process.h"
#include "tests/support/project.h"

namespace querylint::tests {
namespace {

/// What the README prints below a command, in parts between its lines of dots alone.
std::vector<std::string> shown_below(const std::string& readme, const std::string& command) {
  std::vector<std::string> parts = {""};
  const std::size_t begin = readme.find("$ " + command + "\n");
  if (begin == std::string::npos) return {};
  std::istringstream lines(readme.substr(begin));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line != "```") {
    if (line == "...") {
      parts.emplace_back();
    } else {
      parts.back() += line + "\n";
    }
  }
  return parts;
}

std::string without_blank_ends(const std::string& text) {
  const std::size_t begin = text.find_first_not_of('\n');
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of('\n') + 1 - begin);
}

struct Example {
  std::string name;
  std::string command;
  std::string path;
};

class Readme : public testing::TestWithParam<Example> {};

TEST_P(Readme, ShowsWhatIsPrinted) {
  const std::vector<std::string> parts =
      shown_below(read_repository_file("README.md"), GetParam().command);
  ASSERT_FALSE(parts.empty()) << GetParam().command;
  const Ran ran =
      querylint({"check", GetParam().path, "--no-cache"}, {.folder = QUERYLINT_SOURCE_DIR});
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  for (const std::string& part : parts)
    EXPECT_NE(ran.out.find(without_blank_ends(part)), std::string::npos) << part << ran.out;
}

INSTANTIATE_TEST_SUITE_P(Of, Readme,
                         testing::Values(Example{"Django", "./dev lint", "examples/bookshop"},
                                         Example{"SQLAlchemy", "./dev lint examples/bookservice",
                                                 "examples/bookservice"}),
                         [](const auto& example) { return example.param.name; });

}  // namespace
}  // namespace querylint::tests
