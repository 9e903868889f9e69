// A module as bytes and back: what the cache stores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/ir/module.h"

namespace querylint::ir {

/// Raise it whenever the form of a module or what lowering makes of a file changes.
constexpr std::uint32_t format_version = 2;

/// The arrays of the module one after the other, each with its length, behind a checksum. The bytes
/// are for the machine that wrote them.
std::string serialize(const Module& module);

/// Nothing when the bytes are not what `serialize` of this version wrote, to the last bit.
std::optional<Module> deserialize(std::string_view bytes);

}  // namespace querylint::ir
