#include "driver/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace querylint::driver {
namespace {

using Lines = std::vector<std::string_view>;

/// With their ends; the last one may have none.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// One line of a script that turns one text into the other: ' ' stays, '-' goes, '+' comes.
struct Step {
  char kind = ' ';
  std::string_view line;
};

/// The furthest line of `before` on each diagonal, after each number of changes.
using Reached = std::vector<std::vector<std::ptrdiff_t>>;

std::ptrdiff_t at(const std::vector<std::ptrdiff_t>& reached, std::ptrdiff_t diagonal) {
  const auto middle = static_cast<std::ptrdiff_t>(reached.size() / 2);
  return reached[static_cast<std::size_t>(middle + diagonal)];
}

/// Whether the best way to a diagonal adds a line, rather than taking one away.
bool adds(const std::vector<std::ptrdiff_t>& before, std::ptrdiff_t changes,
          std::ptrdiff_t diagonal) {
  if (diagonal == -changes) return true;
  return diagonal != changes && at(before, diagonal - 1) < at(before, diagonal + 1);
}

/// Myers' greedy algorithm: the fewest lines that go or come.
Reached reach(const Lines& before, const Lines& after) {
  const auto old_size = static_cast<std::ptrdiff_t>(before.size());
  const auto new_size = static_cast<std::ptrdiff_t>(after.size());
  Reached all = {{0, 0, 0}};
  for (std::ptrdiff_t changes = 0;; ++changes) {
    std::vector<std::ptrdiff_t> now(static_cast<std::size_t>(2 * changes + 3), 0);
    for (std::ptrdiff_t diagonal = -changes; diagonal <= changes; diagonal += 2) {
      std::ptrdiff_t x = 0;
      if (changes > 0) {
        const bool is_added = adds(all.back(), changes, diagonal);
        x = is_added ? at(all.back(), diagonal + 1) : at(all.back(), diagonal - 1) + 1;
      }
      while (x < old_size && x - diagonal < new_size && x - diagonal >= 0 &&
             before[static_cast<std::size_t>(x)] == after[static_cast<std::size_t>(x - diagonal)])
        ++x;
      now[static_cast<std::size_t>(changes + 1 + diagonal)] = x;
      if (x >= old_size && x - diagonal >= new_size) {
        all.push_back(std::move(now));
        return all;
      }
    }
    all.push_back(std::move(now));
  }
}

std::vector<Step> steps_between(const Lines& before, const Lines& after) {
  const Reached all = reach(before, after);
  std::vector<Step> steps;
  auto x = static_cast<std::ptrdiff_t>(before.size());
  auto y = static_cast<std::ptrdiff_t>(after.size());
  for (auto changes = static_cast<std::ptrdiff_t>(all.size()) - 2; changes >= 0; --changes) {
    const std::vector<std::ptrdiff_t>& earlier = all[static_cast<std::size_t>(changes)];
    const bool is_added = changes > 0 && adds(earlier, changes, x - y);
    std::ptrdiff_t from = 0;
    if (changes > 0) from = is_added ? at(earlier, x - y + 1) : at(earlier, x - y - 1) + 1;
    while (x > from) {
      steps.push_back({' ', before[static_cast<std::size_t>(--x)]});
      --y;
    }
    if (changes == 0) break;
    if (is_added) {
      steps.push_back({'+', after[static_cast<std::size_t>(--y)]});
    } else {
      steps.push_back({'-', before[static_cast<std::size_t>(--x)]});
    }
  }
  std::ranges::reverse(steps);
  return steps;
}

/// `12,3`, or `12` for one line; of no lines the one before is named.
std::string range_of(std::size_t begin, std::size_t count) {
  if (count == 1) return fmt::to_string(begin + 1);
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

/// Steps `begin` to `end` as one hunk; lines counted from 0 of both texts stand before it.
std::string hunk(const std::vector<Step>& steps, std::size_t begin, std::size_t end,
                 std::size_t old_line, std::size_t new_line) {
  std::string body;
  std::size_t old_count = 0;
  std::size_t new_count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    old_count += steps[i].kind != '+' ? 1 : 0;
    new_count += steps[i].kind != '-' ? 1 : 0;
    body.append(1, steps[i].kind).append(steps[i].line);
    if (!steps[i].line.ends_with('\n')) body.append("\n\\ No newline at end of file\n");
  }
  return fmt::format("@@ -{} +{} @@\n{}", range_of(old_line, old_count),
                     range_of(new_line, new_count), body);
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  constexpr std::size_t context = 3;
  if (before == after) return {};
  const std::vector<Step> steps = steps_between(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- {0}\n+++ {0}\n", path);
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  std::size_t done = 0;  // steps that the line numbers count
  const auto go_to = [&](std::size_t step) {
    for (; done < step; ++done) {
      old_line += steps[done].kind != '+' ? 1 : 0;
      new_line += steps[done].kind != '-' ? 1 : 0;
    }
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind == ' ') continue;
    const std::size_t begin = std::max(done, i - std::min(i, context));
    std::size_t last = i;  // the last change with no more than two contexts to the one before
    for (std::size_t j = i; j < steps.size() && j - last <= 2 * context + 1; ++j) {
      if (steps[j].kind != ' ') last = j;
    }
    const std::size_t end = std::min(last + 1 + context, steps.size());
    go_to(begin);
    out += hunk(steps, begin, end, old_line, new_line);
    go_to(end);
    i = end - 1;
  }
  return out;
}

}  // namespace querylint::driver
