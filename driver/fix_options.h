// What the options of `check` ask to be fixed.
#pragma once

#include <string>

#include "driver/fixing.h"
#include "driver/options.h"
#include "driver/shown_paths.h"
#include "driver/workspace.h"

namespace querylint::driver {

/// Checks the project and fixes, in memory, what the options ask for: in files that were given, of
/// findings that are reported.
Fixed check_and_fix(const CheckOptions& options, const Workspace& workspace, const Input& input);

/// Writes what was fixed below `root`. What cannot be written is not fixed: then the project is
/// checked as it is.
void keep_changes(const std::string& root, const Input& input, Fixed& fixed);

/// All changes as one unified diff.
std::string diff_of(const Fixed& fixed, const ShownPaths& paths);

}  // namespace querylint::driver
