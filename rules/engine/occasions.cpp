#include "rules/engine/occasions.h"

#include <algorithm>
#include <array>

namespace querylint::rules {
namespace {

template <std::size_t count>
bool has_any(std::string_view text, const std::array<std::string_view, count>& parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

}  // namespace

bool is_run_by_hand(std::string_view path) {
  static constexpr std::array<std::string_view, 6> folders = {
      "migrat", "management/", "commands/", "scripts/", "fixtures/", "versions/"};
  return has_any(path, folders);
}

bool is_job(std::string_view path, std::string_view function) {
  static constexpr std::array<std::string_view, 5> names = {"tasks", "jobs", "cron", "script",
                                                            "export"};
  return is_run_by_hand(path) || has_any(path, names) || function.ends_with("_task") ||
         function.find("export") != std::string_view::npos;
}

}  // namespace querylint::rules
