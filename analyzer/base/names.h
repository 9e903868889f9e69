// Strings as small integers, so that the rest compares numbers.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/id.h"

namespace querylint::base {

using Name = Id<struct NameTag>;

/// A growing table of strings, each with one `Name`. A table may stand on a frozen one: it sees all
/// names of it under the same numbers and adds its own far behind them, so that threads can share
/// the frozen table and extend it privately. The table below must outlive this one. It may grow by
/// names that this one does not have.
class Names {
 public:
  explicit Names(const Names* below = nullptr);

  Name intern(std::string_view text);
  /// The name of `text` if it has one already.
  Name find(std::string_view text) const;
  std::string_view text(Name name) const;
  /// Whether it, and no table below, has given `text` a name.
  bool has_added(std::string_view text) const;
  /// Names are numbered up to here, from 0 or from the first one behind the table below.
  std::uint32_t size() const { return first_ + static_cast<std::uint32_t>(texts_.size()); }

 private:
  std::uint32_t* slot(std::string_view text, std::uint64_t hash);
  const std::uint32_t* slot(std::string_view text, std::uint64_t hash) const;
  void grow();
  std::string_view store(std::string_view text);

  const Names* below_;
  std::uint32_t first_;
  std::vector<std::string_view> texts_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> table_;  ///< open addressing; a number behind `first_`, or nowhere
  std::deque<std::string> blocks_;
};

}  // namespace querylint::base
