// Fixing: a project is checked, what can be fixed is fixed, and so on until nothing changes. All of
// it happens in memory; the disk is written to afterwards, if at all.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "driver/pipeline.h"

namespace querylint::driver {

/// The fix to apply for a finding in a file of that text, if any.
using ChooseFix = std::function<std::optional<diagnostics::Fix>(
    const diagnostics::Diagnostic& diagnostic, std::string_view text)>;

/// Its safe fix, or with `takes_unsafe` any.
std::optional<diagnostics::Fix> chosen_fix(const diagnostics::Diagnostic& diagnostic,
                                           bool takes_unsafe);

/// A file with its text before and after, in UTF-8.
struct Change {
  std::string path;
  std::string before;
  std::string after;
};

struct Fixed {
  Checked checked;              ///< the last check, of the fixed texts
  std::vector<Change> changes;  ///< sorted by path
  std::size_t count = 0;        ///< how many findings were fixed
  std::vector<std::string> notices;
};

/// Of two fixes that change the same place the first is applied, and the other one, if its finding
/// is still there, to the result. A fix that breaks a file's syntax is taken back, and one whose
/// finding is there afterwards.
Fixed fix(const Input& input, const ChooseFix& choose);

/// Writes the changed files, each whole or not at all, in the encoding that it has. One that has
/// changed since it was read is left alone. Returns what was not written and why.
std::vector<std::string> write_changes(const std::string& root, Disk& disk,
                                       const std::vector<Change>& changes);

/// Drops the fixes that would change files that nobody edits: migrations, what a generator wrote,
/// and those that are not judged, such as tests.
void drop_unwelcome_fixes(const Project& project,
                          std::vector<diagnostics::Diagnostic>& diagnostics);

}  // namespace querylint::driver
