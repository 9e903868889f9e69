// From the paths a user names to the project they belong to.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "driver/config.h"

namespace querylint::driver {

/// A project and the part of it that is reported. The whole project is always analysed: what a file
/// does to the database is decided in others.
struct Workspace {
  std::string root;  ///< absolute
  std::set<std::string, std::less<>>
      wanted;                        ///< paths below the root that are reported; empty: all
  std::vector<std::string> files;    ///< those of them that are files, sorted
  std::vector<std::string> missing;  ///< what was given and is not there, with the reason
  Config config;
  std::string error;  ///< why there is no workspace; empty when there is

  /// Whether a path below the root is one of those that were given, or below one.
  bool wants(std::string_view path) const;
  /// Whether the finding or a line that explains it is wanted: who edits a query has to hear of the
  /// loop in another file that runs it.
  bool wants(const diagnostics::Diagnostic& diagnostic) const;
  /// A path below the root as seen from an absolute folder.
  std::string shown(const std::string& path, const std::string& base) const;
};

/// The root is the nearest folder at or above the paths that has a configuration for querylint,
/// else the repository, else the project that their nearest pyproject.toml, setup.py, setup.cfg or
/// manage.py begins, else the folder that is named. A link to a file is looked for where the link
/// lies, and stands for the file if that is in the same project.
Workspace find_workspace(const std::vector<std::string>& paths);

}  // namespace querylint::driver
