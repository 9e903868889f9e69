// One line that says what is going on, while somebody watches.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>

namespace querylint::driver {

/// Writes to standard error, only if that is a terminal, and only once a run takes longer than a
/// moment. The destructor wipes the line.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// May be called from any thread, often.
  void report(std::string_view stage, std::size_t done, std::size_t of);

 private:
  using Clock = std::chrono::steady_clock;

  bool is_watched_;
  Clock::time_point next_;
  bool has_written_ = false;
  std::mutex writing_;
};

}  // namespace querylint::driver
