#include "driver/overlay.h"

#include <algorithm>

namespace querylint::driver {

std::vector<std::string> Overlay::list() {
  std::vector<std::string> paths = disk_.list();
  for (const auto& [path, text] : texts_) {
    const auto place = std::ranges::lower_bound(paths, path);
    const bool is_listed = place != paths.end() && *place == path;
    if (!is_listed && is_gone(path)) paths.insert(place, path);
  }
  return paths;
}

bool Overlay::is_gone(const std::string& path) {
  const Content content = disk_.read(path);
  return !content.bytes && content.error.empty();
}

Content Overlay::read(const std::string& path) {
  const auto found = texts_.find(path);
  if (found == texts_.end()) return disk_.read(path);
  return {found->second, {}};
}

std::uint64_t Overlay::size(const std::string& path) {
  const auto found = texts_.find(path);
  return found == texts_.end() ? disk_.size(path) : found->second.size();
}

}  // namespace querylint::driver
