// The only door to the disk, with a twin in memory for tests, benchmarks and fuzzing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace querylint::driver {

/// A file's bytes, or why there are none.
struct Content {
  std::optional<std::string> bytes;
  std::string error;  ///< empty, without bytes, when the file has gone since it was listed
};

/// Paths are relative to the folder that the disk was opened on, with forward slashes.
class Disk {
 public:
  virtual ~Disk() = default;

  /// All files below the folder that the project counts as its own, sorted.
  virtual std::vector<std::string> list() = 0;
  virtual Content read(const std::string& path) = 0;
  /// In bytes; 0 when it is gone.
  virtual std::uint64_t size(const std::string& path) = 0;
};

/// A real folder. Where it lies in a git repository the files are those git tracks or would track,
/// so that ignore rules hold; else all below it. Links to folders are not followed.
class Folder : public Disk {
 public:
  explicit Folder(std::string root) : root_(std::move(root)) {}

  std::vector<std::string> list() override;
  Content read(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;

 private:
  std::string root_;
};

class MemoryDisk : public Disk {
 public:
  explicit MemoryDisk(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  std::vector<std::string> list() override;
  Content read(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;

 private:
  std::map<std::string, std::string> files_;
};

/// Writes a whole file or nothing: readers never see half of it. A file that is there keeps its
/// permissions, and a link stays one. What is no file, such as a pipe or `/dev/stdout`, is written
/// to as it is. Returns what went wrong, or nothing.
std::optional<std::string> write_file(const std::string& path, std::string_view bytes);

}  // namespace querylint::driver
