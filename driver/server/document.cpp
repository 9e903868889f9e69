#include "driver/server/document.h"

#include <algorithm>

namespace querylint::driver::server {
namespace {

bool is_inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

Splice difference(std::string_view before, std::string_view after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t begin = 0;
  while (begin < shorter && before[begin] == after[begin]) ++begin;
  while (begin > 0 && (is_inside_character(before, begin) || is_inside_character(after, begin))) {
    --begin;
  }
  std::size_t tail = 0;
  while (tail < shorter - begin &&
         before[before.size() - tail - 1] == after[after.size() - tail - 1]) {
    ++tail;
  }
  while (tail > 0 && is_inside_character(before, before.size() - tail)) --tail;
  return {{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(before.size() - tail)},
          static_cast<std::uint32_t>(after.size() - tail - begin)};
}

std::optional<base::ByteRange> moved(base::ByteRange range, const Splice& splice) {
  if (range.end <= splice.replaced.begin) return range;
  if (range.begin < splice.replaced.end) return std::nullopt;
  const std::uint32_t shift = splice.length - (splice.replaced.end - splice.replaced.begin);
  return base::ByteRange{range.begin + shift, range.end + shift};  // modulo 2^32, as it may shrink
}

void apply_change(std::string& text, const Json& change, Encoding encoding) {
  std::string replacement = required_string(change, {"text"});
  const Json& range = part(change, "range");
  if (range.is_null()) {
    text = std::move(replacement);
    return;
  }
  const base::ByteRange bytes = bytes_of(reports::LineIndex(text), range, encoding);
  text.replace(bytes.begin, bytes.end - bytes.begin, replacement);
}

}  // namespace querylint::driver::server
