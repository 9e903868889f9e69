// Following values: an abstract interpreter over the program form.
//
// It joins at branches, walks loop bodies to a small fixpoint, and goes into the program's
// functions with the abstract arguments they get, memoised by callee and arguments, within a budget
// of depth and steps. A spent budget ends in "unknown". Results do not depend on what was followed
// before: memoised calls cost the budget what they cost at first, and what was computed inside a
// cycle is not memoised.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/flow/framework.h"
#include "analyzer/flow/lattice.h"
#include "analyzer/flow/memo.h"
#include "analyzer/flow/preparation.h"
#include "analyzer/flow/world.h"
#include "analyzer/program/literals.h"

namespace querylint::flow {

struct Budget {
  int depth = 10;                ///< calls inside calls
  std::uint32_t steps = 150000;  ///< instructions for one followed function, callees included
  std::size_t events = 20000;
};

class Interpreter {
 public:
  Interpreter(World& world, const Frameworks& frameworks, const Preparation& preparation,
              Budget budget = {});

  /// Follows one function from nothing but its declaration.
  Trace follow(FunctionId function);

  /// What the last function that was followed depends on, and which functions it called with rows
  /// or queries: what those get is known, whatever their declarations say.
  Reach reach() { return reach_of(*footprint_, ++visits_); }

  /// The program has been patched: these functions have other code than before. Nothing that was
  /// remembered of it counts any more; everything else does.
  void forget(std::span<const FunctionId> changed);

  // What frameworks work with.
  World& world() { return world_; }
  const program::Program& program() const { return world_.program; }
  const schema::Schema& schema() const { return world_.schema; }
  Values& values() { return world_.values; }
  Value unknown() const { return world_.values.unknown(); }
  /// The loops around what is being evaluated.
  NestId nest() const;

  Value attribute(Value object, Name name, Site site);
  Value call(Value callee, Arguments& arguments, Site site);
  Value index(Value object, Value key, Site site);
  /// What one iteration over `iterable` sees, in a loop with that nest. Runs it if it is a query.
  Value iterate(Value iterable, NestId nest, Site site);
  /// Everything `iterable` has, as `list(iterable)` reads it.
  Container collect(Value iterable, ContainerKind kind, Site site);

  /// Calls `body` with what one iteration over `iterable` sees, as if in a loop at `site`; gives
  /// what `body` gives.
  Value in_loop(Value iterable, Site site, const std::function<Value(Value)>& body);
  /// `super()` in the function that runs; nothing outside of methods.
  Value super_value();

  /// A function of the program. `arguments.self`, if any, is its first argument.
  Value call_function(FunctionId function, std::span<const Value> captures, Arguments& arguments,
                      Site site);
  /// What the classes of the program say `name` is for `self`; nothing when they do not.
  Value class_attribute(ClassId class_, Name name, Value self, Site site);
  /// The class whose members a value has; nowhere for values without one.
  ClassId class_of(Value value) const;

  /// The value of an expression of straight-line code outside any function: class attributes,
  /// module globals, defaults. What it does is not recorded.
  Value static_value(program::Expression expression);
  Value symbol_value(const program::Symbol& symbol);
  Value class_value(ClassId class_);
  /// An object of a class as a method of it finds it: the framework's kind of object, or an
  /// instance.
  Value self_value(ClassId class_);
  /// A value of the type that an annotation names.
  Value annotation_value(program::Expression annotation, int depth = 0);
  Value text_annotation_value(UnitId unit, std::string_view annotation);

