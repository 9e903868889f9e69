// Findings as the protocol's diagnostics.
#pragma once

#include <functional>

#include "analyzer/diagnostics/diagnostic.h"
#include "driver/server/client.h"

namespace querylint::driver::server {

/// How a finding's places look to the client.
struct Places {
  std::function<std::string(const std::string& path)> uri_of;
  reports::Sources& sources;
};

/// `page_uri` leads to the rule's page; empty when there is none to lead to.
Json item_of(const diagnostics::Diagnostic& diagnostic, const Client& client, const Places& places,
             const std::string& page_uri);

}  // namespace querylint::driver::server
