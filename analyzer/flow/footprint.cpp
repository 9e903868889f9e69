#include "analyzer/flow/footprint.h"

#include <algorithm>
#include <utility>

namespace querylint::flow {
namespace {

void sort_and_unite(std::vector<program::FunctionId>& functions) {
  const auto value = &program::FunctionId::value;
  std::ranges::sort(functions, {}, value);
  const auto rest = std::ranges::unique(functions, {}, value);
  functions.erase(rest.begin(), rest.end());
}

}  // namespace

void Editions::begin(std::span<const program::FunctionId> changed) {
  ++now_;
  for (const program::FunctionId function : changed) {
    if (function.value >= changed_.size()) changed_.resize(function.value + 1);
    changed_[function.value] = now_;
  }
}

std::shared_ptr<Footprint> Editions::make_footprint() const {
  auto footprint = std::make_shared<Footprint>();
  footprint->looked = now_;
  return footprint;
}

/// Parts are as deep in each other as calls are, which a budget bounds.
bool Editions::is_stale(const Footprint& footprint) const {
  const std::uint32_t looked = std::exchange(footprint.looked, now_);
  if (footprint.is_stale || looked == now_) return footprint.is_stale;
  const auto has_changed = [&](program::FunctionId function) {
    return function.value < changed_.size() && changed_[function.value] > looked;
  };
  footprint.is_stale =
      std::ranges::any_of(footprint.read, has_changed) ||
      std::ranges::any_of(footprint.parts, [&](const auto& part) { return is_stale(*part); });
  return footprint.is_stale;
}

Reach reach_of(const Footprint& footprint, std::uint64_t visit) {
  Reach reach;
  std::vector<const Footprint*> open = {&footprint};
  footprint.visit = visit;
  while (!open.empty()) {
    const Footprint& part = *open.back();
    open.pop_back();
    reach.read.insert(reach.read.end(), part.read.begin(), part.read.end());
    reach.entered.insert(reach.entered.end(), part.entered.begin(), part.entered.end());
    for (const auto& inner : part.parts) {
      if (inner->visit == visit) continue;
      inner->visit = visit;
      open.push_back(inner.get());
    }
  }
  sort_and_unite(reach.read);
  sort_and_unite(reach.entered);
  return reach;
}

}  // namespace querylint::flow
