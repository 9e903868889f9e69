#include "analyzer/flow/footprint.h"

#include <algorithm>

namespace querylint::flow {
namespace {

void sort_and_unite(std::vector<program::FunctionId>& functions) {
  const auto value = &program::FunctionId::value;
  std::ranges::sort(functions, {}, value);
  const auto rest = std::ranges::unique(functions, {}, value);
  functions.erase(rest.begin(), rest.end());
}

}  // namespace

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
