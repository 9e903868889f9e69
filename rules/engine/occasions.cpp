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
  static constexpr std::array<std::string_view, 9> folders = {
      "management", "commands",  "scripts",  "install",  "fixtures",
      "alembic",    "revisions", "tutorial", "tutorials"};
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    const bool is_folder = end < path.size();
    if (part.starts_with("migrat") || part.find("_migrat") != std::string_view::npos) return true;
    if (is_folder && std::ranges::find(folders, part) != folders.end()) return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

bool makes_up_data(const ir::Module& module) {
  static constexpr std::array<std::string_view, 8> libraries = {
      "faker", "factory", "mimesis", "loremipsum", "lorem", "model_bakery", "mixer", "names"};
  return std::ranges::any_of(module.code, [&](const ir::Instruction& import) {
    if (import.op != ir::Op::import) return false;
    const std::string_view path = module.text({import.a});
    return std::ranges::find(libraries, path.substr(0, path.find('.'))) != libraries.end();
  });
}

bool is_job(std::string_view path, std::string_view function) {
  static constexpr std::array<std::string_view, 5> names = {"tasks", "jobs", "cron", "script",
                                                            "export"};
  return is_run_by_hand(path) || has_any(path, names) || function.ends_with("_task") ||
         function.find("export") != std::string_view::npos;
}

}  // namespace querylint::rules
