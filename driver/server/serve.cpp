#include "driver/server/serve.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "driver/server/framing.h"
#include "driver/server/server.h"

namespace querylint::driver::server {
namespace {

constexpr int patience = 5000;  // ms between looks at whether the client is still there

/// Standard input and output, of which neither makes the other wait: a client that writes before it
/// reads must not find a server that does the same.
class Stream {
 public:
  void send(std::string_view body) { out_ += framed(body); }
  bool has_output() const { return !out_.empty(); }
  /// Nothing more will come, or be taken: whoever is done with the input ends it too.
  bool has_ended() const { return has_ended_; }
  void end_input() { has_ended_ = true; }
  bool is_broken() const { return is_broken_; }
  std::string take_input() { return std::exchange(in_, {}); }

  /// Waits until bytes come or go, at most so long (-1: for ever), and takes and gives all that can
  /// be had at once.
  void exchange_bytes(int milliseconds) {
    while (exchange_some(milliseconds) && !is_broken_ && in_.size() < most_input) {
      milliseconds = 0;
    }
  }

 private:
  static constexpr std::size_t most_input = std::size_t{1}
                                            << 20;  // before something is done with it

  bool exchange_some(int milliseconds) {
    std::array<pollfd, 2> ends = {{{has_ended_ ? -1 : STDIN_FILENO, POLLIN, 0},
                                   {out_.empty() ? -1 : STDOUT_FILENO, POLLOUT, 0}}};
    if (poll(ends.data(), ends.size(), milliseconds) <= 0) return false;
    if (ends[0].revents != 0) read_some();
    if (ends[1].revents != 0) write_some();
    return true;
  }

  void read_some() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0) {
      in_.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      has_ended_ = true;
    }
  }

  /// No more than what a pipe that is ready takes at once.
  void write_some() {
    constexpr std::size_t piece = 4096;
    const ssize_t count = ::write(STDOUT_FILENO, out_.data(), std::min(piece, out_.size()));
    if (count > 0) {
      out_.erase(0, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      is_broken_ = true;
    }
  }

  std::string in_;
  std::string out_;
  bool has_ended_ = false;
  bool is_broken_ = false;
};

bool is_alive(std::int64_t process) {
  return process <= 0 || kill(static_cast<pid_t>(process), 0) == 0 || errno != ESRCH;
}

}  // namespace

int serve(const RootOptions& options) {
  Stream stream;
  FrameReader frames;
  Server server(options, [&](const std::string& body) { stream.send(body); });
  bool is_busy = false;
  while (!server.exit_code() && !stream.is_broken()) {
    if (!is_busy && !is_alive(server.client_process())) break;
    if (stream.has_ended() && !server.has_messages()) break;
    stream.exchange_bytes(is_busy || stream.has_ended() ? 0 : patience);
    frames.feed(stream.take_input());
    while (const auto frame = frames.next()) {
      if (frame->error.empty()) {
        server.receive(frame->body);
      } else {
        server.reject(frame->error);
      }
    }
    is_busy = server.step();
  }
  stream.end_input();
  while (stream.has_output() && !stream.is_broken()) stream.exchange_bytes(-1);
  return server.exit_code().value_or(1);
}

}  // namespace querylint::driver::server
