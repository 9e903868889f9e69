#include "reports/positions.h"

#include <algorithm>

#include "reports/code_points.h"

namespace querylint::reports {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text) {
  const std::size_t first = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  begins_.push_back(static_cast<std::uint32_t>(first));
  for (std::size_t i = first; i < text.size(); ++i) {
    const bool is_end =
        text[i] == '\n' || (text[i] == '\r' && !text.substr(i + 1).starts_with('\n'));
    if (is_end) begins_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

std::uint32_t LineIndex::line_of(std::uint32_t offset) const {
  const auto after = std::upper_bound(begins_.begin() + 1, begins_.end(), offset);
  return static_cast<std::uint32_t>(after - begins_.begin());
}

base::ByteRange LineIndex::line_range(std::uint32_t line) const {
  const std::uint32_t begin = begins_[line - 1];
  auto end = line < line_count() ? begins_[line] : static_cast<std::uint32_t>(text_.size());
  if (line == line_count()) return {begin, end};
  if (text_[end - 1] == '\n') --end;
  if (end > begin && text_[end - 1] == '\r') --end;
  return {begin, end};
}

std::string_view LineIndex::line(std::uint32_t line) const {
  const base::ByteRange range = line_range(line);
  return text_.substr(range.begin, range.end - range.begin);
}

Position LineIndex::position(std::uint32_t offset) const {
  const std::uint32_t number = line_of(offset);
  const base::ByteRange range = line_range(number);
  const std::uint32_t end = std::clamp(offset, range.begin, range.end);
  Position position{number, 1, 1, 1};
  for (std::uint32_t at = range.begin; at < end;) {
    const CodePoint point = code_point_at(text_, at);
    at += point.length;
    if (at > end) break;
    ++position.column;
    position.utf16_column += utf16_length(point.value);
    position.byte_column += point.length;
  }
  return position;
}

base::ByteRange LineIndex::first_line_of(base::ByteRange range) const {
  const base::ByteRange line = line_range(line_of(range.begin));
  const std::uint32_t begin = std::clamp(range.begin, line.begin, line.end);
  return {begin, std::clamp(range.end, begin, line.end)};
}

const LineIndex& Sources::of(const std::string& path) {
  const auto found = indexes_.find(path);
  if (found != indexes_.end()) return found->second;
  return indexes_.emplace(path, LineIndex(text_of_(path))).first->second;
}

}  // namespace querylint::reports
