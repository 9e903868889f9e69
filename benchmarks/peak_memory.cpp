#include "benchmarks/peak_memory.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace querylint::benchmarks {

std::size_t peak_memory(const std::string& path) {
  std::vector<std::string> arguments = {
      QUERYLINT_BINARY,  "check", path,         "--threads", "1", "--no-cache", "--select", "ALL",
      "--output-format", "json",  "--exit-zero"};
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failure =
      posix_spawn(&child, QUERYLINT_BINARY, &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  if (failure != 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
    throw std::runtime_error("querylint check " + path + " failed");
  }
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace querylint::benchmarks
