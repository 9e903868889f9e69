// URIs of files and the paths that they name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace querylint::driver::server {

/// The absolute path that a `file:` URI names, as it is spelled there; nothing for other URIs.
std::optional<std::string> path_of_uri(std::string_view uri);

std::string uri_of_path(std::string_view path);

/// The path with all links followed, as far as it exists.
std::string canonical_path(const std::string& path);

}  // namespace querylint::driver::server
