// What the pages for people refer to is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/support/cases.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;

/// The targets of a page's relative links, without what they name inside of the target. What stands
/// in fences is code.
std::vector<std::string> links_of(const std::string& text) {
  constexpr std::string_view mark = "](";
  std::vector<std::string> links;
  std::istringstream lines(text);
  bool in_fence = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) in_fence = !in_fence;
    if (in_fence) continue;
    for (std::size_t at = line.find(mark); at != std::string::npos; at = line.find(mark, at + 1)) {
      const std::size_t begin = at + mark.size();
      const std::string link = line.substr(begin, line.find_first_of("#)", begin) - begin);
      if (!link.empty() && link.find("://") == std::string::npos) links.push_back(link);
    }
  }
  return links;
}

TEST(Docs, LinksLeadSomewhere) {
  const fs::path folder = fs::path(QUERYLINT_SOURCE_DIR) / "docs";
  std::size_t followed = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".md") continue;
    const std::string page = "docs/" + entry.path().filename().generic_string();
    for (const std::string& link : links_of(read_repository_file(page))) {
      EXPECT_TRUE(fs::exists(folder / link)) << page << " links to " << link;
      ++followed;
    }
  }
  EXPECT_GT(followed, 0u);
}

TEST(Docs, TheExampleOfTheArchitectureIsTheOneInItsFolder) {
  const std::string path = "docs/architecture.md";
  const Page page = parse_page(path, read_repository_file(path));
  ASSERT_EQ(page.cases.size(), 1u);
  for (const std::string& file : page.cases[0].own_paths) {
    EXPECT_EQ(page.cases[0].files.at(file), read_repository_file("docs/example/" + file));
  }
}

}  // namespace
}  // namespace querylint::tests
