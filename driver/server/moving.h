// Findings of code that an edit has not touched, though its place in the file is another one.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "driver/server/document.h"

namespace querylint::driver::server {

/// Puts all places of the findings that lie in the file to where they are after the edit. False,
/// with nothing done, when the edit has touched one.
bool move_all(std::vector<diagnostics::Diagnostic>& findings, const std::string& path,
              const Splice& edit);

}  // namespace querylint::driver::server
