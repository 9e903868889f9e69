#include "driver/server/work_progress.h"

namespace querylint::driver::server {
namespace {

constexpr std::chrono::milliseconds delay(700);
constexpr std::chrono::milliseconds between_reports(200);

}  // namespace

void WorkProgress::report(const Analysis::State& state) {
  const Clock::time_point now = Clock::now();
  if (phase_ == Phase::idle) {
    phase_ = Phase::delayed;
    next_ = now + delay;
  } else if (phase_ == Phase::delayed && now >= next_) {
    phase_ = Phase::asked;
    ++count_;
    send_(request_message(token(), "window/workDoneProgress/create", {{"token", token()}}));
  } else if (phase_ == Phase::granted) {
    phase_ = Phase::shown;
    next_ = now + between_reports;
    send({{"kind", "begin"}, {"title", "querylint"}, {"message", state.stage}, {"percentage", 0}});
  } else if (phase_ == Phase::shown && now >= next_) {
    next_ = now + between_reports;
    Json value = {{"kind", "report"}, {"message", state.stage}};
    if (state.of > 0) value["percentage"] = 100 * state.done / state.of;
    send(std::move(value));
  }
}

/// One that was asked for and not shown yet is neither begun nor ended.
void WorkProgress::end() {
  if (phase_ == Phase::shown) send({{"kind", "end"}});
  phase_ = Phase::idle;
}

void WorkProgress::answered(const Json& id, bool is_granted) {
  if (phase_ == Phase::asked && id == token()) {
    phase_ = is_granted ? Phase::granted : Phase::refused;
  }
}

void WorkProgress::send(Json value) const {
  send_(notification_message("$/progress", {{"token", token()}, {"value", std::move(value)}}));
}

}  // namespace querylint::driver::server
