// Tables in which equal things are stored once, so that a small number stands for each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "analyzer/base/hash.h"

namespace querylint::base {

/// Copies runs of plain values to where they never move.
template <typename T>
class SpanArena {
 public:
  std::span<const T> store(std::span<const T> items) {
    if (items.empty()) return {};
    const bool fits =
        !blocks_.empty() && blocks_.back().capacity() - blocks_.back().size() >= items.size();
    if (!fits) blocks_.emplace_back().reserve(std::max(block_size, items.size()));
    std::vector<T>& block = blocks_.back();
    const std::size_t begin = block.size();
    block.insert(block.end(), items.begin(), items.end());
    return {block.data() + begin, items.size()};
  }

 private:
  static constexpr std::size_t block_size = 4096;
  std::vector<std::vector<T>> blocks_;
};

/// Open addressing over items that compare with `==`.
template <typename Item>
class Interner {
 public:
  /// The number of an item equal to `item`. A new one is stored as `keep(item)`, which may move
  /// what the item points at to a lasting place.
  template <typename Keep>
  std::uint32_t intern(const Item& item, std::uint64_t hash, Keep keep) {
    if (2 * items_.size() >= table_.size()) grow();
    std::size_t at = hash & (table_.size() - 1);
    while (table_[at] != vacant) {
      const std::uint32_t index = table_[at];
      if (hashes_[index] == hash && items_[index] == item) return index;
      at = (at + 1) & (table_.size() - 1);
    }
    table_[at] = size();
    hashes_.push_back(hash);
    items_.push_back(keep(item));
    return table_[at];
  }

  const Item& operator[](std::uint32_t index) const { return items_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }

 private:
  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();

  void grow() {
    table_.assign(std::max<std::size_t>(256, 2 * table_.size()), vacant);
    for (std::uint32_t i = 0; i < size(); ++i) {
      std::size_t at = hashes_[i] & (table_.size() - 1);
      while (table_[at] != vacant) at = (at + 1) & (table_.size() - 1);
      table_[at] = i;
    }
  }

  std::vector<Item> items_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> table_;
};

/// Mixes plain words and runs of plain values into one hash.
class Hasher {
 public:
  template <typename... Words>
  explicit Hasher(Words... words) {
    (add(static_cast<std::uint64_t>(words)), ...);
  }

  void add(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9E3779B97F4A7C15u;
    state_ ^= state_ >> 29;
  }
  template <typename T>
  void add_all(std::span<const T> items) {
    if (items.empty()) return;
    add(hash64({reinterpret_cast<const char*>(items.data()), items.size_bytes()}));
  }
  std::uint64_t take() const { return state_ ^ (state_ >> 32); }

 private:
  std::uint64_t state_ = 0x243F6A8885A308D3u;
};

}  // namespace querylint::base
