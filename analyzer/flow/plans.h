// Query plans: how a query came to be, step by step, in no framework's terms.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/flow/values.h"

namespace querylint::flow {

enum class StepKind : std::uint8_t {
  // Where rows come from
  all,      ///< all rows of the entity
  related,  ///< those a relation of a row leads to; arguments: the row; path: the relation
  given,    ///< a parameter: built or loaded by code that is not known; arguments: its name, where
            ///< others are of the same type
  created,  ///< a new object; arguments: its values
  // Which rows
  filter,
  exclude,
  distinct,
  slice,  ///< arguments: where it begins and where it ends, either may be nowhere; one alone is the
          ///< place of one row; none where nothing of it is known
  none,
  combined,
  join,   ///< other tables take part, in conditions alone; arguments: these, or nothing for one
          ///< that is not known
  match,  ///< the condition by which the join before it matches rows; arguments as of `filter`
  table,  ///< a table takes part that is not joined there; argument: what names it, a class or
          ///< another value that stands for it
  link,   ///< a condition compares tables; arguments as those of `join`
  // In which order
  order,
  reverse,
  // What comes with them
  load_join,      ///< path: a relation loaded in the same statement; the empty path: every one;
                  ///< argument: true where the rows are those of a join that the query makes itself
  load_separate,  ///< path: a relation loaded in a second one; argument: its query, if given
  load_into,      ///< like load_separate, but into the attribute `label`
  forget_loads_join,
  forget_loads_separate,
  only,
  defer,
  undefer,        ///< columns that are left out by default
  project,        ///< paths in arguments (constants); `project` gives no objects
  annotate,       ///< label: given when rows do not have it, and only conditions use it
  know_parent,    ///< path: a relation of the rows to the one that they were prefetched for;
                  ///< argument: the query that loaded that one
  load_anything,  ///< of names that are computed: nothing is known to be missing
  fetch_peers,    ///< a lazy relation read on one row loads it for all rows of the query
  forbid_lazy,    ///< reading one is an error
  stream,         ///< rows are not kept
  awaited,        ///< an asynchronous session loads them: reading what is missing is an error
  lock,
  copy,  ///< the same rows, another object
  other,
  maybe,  ///< one of several plans goes on here; what it may have done is in `alternatives`
};

/// One step; `arguments` are labelled by keyword, positional ones without a label.
struct Step {
  StepKind kind = StepKind::all;
  StepId previous;
  PathId path;
  Name label;
  Site site;
  Attributes arguments;
  std::span<const StepId> alternatives;

  bool operator==(const Step& other) const;
};

/// Steps and relation paths of one thread, interned like values.
class Plans {
 public:
  Plans() = default;
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;

  StepId add(const Step& step);
  const Step& step(StepId id) const { return steps_[id.value]; }

  PathId extend(PathId path, Name lookup);
  PathId join(PathId front, PathId back);
  PathId parent(PathId path) const { return paths_[path.value].parent; }
  Name last(PathId path) const { return paths_[path.value].last; }
  std::vector<Name> names(PathId path) const;
  std::size_t length(PathId path) const;

  /// The first step of the plan.
  StepId root(StepId id) const;
  /// The steps of the plan from the newest to the first; those of `maybe` alternatives are not
  /// entered.
  std::vector<StepId> chain(StepId id) const;
  bool has(StepId id, StepKind kind) const;
  /// Calls `visit` for each step from the newest to the first, also for those that only some
  /// alternatives have; stops when it returns false.
  void each(StepId id, const std::function<bool(const Step&, bool is_certain)>& visit) const;

  /// The newest step that both plans have.
  StepId common(StepId a, StepId b) const;
  /// A plan that goes on from either one: their common part and one `maybe` step. A step that was
  /// taken before at the same place adds nothing, so that loops come to an end. Nothing when the
  /// two have no step in common.
  StepId merge(StepId a, StepId b);

 private:
  using Visitor = std::function<bool(const Step&, bool is_certain)>;
  bool repeats(StepId plan, StepId longer) const;
  bool visit_until(StepId id, StepId stop, bool is_certain, const Visitor& visit) const;

  struct PathNode {
    PathId parent;
    Name last;
    bool operator==(const PathNode&) const = default;
  };

  base::Interner<Step> steps_;
  base::Interner<PathNode> paths_;
  base::SpanArena<std::pair<Name, Value>> arguments_;
  base::SpanArena<StepId> alternatives_;
};

}  // namespace querylint::flow
