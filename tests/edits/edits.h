// Random edits of a project, as an editor, its user and other people make them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/editor.h"

namespace querylint::tests {

/// Edits the files of an editor: inserts, deletes, undoes, opens, closes, renames and removes them,
/// and saves them from elsewhere. The same seed makes the same edits.
class Edits {
 public:
  Edits(Editor& editor, std::uint64_t seed);

  /// Makes one edit and tells which.
  std::string make();
  /// Takes back edits until all open documents are Python: others are held back.
  void repair();

 private:
  using Step = std::string (Edits::*)();

  std::size_t below(std::size_t end);
  const std::string& any(const std::vector<std::string>& of);
  std::vector<std::string> open_paths() const;
  std::vector<std::string> closed_paths() const;
  std::size_t line_begin(const std::string& text);
  void remember(const std::string& path);

  std::string open();
  std::string type();
  std::string insert_line();
  std::string delete_line();
  std::string copy_lines();
  std::string delete_anything();
  std::string undo();
  std::string close();
  std::string save();
  std::string save_elsewhere();
  std::string rename();
  std::string remove();
  std::string restore();

  Editor& editor_;
  std::mt19937_64 random_;
  Files original_;
  std::map<std::string, std::vector<std::string>> past_;  ///< texts of open documents before edits
};

}  // namespace querylint::tests
