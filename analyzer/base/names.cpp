#include "analyzer/base/names.h"

#include <algorithm>

#include "analyzer/base/hash.h"

namespace querylint::base {
namespace {

constexpr std::uint32_t vacant = Name::nowhere;
constexpr std::size_t block_size = 64 * 1024;
constexpr std::uint32_t behind_below = std::uint32_t{1} << 31;

}  // namespace

Names::Names(const Names* below)
    : below_(below), first_(below == nullptr ? 0 : behind_below), table_(1024, vacant) {}

Name Names::intern(std::string_view text) {
  if (below_ != nullptr) {
    if (const Name known = below_->find(text)) return known;
  }
  if (2 * texts_.size() >= table_.size()) grow();
  const std::uint64_t hash = hash64(text);
  std::uint32_t* place = slot(text, hash);
  if (*place == vacant) {
    *place = static_cast<std::uint32_t>(texts_.size());
    texts_.push_back(store(text));
    hashes_.push_back(hash);
  }
  return {first_ + *place};
}

Name Names::find(std::string_view text) const {
  if (below_ != nullptr) {
    if (const Name known = below_->find(text)) return known;
  }
  const std::uint32_t index = *slot(text, hash64(text));
  return index == vacant ? Name{} : Name{first_ + index};
}

bool Names::has_added(std::string_view text) const { return *slot(text, hash64(text)) != vacant; }

std::string_view Names::text(Name name) const {
  if (!name) return {};
  if (name.value < first_) return below_->text(name);
  return texts_[name.value - first_];
}

const std::uint32_t* Names::slot(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = hash & mask;
  while (table_[at] != vacant && (hashes_[table_[at]] != hash || texts_[table_[at]] != text)) {
    at = (at + 1) & mask;
  }
  return &table_[at];
}

std::uint32_t* Names::slot(std::string_view text, std::uint64_t hash) {
  return const_cast<std::uint32_t*>(static_cast<const Names*>(this)->slot(text, hash));
}

void Names::grow() {
  table_.assign(2 * table_.size(), vacant);
  const std::size_t mask = table_.size() - 1;
  for (std::uint32_t i = 0; i < texts_.size(); ++i) {
    std::size_t at = hashes_[i] & mask;
    while (table_[at] != vacant) at = (at + 1) & mask;
    table_[at] = i;
  }
}

/// Copies `text` to where it never moves.
std::string_view Names::store(std::string_view text) {
  const bool fits =
      !blocks_.empty() && blocks_.back().capacity() - blocks_.back().size() >= text.size();
  if (!fits) blocks_.emplace_back().reserve(std::max(block_size, text.size()));
  std::string& block = blocks_.back();
  const std::size_t begin = block.size();
  block.append(text);
  return std::string_view(block).substr(begin, text.size());
}

}  // namespace querylint::base
