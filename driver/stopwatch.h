// Wall time of the stages.
#pragma once

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver {

/// Each lap ends a stage and begins the next.
class Stopwatch {
 public:
  explicit Stopwatch(std::vector<Timing>& timings) : timings_(timings), begin_(Clock::now()) {}

  void lap(std::string_view name) { timings_.push_back({name, restart()}); }

  /// What the lap took that begins anew.
  Seconds restart() {
    const Clock::time_point now = Clock::now();
    return now - std::exchange(begin_, now);
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::vector<Timing>& timings_;
  Clock::time_point begin_;
};

}  // namespace querylint::driver
