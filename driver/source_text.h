// From a file's bytes to the UTF-8 that everything else works on.
#pragma once

#include <optional>
#include <string>

namespace querylint::driver {

/// Bytes that are not UTF-8 are read as Latin-1, which keeps every line where it is; Python itself
/// would refuse such a file without a declared encoding. Nothing for UTF-16 and UTF-32.
std::optional<std::string> to_utf8(std::string bytes);

}  // namespace querylint::driver
