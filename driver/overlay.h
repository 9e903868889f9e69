// A disk with texts over it: unsaved ones of an editor, or fixed ones.
#pragma once

#include <map>
#include <string>

#include "driver/disk.h"

namespace querylint::driver {

/// What lies on another disk, which outlives it, but for the files that have a text here. One of
/// these that is not on the disk yet counts as the project's own; one that the disk has but does
/// not list, such as an ignored one, does not.
class Overlay : public Disk {
 public:
  explicit Overlay(Disk& disk) : disk_(disk) {}

  void put(const std::string& path, std::string text) { texts_[path] = std::move(text); }
  void take_away(const std::string& path) { texts_.erase(path); }
  const std::map<std::string, std::string>& texts() const { return texts_; }

  std::vector<std::string> list() override;
  Content read(const std::string& path) override;
  std::uint64_t size(const std::string& path) override;

 private:
  bool is_gone(const std::string& path);

  Disk& disk_;
  std::map<std::string, std::string> texts_;  ///< by path
};

}  // namespace querylint::driver
