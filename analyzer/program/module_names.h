// From file paths to the names that Python imports them by.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace querylint::program {

/// The folders imports are resolved from, best first: the given ones, then those a project shows by
/// itself (folders with a `manage.py`, `src`, parents of top-level packages, the project). Paths
/// are relative, with forward slashes; "" is the project itself.
std::vector<std::string> source_roots(const std::vector<std::string>& sorted_paths,
                                      const std::vector<std::string>& configured);

/// The dotted names a file may be imported by, one for each root above it, in the order of `roots`;
/// `a/__init__.py` is `a`. Empty for a root's own `__init__.py`.
std::vector<std::string> module_names(std::string_view path, const std::vector<std::string>& roots);

/// The folder part of a path, without the slash at its end.
std::string_view folder_of(std::string_view path);

}  // namespace querylint::program
