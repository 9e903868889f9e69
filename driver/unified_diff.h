// Differences between two texts as `patch` and reviewers read them.
#pragma once

#include <string>
#include <string_view>

namespace querylint::driver {

/// The unified diff that makes `after` of `before`, with three lines of context; empty where the
/// texts are equal. Lines end with LF: a CR before it is part of the line.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace querylint::driver
