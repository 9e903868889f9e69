#include "analyzer/flow/trace.h"

#include <algorithm>

namespace querylint::flow {
namespace {

constexpr auto keep = [](const auto& item) { return item; };

}  // namespace

NestId Chains::push(const Loop& loop) {
  const base::Hasher hasher(loop.outer.value, loop.site.function.value, loop.site.instruction,
                            loop.kind, loop.driver.value);
  return {loops_.intern(loop, hasher.take(), keep)};
}

bool Chains::encloses(NestId outer, NestId nest) const {
  if (!outer) return true;
  for (; nest; nest = loop(nest).outer) {
    if (nest == outer) return true;
  }
  return false;
}

NestId Chains::common(NestId a, NestId b) const {
  while (a && !encloses(a, b)) a = loop(a).outer;
  return a;
}

std::vector<NestId> Chains::nests(NestId nest) const {
  std::vector<NestId> found;
  for (; nest; nest = loop(nest).outer) found.push_back(nest);
  std::reverse(found.begin(), found.end());
  return found;
}

CallsId Chains::call(Site site, CallsId inner) {
  const base::Hasher hasher(site.function.value, site.instruction, inner.value);
  return {calls_.intern({site, inner}, hasher.take(), keep)};
}

std::vector<Site> Chains::sites(CallsId calls) const {
  std::vector<Site> found;
  for (; calls; calls = link(calls).inner) found.push_back(link(calls).site);
  return found;
}

BranchId Chains::decide(BranchId outer, Site site, std::uint32_t arm) {
  const base::Hasher hasher(outer.value, site.function.value, site.instruction, arm);
  return {branches_.intern({outer, site, arm}, hasher.take(), keep)};
}

BranchId Chains::join(BranchId outer, BranchId inner) {
  if (!inner) return outer;
  if (!outer) return inner;
  const BranchLink link = branches_[inner.value];
  return decide(join(outer, link.outer), link.site, link.arm);
}

std::vector<Site> Chains::decisions(BranchId branch) const {
  std::vector<Site> sites;
  for (; branch; branch = branches_[branch.value].outer)
    sites.push_back(branches_[branch.value].site);
  return sites;
}

bool Chains::compatible(BranchId a, BranchId b) const {
  for (; a; a = branches_[a.value].outer) {
    const BranchLink& decision = branches_[a.value];
    for (BranchId other = b; other; other = branches_[other.value].outer) {
      const BranchLink& against = branches_[other.value];
      if (against.site == decision.site && against.arm != decision.arm) return false;
    }
  }
  return true;
}

bool Chains::implies(BranchId inner, BranchId outer) const {
  if (!outer) return true;
  for (; inner; inner = branches_[inner.value].outer) {
    if (inner == outer) return true;
  }
  return false;
}

}  // namespace querylint::flow
