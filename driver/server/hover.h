// What a finding's rule says, where the pointer rests on the finding.
#pragma once

#include <span>

#include "analyzer/diagnostics/diagnostic.h"
#include "driver/server/client.h"

namespace querylint::driver::server {

/// The pages of the rules whose findings are at `offset` of the indexed file `path`; null where
/// there are none.
Json hover_at(std::span<const diagnostics::Diagnostic> findings, const std::string& path,
              const reports::LineIndex& index, std::uint32_t offset, const Client& client);

}  // namespace querylint::driver::server
