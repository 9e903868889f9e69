// Content hashes.
#pragma once

#include <cstdint>
#include <string_view>

namespace querylint::base {

/// XXH3, 64 bits: for tables and checksums inside one run or one cache.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

/// XXH3, 128 bits: what a file's content is known by.
struct ContentHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const ContentHash&) const = default;
};
ContentHash content_hash(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace querylint::base
