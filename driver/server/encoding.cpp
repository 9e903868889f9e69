#include "driver/server/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

#include "reports/code_points.h"

namespace querylint::driver::server {
namespace {

constexpr std::array<std::pair<std::string_view, Encoding>, 3> encodings = {
    {{"utf-8", Encoding::utf8}, {"utf-16", Encoding::utf16}, {"utf-32", Encoding::utf32}}};

std::uint32_t units_of(reports::CodePoint point, Encoding encoding) {
  if (encoding == Encoding::utf8) return point.length;
  return encoding == Encoding::utf16 ? reports::utf16_length(point.value) : 1;
}

/// Clients send any number; what no text reaches is cut to what no text reaches.
std::uint32_t count_of(const Json& number) {
  if (!number.is_number_integer()) {
    throw ProtocolError(ErrorCode::invalid_params, "a position needs a line and a character");
  }
  if (number.is_number_unsigned()) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(number.get<std::uint64_t>(), UINT32_MAX));
  }
  throw ProtocolError(ErrorCode::invalid_params, "a line or character is negative");
}

}  // namespace

std::string_view name_of(Encoding encoding) {
  return std::ranges::find(encodings, encoding, &std::pair<std::string_view, Encoding>::second)
      ->first;
}

Encoding agreed_encoding(const Json& client_capabilities) {
  for (const Json& offered : part(client_capabilities, {"general", "positionEncodings"})) {
    for (const auto& [name, encoding] : encodings) {
      if (offered == name) return encoding;
    }
  }
  return Encoding::utf16;
}

std::uint32_t offset_of(const reports::LineIndex& index, const Json& position, Encoding encoding) {
  const std::uint32_t line = count_of(part(position, "line"));
  const std::uint32_t character = count_of(part(position, "character"));
  if (line >= index.line_count()) return static_cast<std::uint32_t>(index.text().size());
  const base::ByteRange range = index.line_range(line + 1);
  std::uint32_t at = range.begin;
  for (std::uint32_t passed = 0; at < range.end;) {
    const reports::CodePoint point = reports::code_point_at(index.text(), at);
    passed += units_of(point, encoding);
    if (passed > character) break;
    at += point.length;
  }
  return std::min(at, range.end);
}

base::ByteRange bytes_of(const reports::LineIndex& index, const Json& range, Encoding encoding) {
  const std::uint32_t begin = offset_of(index, part(range, "start"), encoding);
  return {begin, std::max(begin, offset_of(index, part(range, "end"), encoding))};
}

Json position_of(const reports::LineIndex& index, std::uint32_t offset, Encoding encoding) {
  const reports::Position position = index.position(offset);
  std::uint32_t character = position.column - 1;
  if (encoding == Encoding::utf16) character = position.utf16_column - 1;
  if (encoding == Encoding::utf8) {
    const base::ByteRange line = index.line_range(position.line);
    character = std::clamp(offset, line.begin, line.end) - line.begin;
  }
  return {{"line", position.line - 1}, {"character", character}};
}

Json range_of(const reports::LineIndex& index, base::ByteRange range, Encoding encoding) {
  return {{"start", position_of(index, range.begin, encoding)},
          {"end", position_of(index, std::max(range.begin, range.end), encoding)}};
}

}  // namespace querylint::driver::server
