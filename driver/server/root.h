// One workspace folder: its configuration, its files with unsaved text over them, its findings.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "driver/overlay.h"
#include "driver/server/analysis.h"
#include "driver/workspace.h"

namespace querylint::driver::server {

struct RootOptions {
  std::size_t threads = 1;
  std::string cache_folder;  ///< empty: nothing is remembered
  // Where projects come from; tests have theirs in memory.
  std::function<Workspace(const std::string& folder)> find_workspace;
  std::function<std::unique_ptr<Disk>(const std::string& root)> open_disk;
};

class Root {
 public:
  /// `folder` is absolute, as the client spells it.
  Root(std::string folder, RootOptions options);
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  /// As the client spells it.
  const std::string& folder() const { return folder_; }
  /// What keeps the folder from being analysed, such as a configuration that makes no sense; empty
  /// when nothing does.
  const std::string& trouble() const { return trouble_; }
  /// Reads the configuration anew.
  void configure();

  /// The path below the project's root of an absolute path with links followed; nothing for files
  /// elsewhere.
  std::optional<std::string> relative(const std::string& path) const;
  /// The other way round, as the client would spell it.
  std::string absolute(const std::string& relative) const;

  /// Unsaved text of a file of this root.
  void open(const std::string& relative, const std::string& text);
  void close(const std::string& relative);
  /// A file has another text on the disk.
  void note_disk_change(const std::string& relative);
  /// Files have come or gone.
  void note_disk_changes();

  /// True also when there is nothing to analyse.
  bool is_current() const;
  /// Whether what `findings` has of the file is of its newest text.
  bool knows(const std::string& relative) const;
  /// Does a part of what is left to do; true when there are other findings now.
  bool work();
  /// What is being worked at.
  Analysis::State state() const;

  /// Their places count in `text_of`. While a text is broken, those of its last good version that
  /// the edits since have not touched, where they are now.
  const std::vector<diagnostics::Diagnostic>& findings() const { return findings_; }
  std::string_view text_of(const std::string& relative) const;
  /// Whether findings of the file are shown: it lies in the folder.
  bool shows(const std::string& relative) const { return workspace_.wants(relative); }

 private:
  std::vector<diagnostics::Diagnostic> moved_findings() const;

  std::string folder_;
  std::string canonical_folder_;
  RootOptions options_;
  Workspace workspace_;
  std::string trouble_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Overlay> overlay_;  ///< unsaved texts over the disk
  std::unique_ptr<Cache> cache_;
  std::unique_ptr<Analysis> analysis_;  ///< null while there is trouble
  std::vector<diagnostics::Diagnostic> findings_;
};

}  // namespace querylint::driver::server
