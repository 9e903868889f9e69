#include "driver/source_text.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace querylint::driver {
namespace {

/// The length of the UTF-8 sequence at `at`; 0 when it is none.
std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(bytes[index]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  if (first >= 0xC2 && first < 0xE0) length = 2;
  if (first >= 0xE0 && first < 0xF0) length = 3;
  if (first >= 0xF0 && first < 0xF5) length = 4;
  if (length == 0 || at + length > bytes.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

bool is_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string from_latin1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text.push_back(c);
    } else {
      text.push_back(static_cast<char>(0xC0 | byte >> 6));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return text;
}

/// `text` is UTF-8.
std::optional<std::string> to_latin1(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    if (length > 2 || (length == 2 && first > 0xC3)) return std::nullopt;
    const int rest = length == 2 ? static_cast<unsigned char>(text[at + 1]) & 0x3F : 0;
    bytes.push_back(length == 2 ? static_cast<char>((first & 0x03) << 6 | rest) : text[at]);
    at += length;
  }
  return bytes;
}

}  // namespace

std::optional<std::string> from_utf8(std::string text, std::string_view original_bytes) {
  if (is_utf8(original_bytes)) return text;
  return to_latin1(text);
}

std::optional<std::string> to_utf8(std::string bytes) {
  if (is_utf8(bytes)) return bytes;
  const bool is_wide = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (is_wide) return std::nullopt;
  return from_latin1(bytes);
}

}  // namespace querylint::driver
