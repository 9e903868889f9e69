// The JSON schema of the configuration, for editors that complete and check it.
#pragma once

#include <string>

namespace querylint::driver {

/// JSON Schema, draft 7, of the table `[tool.querylint]` and of a whole `querylint.toml`: the keys
/// that are read, and the rules that this binary has.
std::string config_schema();

}  // namespace querylint::driver
