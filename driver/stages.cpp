#include "driver/stages.h"

#include <algorithm>
#include <array>

namespace querylint::driver {
namespace {

constexpr std::array<StageInfo, 8> table = {{
    {Stage::parse, "parse"},
    {Stage::lower, "lower"},
    {Stage::link, "link"},
    {Stage::map, "map"},
    {Stage::follow, "follow"},
    {Stage::judge, "judge"},
    {Stage::settle, "settle"},
    {Stage::report, "report"},
}};

}  // namespace

std::span<const StageInfo> stages() { return table; }

std::optional<Stage> stage_named(std::string_view name) {
  const auto found = std::ranges::find(table, name, &StageInfo::name);
  return found == table.end() ? std::nullopt : std::optional(found->stage);
}

std::string stage_list() {
  std::string out;
  for (const StageInfo& info : table) out.append(out.empty() ? "" : ", ").append(info.name);
  return out;
}

}  // namespace querylint::driver
