// What is known of one project, kept up to date while its files change.
//
// A change is worked off a step at a time, so that messages are read in between:
//   read      the files that are said to have changed, or all
//   patch     where only code inside of functions differs, the linked program gets the new version,
//             and what has to be followed anew are the functions whose following looked at code
//             that differs; findings of others in the file are put to where they are now
//   load      else the program is linked anew of old modules and new ones, and everything followed
//   follow    a batch of functions; first those that findings in the edited files came from: the
//             files' own, and callers that had some there
//   settle    the findings of all functions become the project's: once for the edited files, whose
//             reader waits, and once more when the rest has been followed
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/program/patch.h"
#include "driver/follow.h"
#include "driver/load.h"
#include "driver/server/document.h"

namespace querylint::driver::server {

class Analysis {
 public:
  /// The disk and the cache of `input` must outlive it. `is_open` tells of a path whether an editor
  /// has it open: while such a text is broken, its last good version is analysed.
  Analysis(Input input, std::function<bool(const std::string&)> is_open);

  /// The file may have another text, or be gone. Of new ones `note_changes` has to tell.
  void note_change(const std::string& path);
  /// An editor has opened the file, which counts as the project's if it is not on the disk.
  void note_opening(const std::string& path);
  /// Any file may be other than it was.
  void note_changes() { must_read_ = true; }

  bool is_current() const;
  /// Whether the file's findings are no longer those of before an edit of it. Until the analysis
  /// `is_current`, callers elsewhere may still add to them.
  bool knows(const std::string& path) const;
  /// Does a part of what is left to do; true when there are other findings now.
  bool work();
  /// What `work` is at, and how much of it is done.
  struct State {
    std::string_view stage;
    std::size_t done = 0;
    std::size_t of = 0;
  };
  State state() const;

  /// Settled findings of the files as they are analysed, as `check` gives them; those that it has
  /// once it `is_current` equal those of `check` on the same disk, unless a broken text is held
  /// back. Before, what is not known anew is what it was, where it is now.
  const std::vector<diagnostics::Diagnostic>& findings() const { return findings_; }
  /// The text that the findings' places count in; empty for files that are not the project's.
  std::string_view text_of(const std::string& path) const;
  /// Open files whose text is broken, so that an older one is analysed.
  const std::set<std::string>& held_back() const { return held_back_; }

 private:
  /// A program and all that was made of it.
  struct Linked {
    Linked(const Input& input, Reading reading, Modules modules);

    Project project;
    flow::Preparation preparation;
    program::Patches patches;
    std::vector<flow::FunctionId> roots;
    std::vector<Followed> followed;     ///< parallel to the roots
    std::vector<bool> was_out_of_use;   ///< when they were followed
    std::vector<bool> is_due;           ///< which have to be followed
    std::vector<bool> is_urgent;        ///< and which of them first
    std::vector<std::size_t> follower;  ///< which one remembers it; `nobody` before the first time
  };

  void read_all();
  void read_changed();
  /// A file that the linked program cannot take as it is now.
  struct Misfit {
    std::size_t index;  ///< of the project's texts
    SourceText file;
    std::shared_ptr<const ir::Module> module;
  };
  void update_all(std::vector<SourceText> files);
  bool patch(std::size_t index, const SourceText& file,
             const std::shared_ptr<const ir::Module>& module);
  void load_with(std::vector<Misfit> misfits);
  bool hold_back(const std::string& path, const ir::Module& module);
  bool schema_is_the_same();
  void mark_due(const program::Patch& patch, const std::string& path, const Splice& edit);
  void load_anew(Reading reading, Modules modules);
  bool is_done_with_sweep() const { return next_due_ == linked_->roots.size(); }
  void follow_some();
  void settle_all();
  void follow_all(const std::vector<std::size_t>& due);

  Input input_;
  std::function<bool(const std::string&)> is_open_;
  bool must_read_ = true;
  bool must_settle_ = false;
  std::set<std::string> changed_;
  std::set<std::string> held_back_;
  std::set<std::string> unlisted_;    ///< open files that are not the project's
  std::vector<std::string> notices_;  ///< of reading
  std::unique_ptr<Linked> linked_;
  std::vector<std::unique_ptr<Follower>> followers_;  ///< one for each thread
  enum class Sweep : std::uint8_t { urgent, all } sweep_ = Sweep::all;
  std::size_t next_due_ = 0;      ///< of this sweep, all before it are done
  std::set<std::string> edited_;  ///< since all was followed; known when the sweep is of all
  std::vector<diagnostics::Diagnostic> findings_;
};

}  // namespace querylint::driver::server
