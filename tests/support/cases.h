// Cases: Markdown pages that run.
//
// Each `##` section with a code fence is a case, a small project of its own; a fence before the
// first
// `##` belongs to all of them.
//   ```python path=shop/orders.py   a file; `shop/views.py` without a path
//   ```text dump=lower              what `querylint dump lower` prints of the section's own files,
//   or of
//                                   the one that `path=` names
//   ```python path=a.py fixed       that file with all fixes applied, unsafe ones too; files
//                                   without such a fence stay as they are. What it announces is
//                                   what is left
//   # error: [rule] "part"          at the end of a line: a finding of the rule on this line, with
//   this
//                                   in its message if given; findings that are not announced fail,
//                                   but for those of other families on a page in a family's folder
//   <!-- guesses: on -->            findings that rest on a guess count too
// The models of examples/bookshop are added as `shop/models.py` unless the case has its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/stages.h"
#include "tests/support/project.h"

namespace querylint::tests {

struct Expectation {
  std::string path;
  std::size_t line = 0;  ///< of the file, from 1
  std::string rule;
  std::string part;  ///< of the message
};

struct ExpectedDump {
  driver::Stage stage = driver::Stage::parse;
  std::string path;  ///< empty: of all the section's own files
  std::string text;
  std::size_t first_line = 0;  ///< of the page, from 0: where the text stands
  std::size_t end_line = 0;
};

/// A file after fixing.
struct FixedFile {
  std::string text;
  std::size_t first_line = 0;  ///< of the page, from 0: where the text stands
  std::size_t end_line = 0;
};

struct Case {
  std::string heading;
  std::size_t line = 0;  ///< of the page, from 1
  Files files;
  std::map<std::string, std::size_t> first_lines;  ///< of the page, from 1, where each file begins
  std::vector<std::string> own_paths;              ///< of the section itself
  std::vector<Expectation> expectations;
  std::vector<ExpectedDump> dumps;
  std::map<std::string, FixedFile> fixed;
  bool counts_guesses = false;
  bool is_sqlalchemy = false;  ///< its default models are those of examples/bookservice
};

struct Page {
  std::string path;  ///< relative to the repository
  std::vector<Case> cases;
};

/// The case that a case with fences of fixed code becomes.
Case fixed_case(Case test);

/// Code without what its comments announce.
std::string without_expectations(const std::string& text);

/// The cases of a page. Throws `std::invalid_argument`, with the place, where it breaks the format.
Page parse_page(const std::string& path, const std::string& text);

/// `docs/architecture.md`, `tests/cases/**/*.md` and `rules/*/*.md`, sorted, relative to the
/// repository.
std::vector<std::string> case_pages();

}  // namespace querylint::tests
