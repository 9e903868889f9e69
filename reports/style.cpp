#include "reports/style.h"

#include <fmt/format.h>

#include <array>

#include "reports/code_points.h"

namespace querylint::reports {
namespace {

constexpr std::array codes = {"1", "1;31", "1;33", "1;36", "1;34"};
static_assert(codes.size() == static_cast<std::size_t>(Style::frame) + 1);

}  // namespace

Style style_of(diagnostics::Severity severity) {
  switch (severity) {
    case diagnostics::Severity::error:
      return Style::error;
    case diagnostics::Severity::warning:
      return Style::warning;
    case diagnostics::Severity::advice:
      return Style::advice;
  }
  return Style::strong;
}

std::string Painter::operator()(Style style, std::string_view text) const {
  if (!use_colour_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(style)], text);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    at += point.length;
    const bool is_blank = point.value == '\n' || point.value == '\r' || point.value == '\t';
    append_printable(out, is_blank ? U' ' : point.value);
  }
  return out;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace querylint::reports
