// The pipeline: from a disk to settled diagnostics.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/settle.h"
#include "analyzer/flow/framework.h"
#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"
#include "driver/cache.h"
#include "driver/config.h"
#include "driver/disk.h"
#include "driver/selection.h"

namespace querylint::driver {

struct Input {
  Disk* disk = nullptr;
  Config config;
  std::vector<std::string> named;  ///< files that are read even if excluded or not listed
  Selection selection;
  Cache* cache = nullptr;  ///< may be null
  std::string_view name;   ///< runs of one project with different names are remembered apart
  std::size_t threads = 1;
  bool time_rules = false;
  /// Called now and then, from any thread, with what is being done and how much of it is done.
  std::function<void(std::string_view stage, std::size_t done, std::size_t of)> progress;
};

using Seconds = std::chrono::duration<double>;

struct Timing {
  std::string_view name;
  Seconds seconds{};
};

/// A file as it was read: its text in UTF-8, with what had to be done to get it.
struct SourceText {
  std::string path;
  std::string text;
};

/// The Python files of a project.
struct Reading {
  std::vector<SourceText> texts;  ///< sorted by path
  std::vector<std::string> notices;
  std::vector<Timing> timings;
  bool was_complete = true;  ///< false when a file could not be read

  std::string_view text_of(const std::string& path) const;
};

/// What a program is made of, before anything is followed.
struct Project : Reading {
  program::Program program;
  schema::Schema schema;
  flow::Frameworks frameworks;
  std::vector<bool> is_judged;  ///< per file of the program
  std::size_t parsed = 0;       ///< files that the cache did not have
};

Reading read(const Input& input);

/// Parses, lowers, links and maps.
Project load(const Input& input, Reading reading);
Project load(const Input& input);

struct Outcome {
  std::vector<diagnostics::Diagnostic> diagnostics;
  std::vector<diagnostics::Suppression> unused_suppressions;
  std::vector<Timing>
      timings;  ///< of follow, judge and settle; with `time_rules` of each rule on all threads
  std::size_t followed = 0;
  std::size_t cut = 0;  ///< functions whose budget ran out
};

/// Follows every function that is judged, judges and settles.
Outcome judge(const Project& project, const Input& input);

/// What a report needs of a run.
struct Checked : Reading {
  Outcome outcome;
  std::size_t parsed = 0;
};

/// All stages; none but reading where nothing has changed since a run that the cache remembers.
Checked check(const Input& input);

}  // namespace querylint::driver
