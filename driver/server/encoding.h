// Positions as clients count them: lines from 0, characters from 0 in the unit that was agreed on.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analyzer/base/byte_range.h"
#include "driver/server/rpc.h"
#include "reports/positions.h"

namespace querylint::driver::server {

/// What a position's `character` counts.
enum class Encoding : std::uint8_t { utf8, utf16, utf32 };

std::string_view name_of(Encoding encoding);
/// The first of the client's own order that is known; UTF-16 where it names none, as all can that.
Encoding agreed_encoding(const Json& client_capabilities);

/// The byte offset of a position. One beyond its line is the line's end, one beyond the text the
/// text's end, and one inside of a character its beginning. Throws `ProtocolError` for what is no
/// position.
std::uint32_t offset_of(const reports::LineIndex& index, const Json& position, Encoding encoding);
/// A range whose end comes before its begin is empty.
base::ByteRange bytes_of(const reports::LineIndex& index, const Json& range, Encoding encoding);

Json position_of(const reports::LineIndex& index, std::uint32_t offset, Encoding encoding);
Json range_of(const reports::LineIndex& index, base::ByteRange range, Encoding encoding);

}  // namespace querylint::driver::server
