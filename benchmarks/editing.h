// Edits of function bodies while the language server runs, in this process and on one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "benchmarks/runs.h"
#include "driver/server/server.h"

namespace querylint::benchmarks {

/// A server that has analysed a project, and what is edited there.
class Editing {
 public:
  explicit Editing(const Sources& sources);

  /// Puts a statement into a function's body, or takes it out again, and has the server work until
  /// it has told of the file's diagnostics. Each second call goes to another function.
  void edit();

  /// The time in seconds below which so large a share of the edits so far was worked off.
  double percentile(double share) const;
  std::size_t count() const { return seconds_.size(); }

 private:
  struct Place {
    std::string path;
    std::size_t line = 0;  ///< from 0: that of a function's first statement
    std::string indent;
  };

  void find_places(const Sources& sources);
  void notify(std::string_view method, const driver::server::Json& params);
  void work();

  const Sources& sources_;
  std::unique_ptr<driver::server::Server> server_;
  std::vector<Place> places_;
  std::vector<double> seconds_;
  std::size_t next_ = 0;
  bool is_edited_ = false;
  int version_ = 0;
};

}  // namespace querylint::benchmarks
