// What can be done about the findings of a range: their fixes, silencing them, reading up on them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/server/items.h"

namespace querylint::driver::server {

/// A file as actions need it.
struct ActionTarget {
  std::string path;  ///< relative, as findings have it
  std::string uri;
  base::ByteRange range;                          ///< what the client asks about
  std::optional<std::vector<std::string>> kinds;  ///< the only ones that the client wants
  /// The version of an open document; nothing for others.
  std::function<std::optional<std::int64_t>(const std::string& path)> version_of;
};

/// An array of code actions; of bare commands for clients that know no others.
Json actions_at(std::span<const diagnostics::Diagnostic> findings, const ActionTarget& target,
                const Client& client, const Places& places);

}  // namespace querylint::driver::server
