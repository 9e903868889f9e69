#include "driver/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace querylint::driver {
namespace {

/// The environment, without what a git that runs us as a hook says of the repository, index and
/// folder that it works on itself: it would hold for every folder that is asked about here.
std::vector<char*> environment_for_git() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string_view name = variable.substr(0, variable.find('='));
    const bool is_of_caller = name == "GIT_DIR" || name == "GIT_WORK_TREE" ||
                              name == "GIT_INDEX_FILE" || name == "GIT_COMMON_DIR" ||
                              name == "GIT_PREFIX" || name == "GIT_OBJECT_DIRECTORY" ||
                              name == "GIT_ALTERNATE_OBJECT_DIRECTORIES";
    if (!is_of_caller) kept.push_back(*entry);
  }
  kept.push_back(nullptr);
  return kept;
}

/// A file descriptor; -1 when there is none.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int descriptor() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

/// All that is left to read.
std::string read_all(int file) {
  std::string text;
  char buffer[65536];
  while (true) {
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Starts git with these as its standard input, output and error; 0 when that fails.
pid_t start(std::vector<std::string>& command, int in, int out, int err) {
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  std::vector<char*> environment = environment_for_git();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t child = 0;
  const int failure =
      posix_spawnp(&child, "git", &actions, nullptr, words.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  return failure == 0 ? child : 0;
}

bool wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string first_line(const std::string& text) {
  constexpr std::string_view prefix = "fatal: ";
  const std::string line = text.substr(0, text.find('\n'));
  return line.starts_with(prefix) ? line.substr(prefix.size()) : line;
}

}  // namespace

GitAnswer ask_git(const std::string& folder, std::vector<std::string> arguments,
                  std::string_view input) {
  // A repository's own configuration may name a program as its file system monitor, and would have
  // git run it: code that is read is never run.
  arguments.insert(arguments.begin(), {"git", "-c", "core.fsmonitor=false", "-C", folder});
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  File output(ends[0]);
  File other_end(ends[1]);
  // Files in memory never block, so that nobody waits for who waits for him.
  File given(memfd_create("input", MFD_CLOEXEC));
  File complaints(memfd_create("complaints", MFD_CLOEXEC));
  if (!write_all(given.descriptor(), input)) return {};
  lseek(given.descriptor(), 0, SEEK_SET);
  const pid_t child =
      start(arguments, given.descriptor(), other_end.descriptor(), complaints.descriptor());
  other_end.close();
  if (child == 0) return {};
  GitAnswer answer;
  answer.is_installed = true;
  answer.output = read_all(output.descriptor());
  answer.succeeded = wait_for(child);
  lseek(complaints.descriptor(), 0, SEEK_SET);
  answer.complaint = first_line(read_all(complaints.descriptor()));
  return answer;
}

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace querylint::driver
