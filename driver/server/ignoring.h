// The comment that silences a finding, as an edit.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::driver::server {

/// Adds the finding's rule to the comments of its line. Nothing where no comment can stand at the
/// line's end: behind a backslash, or inside of a string. `text` is the file's.
std::optional<diagnostics::Edit> ignoring_edit(const diagnostics::Diagnostic& finding,
                                               std::string_view text);

}  // namespace querylint::driver::server
