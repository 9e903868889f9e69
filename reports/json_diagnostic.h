// A diagnostic as a JSON object: what `json` and `json-lines` are made of.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "analyzer/diagnostics/diagnostic.h"
#include "reports/positions.h"

namespace querylint::reports {

nlohmann::ordered_json json_diagnostic(const diagnostics::Diagnostic& diagnostic, Sources& sources);

}  // namespace querylint::reports