  // Recording.
  void execution(Cause cause, Value subject, Site site, NestId nest, Name member = {},
                 Value detail = {}, std::uint8_t flags = 0);
  /// A query's rows are needed: nothing happens where a prefetch has them already. The result is
  /// kept by the query, so loops that it was made outside of do not multiply it.
  void evaluate_query(Value query, Cause cause, Site site);
  /// Of the rows that the query was just run for, only one is taken.
  void only_one_of(Value query);
  /// Whether the running function has evaluated the query itself on its way here, which keeps its
  /// rows. What its callers did is not asked: its result is theirs as well as others'.
  bool has_rows(Value query) const;
  void use(Value row, Name member, Site site, std::uint8_t flags = 0);
  void escape(Value value, Site site);
  void escape_all(const Arguments& arguments, Site site);
  void fold(FoldKind kind, Value query, Name member, Value detail, Site site,
            std::uint8_t flags = 0);
  /// A query is refined; `query` is the result.
  void step(StepKind kind, Value query, Site site);
  /// Another machine or process is asked, and waited for.
  void wait(Name what, Site site);
  /// What `count()`, `exists()` or `len()` of a query gives: a term with the query as its argument.
  Value measured(Name what, Value query);
  /// The query that a value measures; nothing for other values.
  Value measured_query(Value value) const;
  /// Somebody asks whether a value is true, or empty.
  void note_condition(Value condition, Site site);
  /// A measure is wanted for itself, not only to know whether there are rows.
  void note_number(Value value, Site site);
  /// Makes text of a value: `str(x)`, an f-string.
  void read_text(Value value, Site site);
  /// The query whose rows a collection holds, one for one or (`is_part`) some of them.
  Value source_of(Value iterable) const;
  bool is_part(Value iterable) const;
  /// The one row that a computed value comes from; nothing for several or none.
  Value row_behind(Value value) const;
  /// An object of a type, as annotations and `isinstance` name it.
  Value object_of(Value type, std::span<const Value> arguments);
  /// A row of the query, or what it makes of rows, as it is in each iteration of the nest.
  Value element_of_query(Value query, NestId inner);

 private:
  struct Frame;
  class Apart;
  static constexpr int levels = 4;  ///< of declared values that need declared values

  // execute.cpp: control flow
  void run(std::uint32_t begin, std::uint32_t end);
  std::uint32_t run_structured(std::uint32_t at);
  std::uint32_t untested_part(std::uint32_t condition) const;
  void run_branch(std::uint32_t at);
  void run_loop(std::uint32_t at);
  void run_try(std::uint32_t at);
  void run_with(std::uint32_t at);
  void run_jump();
  void run_return(const ir::Instruction& instruction);
  std::vector<Value> join_slots(const std::vector<Value>& a, const std::vector<Value>& b);

  // conditions.cpp
  void narrow(std::uint32_t condition, bool holds);
  bool carries_change(std::uint32_t loop, const std::vector<Value>& before,
                      const std::vector<Value>& after);
  const std::vector<std::uint32_t>& carried_slots(std::uint32_t loop);

  // evaluate.cpp: one instruction
  Value evaluate(std::uint32_t at);
  Value evaluate_constant(const ir::Instruction& instruction);
  Value load(const ir::Instruction& instruction);
  Value load_declared(std::uint32_t slot);
  Value load_capture(std::uint32_t captured);
  /// The frame of the function around, while it is being followed.
  Frame* live_parent() const;
  /// The same of a function that is about to be called.
  Frame* live_parent_of(FunctionId function) const;
  /// What a function captured, as it is now.
  void refresh_captures(FunctionId function, std::vector<Value>& captures) const;
  void set_captured(std::uint32_t captured, Value value, bool is_certain);
  void store(const ir::Instruction& instruction);
  Value guessed_element(const ir::Instruction& instruction, Value value);
  Value build(const ir::Instruction& instruction, Site site);
  Value build_dict(const ir::Instruction& instruction);
  Value operate(const ir::Instruction& instruction, Site site);
  Value concatenated(Value left, Value right, Site site);
  Value unpack(const ir::Instruction& instruction, Site site);
  Value define(const ir::Instruction& instruction);
  Value import(const ir::Instruction& instruction);
  Value annotate(const ir::Instruction& instruction);
  void collect_element(const ir::Instruction& instruction, Site site);

  // arguments.cpp
  Value evaluate_call(const ir::Instruction& instruction, Site site);
  void escape_receiver(const ir::Instruction& call, Site site);
  Arguments arguments_of(const ir::Instruction& instruction, Site site);
  void spread(const ir::Instruction& spread, Arguments& arguments, Site site);

