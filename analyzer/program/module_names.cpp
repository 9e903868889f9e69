#include "analyzer/program/module_names.h"

#include <algorithm>
#include <set>

namespace querylint::program {
namespace {

std::string_view file_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() ||
         (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

void add_unless_there(std::vector<std::string>& roots, std::string_view root) {
  if (std::find(roots.begin(), roots.end(), root) == roots.end()) roots.emplace_back(root);
}

}  // namespace

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::vector<std::string> source_roots(const std::vector<std::string>& sorted_paths,
                                      const std::vector<std::string>& configured) {
  std::vector<std::string> roots;
  for (const std::string& root : configured) {
    add_unless_there(roots, root == "." ? std::string_view() : std::string_view(root));
  }
  std::set<std::string_view> packages;
  for (const std::string& path : sorted_paths) {
    if (file_of(path) == "__init__.py") packages.insert(folder_of(path));
    if (file_of(path) == "manage.py") add_unless_there(roots, folder_of(path));
  }
  for (const std::string_view package : packages) {
    if (package.empty()) continue;
    const std::string_view parent = folder_of(package);
    if (!packages.contains(parent) || parent.empty()) add_unless_there(roots, parent);
  }
  add_unless_there(roots, "");
  for (const std::string& path : sorted_paths) {
    if (path.starts_with("src/")) add_unless_there(roots, "src");
  }
  return roots;
}

std::vector<std::string> module_names(std::string_view path,
                                      const std::vector<std::string>& roots) {
  std::vector<std::string> names;
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return names;
  std::string_view stem = path.substr(0, dot);
  if (file_of(stem) == "__init__") stem = folder_of(stem);
  for (const std::string& root : roots) {
    if (!is_below(stem, root)) continue;
    std::string name(root.empty() ? stem : stem.substr(root.size() + 1));
    std::replace(name.begin(), name.end(), '/', '.');
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace querylint::program
