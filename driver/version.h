#pragma once

#include <string_view>

namespace querylint::driver {

/// As `project(... VERSION ...)` of the build says.
constexpr std::string_view version = QUERYLINT_VERSION;

}  // namespace querylint::driver
