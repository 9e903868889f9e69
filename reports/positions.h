// Lines and columns of a text, from byte offsets.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/base/byte_range.h"

namespace querylint::reports {

/// Where an offset stands, counted from 1. A byte order mark is no part of the first line, and an
/// offset inside of a code point or of a line end stands at its beginning.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;        ///< in code points
  std::uint32_t utf16_column = 1;  ///< in UTF-16 units
  std::uint32_t byte_column = 1;   ///< in bytes of UTF-8

  bool operator==(const Position&) const = default;
};

/// The lines of a text: they end with CR, LF or CRLF, and the last one may be empty. Offsets beyond
/// the text count as its end. The text must outlive the index.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  std::string_view text() const { return text_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(begins_.size()); }

  std::uint32_t line_of(std::uint32_t offset) const;
  Position position(std::uint32_t offset) const;

  /// The bytes of a line without its end. `line` is one of 1 to `line_count()`.
  base::ByteRange line_range(std::uint32_t line) const;
  std::string_view line(std::uint32_t line) const;

  /// The part of `range` on the line where it begins.
  base::ByteRange first_line_of(base::ByteRange range) const;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> begins_;
};

/// The indexes of all files that a report names, each made once.
class Sources {
 public:
  using TextOf = std::function<std::string_view(const std::string& path)>;

  /// What `text_of` returns must stay while the sources are used.
  explicit Sources(const TextOf& text_of) : text_of_(text_of) {}

  const LineIndex& of(const std::string& path);

 private:
  const TextOf& text_of_;
  std::unordered_map<std::string, LineIndex> indexes_;
};

}  // namespace querylint::reports
