// Files that exist only in memory.
#pragma once

#include <map>
#include <string>

namespace querylint::tests {

/// Paths and texts.
using Files = std::map<std::string, std::string>;

}  // namespace querylint::tests
