#include "driver/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace querylint::driver {
namespace {

constexpr auto patience = std::chrono::milliseconds(700);
constexpr auto interval = std::chrono::milliseconds(100);

}  // namespace

Progress::Progress() : is_watched_(isatty(STDERR_FILENO) != 0), next_(Clock::now() + patience) {}

Progress::~Progress() {
  if (has_written_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::report(std::string_view stage, std::size_t done, std::size_t of) {
  if (!is_watched_ || !writing_.try_lock()) return;
  const std::lock_guard<std::mutex> unlock(writing_, std::adopt_lock);
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + interval;
  has_written_ = true;
  fmt::print(stderr, "\r\x1b[Kquerylint: {} {} of {}", stage, done, of);
  std::fflush(stderr);
}

}  // namespace querylint::driver
