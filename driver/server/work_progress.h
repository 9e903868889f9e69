// Work-done progress: the client's bar, while the analysis takes longer than a moment.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "driver/server/analysis.h"
#include "driver/server/rpc.h"

namespace querylint::driver::server {

class WorkProgress {
 public:
  using Send = std::function<void(std::string body)>;

  explicit WorkProgress(Send send) : send_(std::move(send)) {}

  /// There is work, and so much of it is done. Called often.
  void report(const Analysis::State& state);
  /// There is none left.
  void end();
  /// The client has answered a request of the server; some are this one's.
  void answered(const Json& id, bool is_granted);

 private:
  using Clock = std::chrono::steady_clock;
  /// A token is asked for before anything is shown, and used up when the client has refused it.
  enum class Phase : std::uint8_t { idle, delayed, asked, granted, shown, refused };

  void send(Json value) const;
  std::string token() const { return "querylint-" + std::to_string(count_); }

  Send send_;
  Phase phase_ = Phase::idle;
  Clock::time_point next_;
  int count_ = 0;
};

}  // namespace querylint::driver::server
