#include "driver/workspace.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

namespace querylint::driver {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The configuration of one folder. Nothing, without an error, when it has none.
ParsedConfig config_in(const fs::path& folder) {
  for (const char* name : {"querylint.toml", "pyproject.toml"}) {
    const fs::path path = folder / name;
    if (!is_there(path)) continue;
    ParsedConfig parsed = parse_config(path.generic_string(), read_text(path));
    if (parsed.config || !parsed.error.empty()) return parsed;
  }
  return {};
}

/// Whether a project begins there, as far as the files say that tools look for.
bool begins_project(const fs::path& folder) {
  return std::ranges::any_of(std::array{"pyproject.toml", "setup.py", "setup.cfg", "manage.py"},
                             [&](const char* name) { return is_there(folder / name); });
}

/// A path that the user gave.
struct Given {
  fs::path place;   ///< where it lies, without links on the way there
  fs::path target;  ///< the same, or where it leads when it is a link to a file
};

Given resolve(const std::string& path, std::error_code& error) {
  const fs::path target = fs::canonical(path, error);
  if (error) return {};
  std::error_code ignored;
  const bool is_link = fs::is_symlink(path, ignored) && !fs::is_directory(target, ignored);
  if (!is_link) return {target, target};
  const fs::path folder = fs::absolute(path, ignored).parent_path();
  return {fs::canonical(folder, error) / fs::path(path).filename(), target};
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

/// The deepest folder that holds all the paths.
fs::path common_folder(const std::vector<Given>& paths) {
  std::error_code error;
  const fs::path& first = paths.front().place;
  fs::path common = fs::is_directory(first, error) ? first : first.parent_path();
  for (const Given& path : paths) {
    while (!is_below(path.place, common)) common = common.parent_path();
  }
  return common;
}

/// What of the workspace the paths say by themselves.
void add_wanted(Workspace& workspace, const std::vector<Given>& paths) {
  std::set<std::string> files;
  for (const Given& path : paths) {
    const fs::path& place = is_below(path.target, workspace.root) ? path.target : path.place;
    const std::string relative = place.lexically_relative(workspace.root).generic_string();
    workspace.wanted.insert(relative);
    std::error_code error;
    if (!fs::is_directory(place, error)) files.insert(relative);
  }
  workspace.files.assign(files.begin(), files.end());
  if (workspace.wanted.contains(".")) workspace.wanted.clear();
}

}  // namespace

bool Workspace::wants(std::string_view path) const {
  if (wanted.empty()) return true;
  while (!wanted.contains(path)) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return false;
    path = path.substr(0, slash);
  }
  return true;
}

bool Workspace::wants(const diagnostics::Diagnostic& diagnostic) const {
  return wants(diagnostic.place.path) ||
         std::ranges::any_of(diagnostic.related, [&](const diagnostics::Related& related) {
           return wants(related.place.path);
         });
}

std::string Workspace::shown(const std::string& path, const std::string& base) const {
  return (fs::path(root) / path).lexically_relative(base).generic_string();
}

Workspace find_workspace(const std::vector<std::string>& given) {
  Workspace workspace;
  std::vector<Given> paths;
  for (const std::string& path : given) {
    std::error_code error;
    Given resolved = resolve(path, error);
    if (error) {
      workspace.missing.push_back(path + ": " + error.message());
    } else {
      paths.push_back(std::move(resolved));
    }
  }
  if (paths.empty()) {
    workspace.error = workspace.missing.front();
    return workspace;
  }
  const fs::path start = common_folder(paths);
  std::optional<fs::path> repository;
  std::optional<fs::path> project;
  for (fs::path folder = start;; folder = folder.parent_path()) {
    ParsedConfig parsed = config_in(folder);
    if (!parsed.error.empty()) {
      workspace.error = parsed.error;
      return workspace;
    }
    if (parsed.config) {
      workspace.config = std::move(*parsed.config);
      repository = folder;
      break;
    }
    if (!repository && is_there(folder / ".git")) repository = folder;
    if (!project && begins_project(folder)) project = folder;
    if (folder == folder.parent_path()) break;
  }
  const bool has_nothing_in_common = paths.size() > 1 && start == start.root_path();
  if (!repository && !project && has_nothing_in_common) {
    workspace.error = "the given paths are of no one project: check each on its own";
    return workspace;
  }
  workspace.root = (repository ? *repository : project.value_or(start)).generic_string();
  add_wanted(workspace, paths);
  return workspace;
}

}  // namespace querylint::driver
