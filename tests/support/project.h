// Small projects in memory, run through the whole pipeline.
#pragma once

#include <string>
#include <vector>

#include "driver/pipeline.h"
#include "driver/stages.h"
#include "tests/support/files.h"

namespace querylint::tests {

/// How a project is run; none of it may change what is found.
struct Way {
  std::size_t threads = 1;
  driver::Cache* cache = nullptr;
  bool shuffled = false;  ///< files are read in another order
  bool timed = false;     ///< timings are wanted, so that no whole run comes from the cache
};

/// What a run found.
struct Findings {
  std::vector<diagnostics::Diagnostic> diagnostics;  ///< `unused-suppression` included
  std::vector<std::string> notices;
  std::size_t parsed = 0;  ///< files that the cache did not have
  std::string json;
  std::string sarif;
};

/// Runs a project with all rules on.
Findings check(const Files& files, const Way& way = {}, const driver::Config& config = {});

/// A project with its fixes applied.
struct Fixes {
  Files files;
  std::size_t count = 0;  ///< how many findings were fixed
  std::vector<std::string> notices;
};

/// Applies all fixes until none is left, unsafe ones too.
Fixes fix(const Files& files);

/// The findings as `path:line: [rule] message` lines.
std::string as_lines(const Files& files, const Findings& findings);

/// What a stage makes of the files, or of those that are wanted.
std::string dump(
    driver::Stage stage, const Files& files,
    const driver::Wanted& wants = [](const std::string&) { return true; });

/// The line of a byte, from 1.
std::size_t line_at(std::string_view text, std::size_t byte);

/// A file of the repository.
std::string read_repository_file(const std::string& path);

}  // namespace querylint::tests
