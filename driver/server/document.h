// Documents that an editor has open.
#pragma once

#include <cstdint>
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

/// Applies one element of `contentChanges` and tells what it did. Throws `ProtocolError` for what
/// is no change; then the text is as it was.
Splice apply_change(std::string& text, const Json& change, Encoding encoding);

}  // namespace querylint::driver::server
