#include "reports/line_hash.h"

#include <fmt/format.h>

#include <cstdint>
#include <unordered_map>

#include "reports/code_points.h"

namespace querylint::reports {
namespace {

constexpr std::size_t window = 100;
constexpr std::uint64_t factor = 37;
constexpr char16_t end_of_text = 0xFFFF;

/// What is hashed of a text, and where its lines begin in it.
struct Units {
  std::vector<char16_t> values;
  std::vector<std::size_t> line_begins;
};

void append_utf16(std::vector<char16_t>& out, char32_t value) {
  if (value < 0x10000) {
    out.push_back(static_cast<char16_t>(value));
  } else {
    out.push_back(static_cast<char16_t>(0xD7C0 + (value >> 10)));
    out.push_back(static_cast<char16_t>(0xDC00 + (value & 0x3FF)));
  }
}

Units units_of(std::string_view text) {
  Units units;
  bool begins_line = true;
  char32_t previous = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    at += point.length;
    const bool is_skipped =
        point.value == ' ' || point.value == '\t' || (point.value == '\n' && previous == '\r');
    previous = point.value;
    if (is_skipped) continue;
    if (begins_line) units.line_begins.push_back(units.values.size());
    begins_line = point.value == '\n' || point.value == '\r';
    append_utf16(units.values, begins_line ? U'\n' : point.value);
  }
  if (begins_line) units.line_begins.push_back(units.values.size());
  units.values.push_back(end_of_text);
  units.values.resize(units.values.size() + window);
  return units;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view text) {
  const Units units = units_of(text);
  std::unordered_map<std::uint64_t, int> seen;
  std::vector<std::string> hashes;
  hashes.reserve(units.line_begins.size());
  for (const std::size_t begin : units.line_begins) {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < window; ++i) hash = hash * factor + units.values[begin + i];
    hashes.push_back(fmt::format("{:x}:{}", hash, ++seen[hash]));
  }
  return hashes;
}

}  // namespace querylint::reports
