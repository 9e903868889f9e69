// A disk on which unsaved text wins.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "driver/disk.h"

namespace querylint::driver::server {

/// What lies on another disk, but for the files that are open in the editor. A file that is open
/// and not on the disk yet counts as the project's own; one that the disk has but does not list,
/// such as an ignored one, does not.
class Overlay : public Disk {
 public:
  explicit Overlay(std::unique_ptr<Disk> disk) : disk_(std::move(disk)) {}

  void open(const std::string& path, std::string text) { open_[path] = std::move(text); }
  void close(const std::string& path) { open_.erase(path); }
  const std::map<std::string, std::string>& opened() const { return open_; }

  std::vector<std::string> list() override;
  Content read(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;

 private:
  bool is_gone(const std::string& path);

  std::unique_ptr<Disk> disk_;
  std::map<std::string, std::string> open_;  ///< texts by path
};

}  // namespace querylint::driver::server
