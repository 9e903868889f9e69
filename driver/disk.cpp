#include "driver/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "driver/git.h"

namespace querylint::driver {
namespace {

namespace fs = std::filesystem;

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
  const GitAnswer listed =
      ask_git(root_, {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
  paths = listed.succeeded ? split_at_nul(listed.output) : walk(root_);
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
  error.clear();
  const fs::path target = fs::exists(status) ? fs::canonical(path, error) : fs::path(path);
  if (error) return error.message();
  const std::string temporary = target.string() + ".tmp" + std::to_string(getpid());
  if (auto trouble = write_bytes(temporary, bytes)) {
    fs::remove(temporary, error);
    return trouble;
  }
  if (fs::exists(status)) fs::permissions(temporary, status.permissions(), error);
  if (!error) fs::rename(temporary, target, error);
  if (!error) return std::nullopt;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return error.message();
}

}  // namespace querylint::driver
