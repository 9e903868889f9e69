// From a file's bytes to the UTF-8 that everything else works on, and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace querylint::driver {

/// Bytes that are not UTF-8 are read as Latin-1, which keeps every line where it is; Python itself
/// would refuse such a file without a declared encoding. Nothing for UTF-16 and UTF-32.
std::optional<std::string> to_utf8(std::string bytes);

/// UTF-8 text as the bytes of a file that had these before `to_utf8`: as it is, or as Latin-1.
/// Nothing where Latin-1 lacks a character.
std::optional<std::string> from_utf8(std::string text, std::string_view original_bytes);

}  // namespace querylint::driver
