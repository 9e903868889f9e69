#include "analyzer/flow/plans.h"

#include <algorithm>

namespace querylint::flow {

bool Step::operator==(const Step& other) const {
  return kind == other.kind && previous == other.previous && path == other.path &&
         label == other.label && site == other.site &&
         std::ranges::equal(arguments, other.arguments) &&
         std::ranges::equal(alternatives, other.alternatives);
}

StepId Plans::add(const Step& step) {
  base::Hasher hasher(step.kind, step.previous.value, step.path.value, step.label.value,
                      step.site.function.value, step.site.instruction);
  hasher.add_all(step.arguments);
  hasher.add_all(step.alternatives);
  return {steps_.intern(step, hasher.take(), [&](Step kept) {
    kept.arguments = arguments_.store(kept.arguments);
    kept.alternatives = alternatives_.store(kept.alternatives);
    return kept;
  })};
}

PathId Plans::extend(PathId path, Name lookup) {
  const base::Hasher hasher(path.value, lookup.value);
  return {paths_.intern({path, lookup}, hasher.take(), [](PathNode node) { return node; })};
}

PathId Plans::join(PathId front, PathId back) {
  for (const Name lookup : names(back)) front = extend(front, lookup);
  return front;
}

std::vector<Name> Plans::names(PathId path) const {
  std::vector<Name> found;
  for (; path; path = parent(path)) found.push_back(last(path));
  std::reverse(found.begin(), found.end());
  return found;
}

std::size_t Plans::length(PathId path) const {
  std::size_t count = 0;
  for (; path; path = parent(path)) ++count;
  return count;
}

StepId Plans::root(StepId id) const {
  while (step(id).previous) id = step(id).previous;
  return id;
}

std::vector<StepId> Plans::chain(StepId id) const {
  std::vector<StepId> found;
  for (; id; id = step(id).previous) found.push_back(id);
  return found;
}

bool Plans::has(StepId id, StepKind kind) const {
  bool found = false;
  each(id, [&](const Step& step, bool) {
    found = step.kind == kind;
    return !found;
  });
  return found;
}

void Plans::each(StepId id, const Visitor& visit) const { visit_until(id, {}, true, visit); }

bool Plans::visit_until(StepId id, StepId stop, bool is_certain, const Visitor& visit) const {
  for (; id && id != stop; id = step(id).previous) {
    const Step& current = step(id);
    if (current.kind == StepKind::maybe) {
      for (const StepId alternative : current.alternatives) {
        if (!visit_until(alternative, current.previous, false, visit)) return false;
      }
    } else if (!visit(current, is_certain)) {
      return false;
    }
  }
  return true;
}

StepId Plans::common(StepId a, StepId b) const {
  const std::vector<StepId> other = chain(b);
  for (; a; a = step(a).previous) {
    if (std::find(other.begin(), other.end(), a) != other.end()) return a;
  }
  return {};
}

StepId Plans::merge(StepId a, StepId b) {
  if (a == b) return a;
  const StepId base = common(a, b);
  if (!base) return {};
  if (base == a && repeats(a, b)) return a;
  if (base == b && repeats(b, a)) return b;
  std::vector<StepId> alternatives;
  const auto add = [&](StepId end) {
    if (end == base) return;
    const Step& last = step(end);
    if (last.kind == StepKind::maybe && last.previous == base) {
      for (const StepId known : last.alternatives) {
        if (std::ranges::find(alternatives, known) == alternatives.end()) {
          alternatives.push_back(known);
        }
      }
    } else if (std::ranges::find(alternatives, end) == alternatives.end()) {
      alternatives.push_back(end);
    }
  };
  add(a);
  add(b);
  Step step;
  step.kind = StepKind::maybe;
  step.previous = base;
  step.alternatives = alternatives;
  return this->add(step);
}

/// Whether all that `longer` adds to `plan` was already done there at the same places.
bool Plans::repeats(StepId plan, StepId longer) const {
  for (StepId id = longer; id != plan; id = step(id).previous) {
    bool known = false;
    each(plan, [&](const Step& old, bool) {
      known = old.kind == step(id).kind && old.site == step(id).site;
      return !known;
    });
    if (!known && step(id).kind != StepKind::maybe) return false;
  }
  return true;
}

}  // namespace querylint::flow
