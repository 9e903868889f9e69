// What is known of one project, kept up to date while its files change.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver::server {

/// The findings equal those of `check` on the same disk whenever `is_current`.
class Analysis {
 public:
  /// The disk and the cache of `input` must outlive it.
  explicit Analysis(Input input) : input_(std::move(input)) {}

  /// Something of the project is other than it was.
  void note_change() { is_current_ = false; }

  bool is_current() const { return is_current_; }
  /// Does a part of what is left to do.
  void work();

  /// Settled findings, sorted by place; comments that silence nothing among them.
  const std::vector<diagnostics::Diagnostic>& findings() const { return findings_; }
  const std::vector<std::string>& notices() const { return checked_.notices; }
  /// The text that the findings' places count in; empty for files that are not the project's.
  std::string_view text_of(const std::string& path) const { return checked_.text_of(path); }

 private:
  Input input_;
  Checked checked_;
  std::vector<diagnostics::Diagnostic> findings_;
  bool is_current_ = false;
};

}  // namespace querylint::driver::server
