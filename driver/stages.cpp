#include "driver/stages.h"

#include <algorithm>
#include <array>

namespace querylint::driver {
namespace {

constexpr std::array<StageInfo, 8> table = {{
    {Stage::parse, "parse", "a syntax tree of each file"},
    {Stage::lower, "lower", "each file in the one program form"},
    {Stage::link, "link", "names, imports and classes of the whole program"},
    {Stage::map, "map", "the schema: entities, columns, relations, indexes"},
    {Stage::follow, "follow", "the trace of each function: what is queried, where, how often"},
    {Stage::judge, "judge", "what the rules say of each trace"},
    {Stage::settle, "settle", "each cause once, sorted, suppressions applied"},
    {Stage::report, "report", "the findings as people read them"},
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
