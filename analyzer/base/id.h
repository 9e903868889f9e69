// Small integers with a type of their own.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace querylint::base {

/// An index into one particular table, which `Tag` names; the default one points nowhere.
template <typename Tag>
struct Id {
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t value = nowhere;

  constexpr explicit operator bool() const { return value != nowhere; }
  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace querylint::base

template <typename Tag>
struct std::hash<querylint::base::Id<Tag>> {
  std::size_t operator()(querylint::base::Id<Tag> id) const noexcept { return id.value; }
};
