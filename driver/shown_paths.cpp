#include "driver/shown_paths.h"

#include <cstdlib>
#include <filesystem>

namespace querylint::driver {
namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

std::string base_of(const reports::Format& format, const std::string& root) {
  std::error_code error;
  const char* named = format.base_variable == nullptr ? nullptr : std::getenv(format.base_variable);
  if (named != nullptr && *named != '\0') {
    const fs::path folder = fs::canonical(named, error);
    if (!error && is_below(root, folder)) return folder.string();
  }
  return fs::canonical(fs::current_path(error), error).string();
}

void ShownPaths::show(diagnostics::Diagnostic& diagnostic) {
  show(diagnostic.place.path);
  for (auto& related : diagnostic.related) show(related.place.path);
  for (auto& step : diagnostic.flow) show(step.place.path);
  for (auto& fix : diagnostic.fixes) {
    for (auto& edit : fix.edits) show(edit.place.path);
  }
}

std::string_view ShownPaths::text_of(const std::string& shown) const {
  const auto found = originals_.find(shown);
  return found == originals_.end() ? std::string_view() : reading_.text_of(found->second);
}

void ShownPaths::show(std::string& path) {
  std::string as_seen = shown(path);
  originals_.emplace(as_seen, path);
  path = std::move(as_seen);
}

}  // namespace querylint::driver
