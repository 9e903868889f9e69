// What rules may ask of a trace. Every question that more than one rule has is answered here, once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/flow/lattice.h"
#include "analyzer/flow/loading.h"
#include "analyzer/flow/trace.h"
#include "analyzer/flow/world.h"

namespace querylint::rules {

using flow::Event;
using flow::NestId;
using flow::Site;
using flow::Value;

/// What a loop runs over.
enum class Driver : std::uint8_t {
  rows,        ///< of a query
  collection,  ///< something whose size is not known
  bounded,     ///< a literal, choices, a short slice
  batches,     ///< pages, chunks, or whatever `while` waits for
};

/// Why something runs many times.
struct Repetition {
  NestId nest;  ///< the innermost loop that multiplies it
  Driver driver = Driver::rows;
  Site loop;
  Site place;  ///< in the loop's function: the access itself, or the call that leads to it
  bool is_direct = true;    ///< `place` is the event's own site
  int calls = 0;            ///< from `place` to the event
  bool gives_value = true;  ///< what `place` evaluates to is used: it asks for something
  bool in_batches = false;  ///< between the loop and the event stands a loop over batches
  bool is_few = false;      ///< the names of columns tell that the loop has one row, or a few
  bool depends = true;      ///< it may differ from one iteration to the next
};

class Evidence {
 public:
  Evidence(flow::World& world, const flow::Trace& trace);

  const flow::World& world() const { return world_; }
  const flow::Trace& trace() const { return trace_; }
  std::string_view text(base::Name name) const { return world_.text(name); }

  // Loops
  Driver driver_of(NestId nest) const;
  /// The loops over rows or collections that an event runs in; nothing when there is none.
  std::optional<Repetition> repetition(const Event& event) const;
  /// The query whose rows the loop runs over, if it does.
  Value query_of_loop(NestId nest) const;

  /// Whether the rows that `row` is one of are what the loop runs over.
  bool is_element(const flow::Row& row, NestId nest) const;
  /// Whether the loop itself calls what the event does, if only by an override: `row.save()`, whose
  /// `save()` does more and then calls the one that it overrides.
  bool is_called_in_loop(const Event& event, const Repetition& repetition) const;
  /// Whether a function that the loop calls does it only on some condition, or in a loop of its
  /// own, which may have nothing to run over.
  bool is_conditional_there(const Event& event, const Repetition& repetition) const;
  /// Whether each iteration of the loop sees another row.
  bool varies(const flow::Row& row, NestId nest) const {
    return world_.chains.encloses(nest, row.born);
  }
  /// Whether what the query asks for is plain to see in the row of the loop's query: it starts from
  /// the row, or compares columns with it. Then one query can ask for all rows at once.
  bool is_told_by_row(const Event& event, const Repetition& repetition) const;

  // Rows and queries
  const schema::Entity& entity(schema::EntityId id) const { return world_.schema.entity(id); }
  const flow::Words& words(schema::EntityId entity) const { return world_.words(entity); }
  flow::Row row(Value value) const { return world_.values.row(value); }
  flow::Query query(Value value) const { return world_.values.query(value); }
  bool is_row(Value value) const { return world_.values.is(value, flow::ValueKind::row); }
  bool is_query(Value value) const { return world_.values.is(value, flow::ValueKind::query); }
  const schema::Relation* relation_of(const Event& event) const;
  /// The row that a query over a relation starts from; nothing for other queries.
  Value owner_of(Value query) const;
  const schema::Relation* relation_from_owner(Value query) const;
  /// Whether a query starts from an object that was made here, or is that object's own.
  bool is_of_made(Value query) const;
  /// Whether a query is for one row, by what is unique.
  bool is_limited(Value query) const;
  /// Whether no two rows of the query have the same value in that column of theirs, since others
  /// that are unique together with it are compared with one value.
  bool is_distinct_in(Value query, base::Name column) const;
  /// Whether the query asks for rows with one value in a column of theirs.
  bool is_fixed(Value query, base::Name column) const;
  /// Whether it is likely for one row, or a few, by the names of columns.
  bool is_few_rows(Value query) const;
  /// Whether a query asks for all rows of its relation, nothing more.
  bool is_plain_relation(Value query) const;
  /// Where the query was put together: its last step, in the code of the function that runs it.
  Site site_of_query(Value query) const;
  /// `author__country`: the path from the query's rows to `relation` of the row.
  std::string lookup_path(const flow::Row& row, const schema::Relation& relation) const;

  /// The path from the query's rows to the rows that `relation` of the row leads to.
  flow::PathId path_to(const flow::Row& row, const schema::Relation& relation) const {
    return world_.plans.extend(row.path, relation.lookup);
  }