  // iteration.cpp
  Name projected_column(Value query) const;
  Value projected_element(Value query, NestId inner);
  Value row_among(Value query, EntityId entity, NestId inner);

  // types.cpp
  Value remembered(Memo::Key key, const std::function<Value()>& compute);
  Value static_operand(std::uint32_t index);
  Value named_type(UnitId unit, std::string_view dotted);

  // record.cpp
  void record(Event event);
  void escape_within(Value value, Site site, int depth, bool is_part = false);
  void note_filter(Value added, Site site);
  void note_accumulator(const ir::Instruction& store);
  void note_keyed_accumulator(const ir::Instruction& set_index);
  void note_sum(Value added, FoldKind kind, Name key, Site site);
  void note_part(FoldKind kind, Value container, Value place, Site site);

  // places.cpp: what a change of an object changes
  void write_back(std::uint32_t operand, Value value, int depth = 0);
  void write_back_arguments(const ir::Instruction& call, const Arguments& before,
                            const Arguments& after);
  void set_attribute(const ir::Instruction& instruction);
  void keep_on_row(Value object, Name name, Value value, Site site);
  void change_one_of(Value objects, Name name, Value value, Site site);
  void change(Value object, Name name, Value value, Site site);
  void set_index(const ir::Instruction& instruction);

  // rows.cpp: attributes of rows
  Value row_attribute(Value object, Name name, Site site);
  Value read_relation(Value object, const schema::Relation& relation, Site site);
  Value read_column(Value object, Name column, Site site);
  Value read_loaded_into(Value object, Name name);

  // attributes.cpp
  Value inherited(Value object, Name name, Site site);
  Value instance_attribute(Value object, Name name, Site site);
  Value super_attribute(Value object, Name name, Site site);
  /// What any method of the class sets the attribute to.
  Value attribute_summary(ClassId class_, Name name);
  FunctionId getter_of(const program::Member& member) const;
  Value bound_member(const program::Member& member, Value self, Site site);

  // calls.cpp
  Value construct(Value callee, Arguments& arguments, Site site);
  /// Nothing when a budget or a cycle forbids to enter.
  std::shared_ptr<const CallResult> run_function(FunctionId function, std::vector<Value> slots,
                                                 std::vector<Value> captures);
  /// A remembered one that the budget allows; it costs what it cost at first.
  std::shared_ptr<const CallResult> known_result(const Memo::Key& key);
  std::shared_ptr<CallResult> take_result(Frame& ended);
  void run_local_functions();
  std::vector<Value> bind(FunctionId function, const Arguments& arguments);
  /// The same kind of object, but another one than those that other parameters have.
  Value told_apart(Value value, std::span<const Value> others, Name parameter);
  Value rest_of_keywords(const program::Function& function, const Arguments& arguments);
  std::vector<Value> root_slots(FunctionId function, ClassId self_class);
  void replay(const CallResult& result, Site site, bool is_kept = false);
  void note_entry(FunctionId function, const Arguments& arguments);
  void keep_parameters(FunctionId function, const CallResult& result, Arguments& arguments) const;

  const Frame& frame() const { return *frames_.back(); }
  Frame& frame() { return *frames_.back(); }
  Value operand(std::uint32_t index) const;
  Site site_of(std::uint32_t at) const;

  World& world_;
  const Frameworks& frameworks_;
  const Preparation& preparation_;
  Budget budget_;
  Memo memo_;
  std::vector<Frame*> frames_;
  std::vector<Event> events_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> carried_;
  std::shared_ptr<Footprint> footprint_ =
      memo_.make_footprint();  ///< of the innermost computation that is under way
  std::uint64_t visits_ = 0;
  std::uint32_t steps_ = 0;
  int level_ = levels;
  int depth_ = 0;
  int deepest_ = 0;
  bool is_root_ = false;  ///< the next function to run is the followed one
  bool was_cut_ = false;
};

}  // namespace querylint::flow
