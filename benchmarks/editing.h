// Edits of function bodies while the language server runs, in this process and on one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "analyzer/base/byte_range.h"
#include "analyzer/syntax/tree.h"
#include "benchmarks/runs.h"
#include "driver/server/server.h"

namespace querylint::benchmarks {

/// A server that has analysed a project, and what is edited there: a statement is put into a
/// function's body (a copy of another one), taken out, or has a name in it changed. Functions are
/// drawn with a fixed seed from all of the files that are judged, statements and kinds of edits
/// likewise; a text is always Python before and after.
class Editing {
 public:
  explicit Editing(const Sources& sources);

  /// Edits a function's body, or takes that back, asks for the file's diagnostics as an editor
  /// does, and has the server work until it has nothing left to do. Each second call goes to
  /// another function.
  void edit();

  /// When the edited file's diagnostics were known, as they stayed.
  const std::vector<double>& of_file() const { return of_file_; }
  /// When those of all files were.
  const std::vector<double>& of_project() const { return of_project_; }
  /// How many functions there are to draw from.
  std::size_t functions() const { return functions_.size(); }

 private:
  /// A function, and the statements of its body that have lines of their own.
  struct Function {
    std::string path;
    std::vector<base::ByteRange> statements;  ///< from the beginning of a line to that of another
  };

  /// Whole lines and what comes in their place.
  struct Edit {
    std::string path;
    std::size_t line = 0;  ///< the first, from 0
    std::string before;
    std::string after;
  };

  void find_functions(const Sources& sources);
  std::size_t below(std::size_t end);
  std::optional<Edit> draw();
  std::string changed(std::string_view statement);
  void notify(std::string_view method, const driver::server::Json& params);
  void work();
  driver::server::Json diagnostics_of(const std::string& uri);
  void replace(const std::string& uri, std::size_t line, const std::string& from,
               const std::string& to);

  const Sources& sources_;
  std::unique_ptr<driver::server::Server> server_;
  syntax::PythonParser parser_;
  std::mt19937 random_;
  std::vector<Function> functions_;
  std::vector<double> of_file_;  ///< in seconds, of each edit
  std::vector<double> of_project_;
  driver::server::Json answer_;  ///< the last one
  std::optional<Edit> made_;     ///< and not taken back yet
  int version_ = 0;
};

/// The time below which so large a share of them lies.
double percentile(std::vector<double> seconds, double share);

}  // namespace querylint::benchmarks
