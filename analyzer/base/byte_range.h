// A piece of a source text, as everything before the reports knows positions.
#pragma once

#include <cstdint>

namespace querylint::base {

/// Bytes `begin` to `end` (exclusive) of one file's text. Lines, columns and UTF-16 units are
/// computed from it where somebody reads them, never carried along.
struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool operator==(const ByteRange&) const = default;
  bool contains(std::uint32_t offset) const { return begin <= offset && offset < end; }
};

}  // namespace querylint::base
