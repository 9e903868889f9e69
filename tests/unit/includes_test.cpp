// Dependencies point one way only: every `#include` of the sources is read and held against the
// table of stages in docs/architecture.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "tests/support/project.h"

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;

struct Folder {
  std::string path;
  std::vector<std::string> sees;  ///< besides itself and its own folders
};

/// Each folder with what it may include. The longest path that fits a file counts.
const std::vector<Folder> folders = {
    {"analyzer/base", {}},
    {"analyzer/syntax", {"analyzer/base"}},
    {"analyzer/ir", {"analyzer/base"}},
    {"analyzer/lower", {"analyzer/base", "analyzer/syntax", "analyzer/ir"}},
    {"analyzer/program", {"analyzer/base", "analyzer/ir"}},
    {"analyzer/schema", {"analyzer/base", "analyzer/ir", "analyzer/program"}},
    {"analyzer/flow", {"analyzer/base", "analyzer/ir", "analyzer/program", "analyzer/schema"}},
    {"analyzer/frameworks",
     {"analyzer/base", "analyzer/ir", "analyzer/program", "analyzer/schema", "analyzer/flow"}},
    {"analyzer/diagnostics", {"analyzer/base"}},
    {"rules",
     {"analyzer/base", "analyzer/ir", "analyzer/program", "analyzer/schema", "analyzer/flow",
      "analyzer/diagnostics"}},
    {"reports", {"analyzer/base", "analyzer/diagnostics"}},
    {"driver", {"analyzer", "rules", "reports"}},
};

/// Headers of libraries that only some folders may see.
const std::map<std::string, std::vector<std::string>> libraries = {
    {"tree_sitter/", {"analyzer/syntax"}},
    {"lmdb.h", {"driver"}},
    {"CLI/", {"driver"}},
    {"toml++/", {"driver"}},
    {"thread", {"driver"}},
    {"mutex", {"driver"}},
    {"condition_variable", {"driver"}},
    {"future", {"driver"}},
    {"atomic", {"driver"}},
    {"shared_mutex", {"driver"}},
    {"pthread.h", {"driver"}},
    {"filesystem", {"driver", "rules/generator"}},
    {"fstream", {"driver", "rules/generator"}},
    {"unistd.h", {"driver"}},
    {"fcntl.h", {"driver"}},
    {"sys/", {"driver"}},
    {"nlohmann/", {"driver", "reports"}},
};

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_below_any(std::string_view path, const std::vector<std::string>& all) {
  return std::ranges::any_of(all,
                             [&](const std::string& folder) { return is_below(path, folder); });
}

struct Line {
  std::string path;
  std::string text;
};

/// All lines of the C++ files of a folder.
std::vector<Line> lines_of(const std::string& folder) {
  const fs::path repository = QUERYLINT_SOURCE_DIR;
  std::vector<Line> lines;
  for (const auto& entry : fs::recursive_directory_iterator(repository / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cpp") continue;
    const std::string path = entry.path().lexically_relative(repository).generic_string();
    std::istringstream stream(read_repository_file(path));
    for (std::string line; std::getline(stream, line);) lines.push_back({path, std::move(line)});
  }
  return lines;
}

/// What stands in an include between `open` and `close`; empty for other lines.
std::string included(const std::string& line, char open, char close) {
  const std::string start = std::string("#include ") + open;
  if (!line.starts_with(start)) return {};
  return line.substr(start.size(), line.find(close, start.size()) - start.size());
}

const Folder* folder_of(const std::string& path) {
  const Folder* best = nullptr;
  for (const Folder& folder : folders) {
    const bool fits = is_below(path, folder.path);
    if (fits && (best == nullptr || folder.path.size() > best->path.size())) best = &folder;
  }
  return best;
}

class Includes : public testing::TestWithParam<std::string> {};

TEST_P(Includes, PointUpTheTableOfStages) {
  for (const Line& line : lines_of(GetParam())) {
    const std::string header = included(line.text, '"', '"');
    if (header.empty()) continue;
    const Folder* folder = folder_of(line.path);
    ASSERT_NE(folder, nullptr) << line.path << " is in a folder that the table does not know";
    EXPECT_TRUE(is_below(header, folder->path) || is_below_any(header, folder->sees))
        << line.path << " must not include " << header;
  }
}

TEST_P(Includes, LeaveLibrariesWhereTheyBelong) {
  for (const Line& line : lines_of(GetParam())) {
    const std::string header = included(line.text, '<', '>');
    for (const auto& [library, users] : libraries) {
      const bool is_it =
          header == library || (library.ends_with('/') && header.starts_with(library));
      EXPECT_TRUE(!is_it || is_below_any(line.path, users))
          << line.path << " must not include " << header;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Includes, testing::Values("analyzer", "rules", "reports", "driver"));

TEST(FlowAndRules, NameNoFramework) {
  for (const std::string folder : {"analyzer/flow", "rules"}) {
    for (const Line& line : lines_of(folder)) {
      const std::string code = line.text.substr(0, line.text.find("//"));
      for (const std::string_view name : {"django", "Django", "sqlalchemy", "SQLAlchemy",
                                          "rest_framework", "pandas", "lancedb"}) {
        EXPECT_EQ(code.find(name), std::string::npos) << line.path << ": " << line.text;
      }
    }
  }
}

}  // namespace
}  // namespace querylint::tests
