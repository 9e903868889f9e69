// Code frames: lines of a file with places in them underlined.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/byte_range.h"
#include "analyzer/diagnostics/diagnostic.h"
#include "reports/positions.h"
#include "reports/style.h"

namespace querylint::reports {

/// An underlined place. Of a range over several lines the first is underlined.
struct Mark {
  base::ByteRange range;
  std::string_view label;  ///< said behind the underline
  bool is_primary = false;

  bool operator==(const Mark&) const = default;
};

/// The places in one file that belong to one finding; the first is the one that the frame names.
struct Frame {
  std::string_view path;
  const LineIndex* index = nullptr;
  std::vector<Mark> marks;
};

/// The finding's place and its related places, by file: the finding's own file comes first.
std::vector<Frame> frames_of(const diagnostics::Diagnostic& diagnostic, Sources& sources);

/// The frames as text, one below the other. The finding's place is underlined in `style`; `note`
/// follows the last frame, unless it is empty.
std::string draw(const std::vector<Frame>& frames, Style style, const Painter& paint,
                 std::string_view note);

}  // namespace querylint::reports
