#include "driver/disk.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace querylint::driver {
namespace {

namespace fs = std::filesystem;

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

/// What `git` prints, or nothing when it is not there or fails. The only program that is ever
/// started. A repository's own configuration may name a program as its file system monitor, and
/// would have git run it: code that is read is never run.
std::optional<std::string> run_git(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-c", "core.fsmonitor=false", "-C", folder});
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  std::vector<char*> environment = environment_for_git();
  const int failure =
      posix_spawnp(&child, "git", &actions, nullptr, words.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string output;
  char buffer[65536];
  while (failure == 0) {
    const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    output.append(buffer, static_cast<std::size_t>(count));
  }
  close(ends[0]);
  if (failure != 0) return std::nullopt;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const bool succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return succeeded ? std::optional(std::move(output)) : std::nullopt;
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

/// Folders that hold other people's code or none at all; only asked outside of git.
bool is_foreign(const std::string& name) {
  return name == ".git" || name == "node_modules" || name == "__pycache__" || name == ".venv" ||
         name == "venv" || name == ".tox" || name == "site-packages";
}

std::vector<std::string> walk(const fs::path& root) {
  std::vector<std::string> paths;
  std::error_code error;
  fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    const bool is_folder = entry->is_directory(ignored) && !entry->is_symlink(ignored);
    if (is_folder && is_foreign(entry->path().filename().string()))
      entry.disable_recursion_pending();
    if (entry->is_regular_file(ignored)) {
      paths.push_back(entry->path().lexically_relative(root).generic_string());
    }
  }
  return paths;
}

std::optional<std::string> write_bytes(const std::string& path, std::string_view bytes) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.flush()) return std::nullopt;
  return errno != 0 ? std::strerror(errno) : "cannot be written";
}

}  // namespace

std::vector<std::string> Folder::list() {
  std::vector<std::string> paths;
  const auto listed =
      run_git(root_, {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
  paths = listed ? split_at_nul(*listed) : walk(root_);
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

Content Folder::read(const std::string& path) {
  const std::string whole = (fs::path(root_) / path).string();
  const int file = open(whole.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return {std::nullopt, errno == ENOENT ? "" : std::strerror(errno)};
  std::string bytes;
  char buffer[65536];
  while (true) {
    const ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const std::string error = std::strerror(errno);
      close(file);
      return {std::nullopt, error};
    }
    if (count == 0) break;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
  close(file);
  return {std::move(bytes), {}};
}

std::uint64_t Folder::size(const std::string& path) {
  std::error_code error;
  const auto bytes = fs::file_size(fs::path(root_) / path, error);
  return error ? 0 : bytes;
}

std::vector<std::string> MemoryDisk::list() {
  std::vector<std::string> paths;
  for (const auto& [path, text] : files_) paths.push_back(path);
  return paths;
}

Content MemoryDisk::read(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return {};
  return {found->second, {}};
}

std::uint64_t MemoryDisk::size(const std::string& path) {
  const auto found = files_.find(path);
  return found == files_.end() ? 0 : found->second.size();
}

std::optional<std::string> write_file(const std::string& path, std::string_view bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  const bool is_device = fs::exists(status) && !fs::is_regular_file(status);
  if (is_device) return write_bytes(path, bytes);
  const std::string temporary = path + ".tmp" + std::to_string(getpid());
  if (auto trouble = write_bytes(temporary, bytes)) {
    fs::remove(temporary, error);
    return trouble;
  }
  fs::rename(temporary, path, error);
  if (!error) return std::nullopt;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return error.message();
}

}  // namespace querylint::driver