  /// Whether a query asks for rows although the relation that it starts from is prefetched.
  bool defeats_prefetch(const Event& event) const;
  /// `.filter()`: the call that asks for something else than the relation's rows.
  std::string narrowing_call(const Event& event) const;
  /// What reads of the same rows in the same code have in common, or of `part` of the rows.
  diagnostics::Cause cause_of_read(Value query, const Repetition& repetition,
                                   std::string_view part = {}) const;

  /// The events that concern a query or its rows, in order.
  std::span<const std::uint32_t> events_of(Value query) const;
  /// Those that concern what a variable holds that may be the query or another one.
  std::vector<std::uint32_t> events_of_merged(Value query) const;

  /// Whether the step refines a query through more than one chain of calls: a function that is
  /// called twice makes two queries.
  bool is_made_again(flow::StepId step) const { return made_again_.contains(step); }

  // Uses
  /// Whether of the object that a lazy relation gives only the key is looked at.
  bool only_key_is_read(const Event& lazy_read) const;

  /// Whether the rows are known only from the declaration of a parameter of the followed function.
  bool rests_on_parameter(const Event& event) const;

  /// Whether other code has read the same relation of the same rows before, which are loaded once
  /// and so keep what they loaded.
  bool was_read_before(const Event& lazy_read) const;

  // Places
  diagnostics::Place place(Site site) const;
  std::string function_name(Site site) const;
  bool same_file(Site a, Site b) const {
    return world_.program.unit_of(a) == world_.program.unit_of(b);
  }
  /// The calls that lead from the followed function to the event, and then its own place.
  std::vector<Site> way_to(const Event& event) const;
  /// Where the followed function itself does it: the outermost call that leads to the event.
  Site outermost_site(const Event& event) const;
  /// Where the followed function, or one inside it, does it or calls what does.
  Site site_in_followed(const Event& event) const;
  /// Whether the query that the rows come from is out of sight: it starts at an object that the
  /// followed function was given, which may have its relations loaded already.
  bool is_from_given(Value query) const;
  /// Whether the query is a relation of an object that another function fetched: a method reads it
  /// of `self`, a function of a parameter. Some other caller may have loaded it, for this code.
  bool is_of_passed(Value query) const;
  /// Whether the query asks for rows of whatever entity the function is given: no relation of one
  /// can be named there.
  bool is_of_given_entity(Value query) const;
  /// Whether the trace shows the query being put together: one that another function kept on an
  /// object or a class may be used by further functions.
  bool is_made_in_trace(Value query) const;
  /// Whether the query's rows are loaded once for many: by a cached property. Then others need them
  /// as they are.
  bool is_kept(Value query) const;
  /// Whether it happens now and then only, if at all: in code that is started by hand, where
  /// something failed, or in a function that nobody calls.
  bool is_seldom(const Event& event) const;
  /// Whether the place is in the followed function, or in one that is defined in it.
  bool is_in_followed(Site site) const;
  /// Whether the place is in a method or property of the entity's class or of one that it derives
  /// from.
  bool is_in_methods_of(const schema::Entity& entity, Site site) const;
  /// Whether code of the project or a decorator runs whenever an object of the entity is made: it
  /// may read columns that a query left out.
  bool has_own_making(const schema::Entity& entity) const;
  /// Whether two events are the same one behind two calls of the same function on the same object,
  /// without arguments that could make a difference.
  bool is_same_call(const Event& first, const Event& second) const;
  /// The calls that lead from the loop to the event, as related places.
  void add_calls(const Event& event, const Repetition& repetition,
                 std::vector<diagnostics::Related>& related) const;

 private:
  void note_event(Value query, std::uint32_t index);
  /// Whose values a query asks with: those of the loop's row, constants and what is the same in
  /// every iteration, or anything else.
  enum class Told : std::uint8_t { by_row, by_nobody, by_others };

  bool is_bounded_expression(Site loop) const;
  bool is_set_of_parents(NestId nest) const;
  Told told_by(const flow::Step& step, NestId nest) const;
  Told told_by(Value value, NestId nest) const;

  flow::World& world_;
  const flow::Trace& trace_;
  std::unordered_map<Value, std::vector<std::uint32_t>> by_query_;
  std::unordered_map<flow::StepId, std::vector<Value>> merged_;  ///< queries that may be this one
  std::unordered_set<flow::StepId> made_again_;
  std::unordered_set<Value> kept_;
  std::unordered_set<flow::FunctionId> entered_;  ///< functions that events are in
  bool is_seldom_;                                ///< the followed function, whatever it does
};

/// What runs seldom is never firm.
diagnostics::Certainty certainty_of(const Evidence& evidence, const Event& event);
/// How sure it is that a query or write that a loop repeats can be taken out of it. A call for
/// something can; work that a function does for each row, far away, seldom.
diagnostics::Certainty certainty_of(const Evidence& evidence, const Event& event,
                                    const Repetition& repetition);
/// The less sure of two.
diagnostics::Certainty weaker(diagnostics::Certainty a, diagnostics::Certainty b);

}  // namespace querylint::rules
