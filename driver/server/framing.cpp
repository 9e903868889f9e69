#include "driver/server/framing.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace querylint::driver::server {
namespace {

constexpr std::string_view length_name = "Content-Length";
constexpr std::string_view header_end = "\r\n\r\n";

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// The length that a header names. A field that is no field makes the whole header none.
std::optional<std::size_t> content_length(std::string_view header) {
  std::optional<std::size_t> length;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find("\r\n"), header.size());
    const std::string_view field = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    if (!equals_ignoring_case(field.substr(0, colon), length_name)) continue;
    const std::string_view digits = trimmed(field.substr(colon + 1));
    std::size_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || stop != digits.data() + digits.size()) return std::nullopt;
    length = value;
  }
  return length;
}

}  // namespace

std::optional<Frame> FrameReader::next() {
  if (is_lost_ && !find_header()) return std::nullopt;
  const std::size_t end = bytes_.find(header_end);
  if (std::min(end, bytes_.size()) > longest_header) return lose("a message header is too long");
  if (end == std::string::npos) return std::nullopt;
  const auto length = content_length(std::string_view(bytes_).substr(0, end));
  if (!length) return lose("a message header has no valid Content-Length");
  if (*length > longest_body) return lose("a message is too long");
  const std::size_t body = end + header_end.size();
  if (bytes_.size() - body < *length) return std::nullopt;
  Frame frame{bytes_.substr(body, *length), {}};
  bytes_.erase(0, body + *length);
  return frame;
}

Frame FrameReader::lose(std::string why) {
  is_lost_ = true;
  bytes_.erase(0, 1);  // so that the same header is not found again
  return {{}, std::move(why)};
}

/// Every client begins a header with the length, so there the stream can be taken up again.
bool FrameReader::find_header() {
  const std::size_t found = bytes_.find(length_name);
  is_lost_ = found == std::string::npos;
  const std::size_t kept = std::min(bytes_.size(), length_name.size() - 1);  // half of a name
  bytes_.erase(0, is_lost_ ? bytes_.size() - kept : found);
  return !is_lost_;
}

std::string framed(std::string_view body) {
  return std::string(length_name) + ": " + std::to_string(body.size()) + std::string(header_end) +
         std::string(body);
}

}  // namespace querylint::driver::server
