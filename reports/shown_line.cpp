#include "reports/shown_line.h"

#include <algorithm>
#include <iterator>

#include "reports/code_points.h"

namespace querylint::reports {
namespace {

constexpr std::uint32_t tab_width = 4;
constexpr std::uint32_t widest = 140;
constexpr std::uint32_t context = 40;
constexpr std::string_view ellipsis = "…";

}  // namespace

ShownLine::ShownLine(std::string_view line, base::ByteRange focus) {
  std::uint32_t at = 0;
  while (at < line.size()) {
    const CodePoint point = code_point_at(line, at);
    add(at, point.value);
    at += point.length;
  }
  glyphs_.push_back({at, width_, {}});
  crop_around(span_of(focus));
}

void ShownLine::add(std::uint32_t byte, char32_t value) {
  Glyph glyph{byte, width_, {}};
  if (value == '\t') {
    glyph.text.assign(tab_width - width_ % tab_width, ' ');
    width_ += static_cast<std::uint32_t>(glyph.text.size());
  } else {
    append_printable(glyph.text, value);
    width_ += terminal_width(value);
  }
  glyphs_.push_back(std::move(glyph));
}

void ShownLine::crop_around(Span focus) {
  window_ = {0, width_};
  if (width_ <= widest) return;
  const bool is_near_begin = focus.end + context <= widest;
  const std::uint32_t begin = is_near_begin ? 0 : focus.begin - std::min(focus.begin, context);
  window_.begin = std::min(begin, width_ - widest);
  window_.end = window_.begin + widest;
  is_cut_before_ = window_.begin > 0;
  is_cut_behind_ = window_.end < width_;
}

std::uint32_t ShownLine::column_of(std::uint32_t byte) const {
  return std::prev(std::ranges::upper_bound(glyphs_, byte, {}, &Glyph::byte))->column;
}

Span ShownLine::span_of(base::ByteRange range) const {
  return {column_of(range.begin), column_of(range.end)};
}

std::string ShownLine::text() const {
  std::string out(is_cut_before_ ? ellipsis : "");
  std::uint32_t filled = window_.begin;
  for (std::size_t i = 0; i + 1 < glyphs_.size(); ++i) {
    const Glyph& glyph = glyphs_[i];
    const std::uint32_t end = glyphs_[i + 1].column;
    if (glyph.column < window_.begin || end > window_.end) continue;
    // A wide character that the window cuts in half leaves a blank.
    out.append(glyph.column - filled, ' ').append(glyph.text);
    filled = end;
  }
  return out.append(is_cut_behind_ ? ellipsis : "");
}

Span ShownLine::columns_of(base::ByteRange range) const {
  const Span span = span_of(range);
  const std::uint32_t first = window_.begin - (is_cut_before_ ? 1 : 0);
  const std::uint32_t end_of_view = window_.end + (is_cut_behind_ ? 1 : 0);
  const std::uint32_t begin = std::clamp(span.begin, first, window_.end);
  const std::uint32_t end = std::max(std::min(span.end, end_of_view), begin + 1);
  return {begin - first, end - first};
}

}  // namespace querylint::reports
