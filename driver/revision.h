// A project as git has it in some revision.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace querylint::driver {

struct Revision {
  std::map<std::string, std::string> files;  ///< text by path below the folder
  std::string error;                         ///< why there are none, for the user; empty: all well
};

/// The files below a folder of a repository that are `wanted` by their path there. Links to files
/// are the files. `name` is whatever git calls a revision; with `...` behind it, the commit at
/// which the work of HEAD left it.
Revision read_revision(const std::string& folder, const std::string& name,
                       const std::function<bool(std::string_view path)>& wanted);

}  // namespace querylint::driver
