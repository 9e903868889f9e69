// The trace: what following one function saw of the database. All that rules ever look at.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/flow/plans.h"
#include "analyzer/flow/values.h"

namespace querylint::flow {

using CallsId = base::Id<struct CallsTag>;    ///< a chain of calls, outermost first
using BranchId = base::Id<struct BranchTag>;  ///< a chain of branch decisions, innermost first

/// One loop, and the loops around it. Loops of callers and callees stand in one chain.
struct Loop {
  NestId outer;
  Site site;
  ir::LoopKind kind = ir::LoopKind::for_;
  Value driver;  ///< what it runs over; nowhere for `while`

  bool operator==(const Loop&) const = default;
};

struct CallLink {
  Site site;      ///< the call
  CallsId inner;  ///< the further calls inside the callee

  bool operator==(const CallLink&) const = default;
};

struct BranchLink {
  BranchId outer;
  Site site;
  std::uint32_t arm = 0;

  bool operator==(const BranchLink&) const = default;
};

/// The chains of one thread.
class Chains {
 public:
  NestId push(const Loop& loop);
  const Loop& loop(NestId nest) const { return loops_[nest.value]; }
  /// Whether `outer` is `nest` or one of the nests around it.
  bool encloses(NestId outer, NestId nest) const;
  NestId common(NestId a, NestId b) const;
  /// The loops from the outermost in.
  std::vector<NestId> nests(NestId nest) const;

  CallsId call(Site site, CallsId inner);
  const CallLink& link(CallsId calls) const { return calls_[calls.value]; }
  std::vector<Site> sites(CallsId calls) const;

  BranchId decide(BranchId outer, Site site, std::uint32_t arm);
  /// `inner` as decided by a callee, seen from a caller that was at `outer`.
  BranchId join(BranchId outer, BranchId inner);
  /// Where it was decided, innermost first.
  std::vector<Site> decisions(BranchId branch) const;
  /// Whether one run may pass both: no decision of one contradicts the other.
  bool compatible(BranchId a, BranchId b) const;
  /// Whether whoever passes `inner` has passed `outer`.
  bool implies(BranchId inner, BranchId outer) const;

 private:
  base::Interner<Loop> loops_;
  base::Interner<CallLink> calls_;
  base::Interner<BranchLink> branches_;
};

enum class EventKind : std::uint8_t {
  execution,  ///< a query runs
  use,        ///< a column or relation of a row is read, or the number that `count()` gave
  escape,     ///< a row or query gets to where nobody can follow
  fold,       ///< Python works on rows
  step,       ///< a query is refined, in a way that a framework tells: it may run later, or never
  wait,       ///< another machine or process is asked, and waited for; member: what is called
};

/// Why a query runs.
enum class Cause : std::uint8_t {
  iterated,         ///< a loop, a comprehension, `list()` and their like
  evaluated,        ///< for its truth, its length or its text
  fetched,          ///< one row: get, first, an index
  lazy_relation,    ///< subject: the row
  deferred_column,  ///< subject: the row
  counted,
  tested,
  aggregated,
  bulk_read,  ///< a dict or list of many rows in one statement
  saved,
  created,
  inserted,  ///< by a statement of its own, without an object; subject: a row of its values
  deleted,   ///< subject: the row
  found_or_created,
  relation_changed,  ///< subject: the related manager
  bulk_written,      ///< one statement for many rows
  bulk_deleted,
  refreshed,
  raw,
  changed,    ///< a row's attribute is set, which its session will write; subject: the row
  flushed,    ///< what was changed is written; subject: the session
  committed,  ///< the same, and the transaction ends
  begun,      ///< a block or function with a transaction of its own begins; no subject
  ended,      ///< the transaction ends, nothing is written any more; subject: the session
};

/// What Python does to rows that the database could.
enum class FoldKind : std::uint8_t {
  sum,
  minimum,
  maximum,
  average,
  count,
  length,
  filter,
  group,
  sort,
  distinct,
  any,
  membership,
  slice,
  index,  ///< one of them, by its place; detail: the place
  join,   ///< rows of two queries are matched by their columns; detail: the other query
  truth,  ///< whether there are rows at all; detail: what was asked, a query, row or measure
};

/// Facts about an event, as bits of `Event::flags`.
namespace flag {
constexpr std::uint8_t in_transaction = 1;
constexpr std::uint8_t by_accumulator = 2;  ///< a fold: of what is made of each row
constexpr std::uint8_t kept = 4;         ///< behind a cached property: the second time nothing runs
constexpr std::uint8_t part = 8;         ///< from a collection of some of the query's rows
constexpr std::uint8_t descending = 16;  ///< a sort: the greatest first
constexpr std::uint8_t by_method = 32;   ///< a use: by a method, which the column alone has not
constexpr std::uint8_t by_table = 64;    ///< a fold of a table that holds the rows; a use for one
}  // namespace flag

struct Event {
  EventKind kind = EventKind::execution;
  std::uint8_t detail = 0;  ///< Cause, FoldKind or StepKind
  std::uint8_t flags = 0;
  Certainty certainty = Certainty::resolved;
  Site site;
  NestId nest;    ///< the loops that multiply it
  CallsId calls;  ///< from the followed function to the one of `site`
  BranchId branch;
  Value subject;       ///< the query, row or manager
  Name member;         ///< the relation or column; of a measure its name
  Value detail_value;  ///< arguments of an execution (a term), condition or expression of a fold

  Cause cause() const { return static_cast<Cause>(detail); }
  FoldKind fold() const { return static_cast<FoldKind>(detail); }
  StepKind step() const { return static_cast<StepKind>(detail); }
};

/// Events in the order of execution.
struct Trace {
  FunctionId function;
  std::vector<Event> events;
  bool was_cut = false;  ///< a budget ran out
};

}  // namespace querylint::flow
