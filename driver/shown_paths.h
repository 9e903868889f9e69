// Paths as a report shows them, and back to the texts that it quotes.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "driver/pipeline.h"
#include "driver/workspace.h"
#include "reports/report.h"

namespace querylint::driver {

/// The folder that the paths of a format start from: the one that the environment names to its
/// readers where the project lies in it, else the working folder. Absolute.
std::string base_of(const reports::Format& format, const std::string& root);

class ShownPaths {
 public:
  /// `base` is absolute; what is given must stay while this is used.
  ShownPaths(std::string base, const Workspace& workspace, const Reading& reading)
      : base_(std::move(base)), workspace_(workspace), reading_(reading) {}

  /// Rewrites all paths of a diagnostic, which are the project's.
  void show(diagnostics::Diagnostic& diagnostic);

  std::string shown(const std::string& path) const { return workspace_.shown(path, base_); }
  /// The text of a file by its shown path.
  std::string_view text_of(const std::string& shown) const;

 private:
  void show(std::string& path);

  std::string base_;
  const Workspace& workspace_;
  const Reading& reading_;
  std::map<std::string, std::string> originals_;  ///< by shown path
};

}  // namespace querylint::driver
