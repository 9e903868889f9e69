// Documents that an editor has open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/server/encoding.h"

namespace querylint::driver::server {

/// A piece of text that was replaced by `length` bytes.
struct Splice {
  base::ByteRange replaced;
  std::uint32_t length = 0;
};

struct Document {
  std::string uri;   ///< as the client spells it
  std::string path;  ///< absolute, links followed
  std::int64_t version = 0;
  std::string text;  ///< UTF-8
};

/// The smallest piece, of whole characters, in which two texts differ.
Splice difference(std::string_view before, std::string_view after);

/// Where a range that was not touched is afterwards; nothing for one that was.
std::optional<base::ByteRange> moved(base::ByteRange range, const Splice& splice);

/// Applies one element of `contentChanges`. Throws `ProtocolError` for what
/// is no change; then the text is as it was.
void apply_change(std::string& text, const Json& change, Encoding encoding);

}  // namespace querylint::driver::server
