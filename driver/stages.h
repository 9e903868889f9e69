// The stages by name: one table for `dump` and its help.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "driver/pipeline.h"

namespace querylint::driver {

enum class Stage : std::uint8_t { parse, lower, link, map, follow, judge, settle, report };

struct StageInfo {
  Stage stage;
  std::string_view name;
};

std::span<const StageInfo> stages();
std::optional<Stage> stage_named(std::string_view name);
/// `parse, lower, ...`
std::string stage_list();

using Wanted = std::function<bool(const std::string& path)>;

/// What the stage makes of the wanted files, as stable text.
std::string dump_stage(Stage stage, const Project& project, const Input& input,
                       const Wanted& wants);

}  // namespace querylint::driver
