#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace querylint::tests {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_writer() {
    close(ends[1]);
    ends[1] = -1;
  }
};

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const Circumstances& circumstances, const Pipe& out, const Pipe& err) {
  if (circumstances.standard_output.empty()) {
    dup2(out.ends[1], STDOUT_FILENO);
  } else {
    dup2(open(circumstances.standard_output.c_str(), O_WRONLY), STDOUT_FILENO);
  }
  dup2(err.ends[1], STDERR_FILENO);
  if (!circumstances.folder.empty() && chdir(circumstances.folder.c_str()) != 0) _exit(126);
  if (circumstances.most_bytes) {
    signal(SIGXFSZ, SIG_IGN);  // the write fails instead
    const rlimit limit{*circumstances.most_bytes, *circumstances.most_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  for (const auto& [name, value] : circumstances.environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  _exit(127);
}

/// Appends what there is; false at the end.
bool drain(int file, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(file, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

Ran run(const std::string& program, const std::vector<std::string>& arguments,
        const Circumstances& circumstances) {
  Pipe out;
  Pipe err;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) become(program, arguments, circumstances, out, err);
  out.close_writer();
  err.close_writer();
  Ran ran;
  std::array<pollfd, 2> waiting{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
  const auto begin = Clock::now();
  bool is_interrupted = false;
  while (waiting[0].fd >= 0 || waiting[1].fd >= 0) {
    poll(waiting.data(), waiting.size(), 5);
    if (waiting[0].revents != 0 && !drain(waiting[0].fd, ran.out)) waiting[0].fd = -1;
    if (waiting[1].revents != 0 && !drain(waiting[1].fd, ran.err)) waiting[1].fd = -1;
    const auto& after = circumstances.interrupt_after;
    if (after && !is_interrupted && Clock::now() - begin >= *after) {
      kill(child, SIGINT);
      is_interrupted = true;
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ran.signal = WTERMSIG(status);
  return ran;
}

Ran querylint(const std::vector<std::string>& arguments, const Circumstances& circumstances) {
  Circumstances hidden = circumstances;
  for (const char* name : {"CI", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"}) {
    hidden.environment.try_emplace(name);
  }
  return run(QUERYLINT_BINARY, arguments, hidden);
}

}  // namespace querylint::tests
