#include "reports/code_points.h"

#include <algorithm>
#include <array>
#include <span>

namespace querylint::reports {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Interval {
  char32_t first;
  char32_t last;
};

/// East Asian Width W and F of Unicode 14, unassigned gaps filled.
constexpr std::array wide = std::to_array<Interval>(
    {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
     {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
     {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
     {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
     {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
     {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
     {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
     {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
     {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55},   {0x2E80, 0x303E},
     {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4C6},   {0xA960, 0xA97C},
     {0xAC00, 0xD7A3},   {0xF900, 0xFAD9},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6B},
     {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x1B2FB}, {0x1F004, 0x1F004},
     {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320},
     {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA},
     {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E},
     {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E},
     {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4},
     {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2},
     {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
     {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF},
     {0x20000, 0x3FFFD}});

/// Marks that join the letter before them, as they occur in names and strings of source code.
constexpr std::array joining = std::to_array<Interval>(
    {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
     {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},
     {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x20D0, 0x20F0},
     {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}});

bool contains(std::span<const Interval> table, char32_t value) {
  const auto after = std::ranges::upper_bound(table, value, {}, &Interval::first);
  return after != table.begin() && value <= std::prev(after)->last;
}

bool reorders_line(char32_t value) {
  return value == 0x061C || (0x200E <= value && value <= 0x200F) ||
         (0x2028 <= value && value <= 0x202E) || (0x2066 <= value && value <= 0x2069);
}

/// What a terminal is given in place of `value`.
char32_t shown(char32_t value) {
  if (value < 0x20) return 0x2400 + value;
  if (value == 0x7F) return 0x2421;
  return (0x80 <= value && value < 0xA0) || reorders_line(value) ? replacement : value;
}

void append_utf8(std::string& out, char32_t value) {
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
    return;
  }
  const int rest = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  const char32_t lead = (0xFF00u >> (rest + 1)) & 0xFF;
  out.push_back(static_cast<char>(lead | (value >> (6 * rest))));
  for (int i = rest - 1; i >= 0; --i) {
    out.push_back(static_cast<char>(0x80 | ((value >> (6 * i)) & 0x3F)));
  }
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const char32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {replacement, 1};
  const std::uint32_t rest = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  // The second byte's limits keep out overlong forms, surrogates and what lies beyond U+10FFFF.
  char32_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  char32_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t value = lead & (0x3Fu >> rest);
  for (std::uint32_t i = 1; i <= rest; ++i) {
    const char32_t next = byte(at + i);
    if (next < low || next > high) return {replacement, i};
    value = value << 6 | (next & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {value, rest + 1};
}

std::uint32_t terminal_width(char32_t value) {
  if (value < 0x300) return 1;
  if (contains(joining, value)) return 0;
  return contains(wide, value) ? 2 : 1;
}

void append_printable(std::string& out, char32_t value) { append_utf8(out, shown(value)); }

}  // namespace querylint::reports
