// A line of source code as a terminal shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/byte_range.h"

namespace querylint::reports {

/// Columns of a terminal, counted from 0, `end` exclusive.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Ranges are bytes of the line. Of a long line the part around `focus` is shown, with an ellipsis
/// wherever something is cut off.
class ShownLine {
 public:
  ShownLine(std::string_view line, base::ByteRange focus);

  std::string text() const;
  /// Where to underline a range: at least one column, and of what is cut off the ellipsis.
  Span columns_of(base::ByteRange range) const;

 private:
  struct Glyph {
    std::uint32_t byte;
    std::uint32_t column;
    std::string text;
  };
  void add(std::uint32_t byte, char32_t value);
  void crop_around(Span focus);
  Span span_of(base::ByteRange range) const;
  std::uint32_t column_of(std::uint32_t byte) const;

  std::vector<Glyph> glyphs_;  ///< and an empty one at the line's end
  std::uint32_t width_ = 0;
  Span window_;  ///< what is shown, without the ellipses
  bool is_cut_before_ = false;
  bool is_cut_behind_ = false;
};

}  // namespace querylint::reports
