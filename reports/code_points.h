// Text as its readers count it: in code points, in UTF-16 units, in columns of a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace querylint::reports {

struct CodePoint {
  char32_t value = 0;
  std::uint32_t length = 0;  ///< in bytes
};

/// The code point at `at`, which lies inside `text`. Each piece of invalid UTF-8 is one U+FFFD, cut
/// as editors and browsers cut it (the WHATWG decoder), so that their columns and ours agree.
CodePoint code_point_at(std::string_view text, std::size_t at);

inline std::uint32_t utf16_length(char32_t value) { return value < 0x10000 ? 1 : 2; }

/// How many columns of a terminal a printable code point takes: 0, 1 or 2.
std::uint32_t terminal_width(char32_t value);

/// The code point as UTF-8. One that would move the cursor or reorder the line, and so could forge
/// what a terminal shows, is replaced by a picture of itself or by U+FFFD.
void append_printable(std::string& out, char32_t value);

}  // namespace querylint::reports
