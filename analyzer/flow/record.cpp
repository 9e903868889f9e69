// Writing the trace.
#include <algorithm>
#include <array>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"
#include "analyzer/flow/loading.h"

namespace querylint::flow {
namespace {

using ir::BranchKind;
using ir::Instruction;
using ir::Op;
using ir::Operator;
using ir::Scope;

constexpr int escape_depth = 6;

Certainty certainty_of(const World& world, Value subject) {
  if (!subject) return Certainty::resolved;
  switch (world.values.kind(subject)) {
    case ValueKind::row:
      return world.values.row(subject).certainty;
    case ValueKind::query:
      return world.values.query(subject).certainty;
    case ValueKind::manager:
      return world.values.manager(subject).certainty;
    default:
      return Certainty::resolved;
  }
}

/// Whether a value is made of columns of the source's rows, beside others: `row.kind or "none"`, a
/// tuple of columns.
bool is_of_rows(const World& world, Value value, Value source, int depth = 0) {
  constexpr int deepest = 3;
  if (!value || depth > deepest) return false;
  const auto any_of = [&](std::span<const Value> parts) {
    return std::ranges::any_of(
        parts, [&](Value part) { return is_of_rows(world, part, source, depth + 1); });
  };
  switch (world.values.kind(value)) {
    case ValueKind::scalar: {
      const Value row = world.values.scalar(value).row;
      return world.values.is(row, ValueKind::row) && world.values.row(row).query == source;
    }
    case ValueKind::either:
      return any_of(world.values.options(value));
    case ValueKind::container:
      return world.values.container(value).kind == ContainerKind::tuple &&
             any_of(world.values.container(value).items);
    default:
      return false;
  }
}

/// The one column behind a value, or a constant in its place; nowhere for other values.
Name column_behind(const World& world, Value value) {
  if (world.values.is(value, ValueKind::scalar)) return world.values.scalar(value).column;
  if (!world.values.is(value, ValueKind::either)) return {};
  Name found;
  for (const Value option : world.values.options(value)) {
    if (world.values.is(option, ValueKind::constant)) continue;
    const Name column = column_behind(world, option);
    if (!column || (found && found != column)) return {};
    found = column;
  }
  return found;
}

/// Rows that some unknown caller loaded.
bool is_given(const World& world, Value query) {
  return !world.values.is(query, ValueKind::query) || root_of(world, query).kind == StepKind::given;
}

}  // namespace

NestId Interpreter::nest() const { return frames_.empty() ? NestId{} : frame().nest; }

void Interpreter::record(Event event) {
  if (!frames_.empty()) {
    if (frame().in_transaction) event.flags |= flag::in_transaction;
    event.branch = frame().branch;
  }
  events_.push_back(event);
}

void Interpreter::execution(Cause cause, Value subject, Site site, NestId born, Name member,
                            Value detail, std::uint8_t flags) {
  Event event;
  event.kind = EventKind::execution;
  event.detail = static_cast<std::uint8_t>(cause);
  event.flags = flags;
  event.certainty = certainty_of(world_, subject);
  event.site = site;
  event.nest = world_.chains.common(born, nest());
  event.subject = subject;
  event.member = member;
  event.detail_value = detail;
  record(event);
}

void Interpreter::evaluate_query(Value query, Cause cause, Site site) {
  const Query found = world_.values.query(query);
  const Step& root = root_of(world_, query);
  if (root.kind == StepKind::related)
    use(root.arguments.front().second, world_.plans.last(root.path), site);
  if (is_prefetched(world_, found)) return;
  execution(cause, query, site, keeps_rows(world_, query) ? found.born : nest());
}

bool Interpreter::has_rows(Value query) const {
  if (frames_.empty() || !keeps_rows(world_, query)) return false;
  const auto own_events = std::span(events_).subspan(frame().first_event);
  return std::ranges::any_of(own_events, [&](const Event& event) {
    return event.kind == EventKind::execution && event.subject == query && !event.calls &&
           (event.cause() == Cause::iterated || event.cause() == Cause::evaluated) &&
           world_.chains.encloses(event.nest, nest()) &&
           world_.chains.implies(frame().branch, event.branch);
  });
}

void Interpreter::only_one_of(Value query) {
  if (frames_.empty()) return;
  const auto own_events = std::span(events_).subspan(frame().first_event);
  const auto run = std::find_if(own_events.rbegin(), own_events.rend(), [&](const Event& event) {
    return event.kind == EventKind::execution && event.subject == query;
  });
  if (run != own_events.rend() && run->cause() == Cause::iterated)
    run->detail = static_cast<std::uint8_t>(Cause::fetched);
}

void Interpreter::use(Value row, Name member, Site site, std::uint8_t flags) {
  if (!world_.values.is(row, ValueKind::row)) return;
  Event event;
  event.kind = EventKind::use;
  event.flags = flags;
  event.certainty = world_.values.row(row).certainty;
  event.site = site;
  event.nest = nest();
  event.subject = row;
  event.member = member;
  record(event);
}

void Interpreter::escape(Value value, Site site) { escape_within(value, site, 0); }

void Interpreter::escape_within(Value value, Site site, int depth, bool is_part) {
  if (!value || depth > escape_depth) return;
  if (measured_query(value)) {
    note_number(value, site);
    return;
  }
  switch (world_.values.kind(value)) {
    case ValueKind::row:
    case ValueKind::query: {
      Event event;
      event.kind = EventKind::escape;
      if (is_part) event.flags |= flag::part;
      event.site = site;
      event.nest = nest();
      event.subject = value;
      record(event);
      return;
    }
    case ValueKind::manager:
      escape_within(world_.values.manager(value).row, site, depth + 1);
      return;
    case ValueKind::container: {
      const Container container = world_.values.container(value);
      const bool in_part = is_part || container.is_filtered;
      if (is_tabular(container.kind)) escape_within(container.source, site, depth + 1, in_part);
      escape_within(container.element, site, depth + 1, in_part);
      escape_within(container.key, site, depth + 1, in_part);
      for (const Value item : container.items) escape_within(item, site, depth + 1, in_part);
      for (const Value key : container.keys) escape_within(key, site, depth + 1, in_part);
      return;
    }
    case ValueKind::instance:
      for (const auto& [name, attribute] : world_.values.instance(value).attributes) {
        escape_within(attribute, site, depth + 1);
      }
      return;
    case ValueKind::term:
      for (const auto& [name, argument] : world_.values.term(value).arguments) {
        escape_within(argument, site, depth + 1);
      }
      return;
    case ValueKind::bound:
      escape_within(world_.values.bound(value).self, site, depth + 1);
      return;
    case ValueKind::method:
      escape_within(world_.values.method(value).self, site, depth + 1);
      return;
    case ValueKind::function:
      for (const Value captured : world_.values.function(value).captures) {
        escape_within(captured, site, depth + 1);
      }
      return;
    case ValueKind::either:
      for (const Value option : world_.values.options(value)) {
        escape_within(option, site, depth + 1, is_part);
      }
      return;
    default:
      return;
  }
}

void Interpreter::escape_all(const Arguments& arguments, Site site) {
  for (const Value value : arguments.positional) escape(value, site);
  for (const auto& [name, value] : arguments.keywords) escape(value, site);
}

void Interpreter::fold(FoldKind kind, Value query, Name member, Value detail, Site site,
                       std::uint8_t flags) {
  const bool asks_database = kind == FoldKind::truth || kind == FoldKind::membership;
  if (!asks_database && is_given(world_, query)) return;
  Event event;
  event.kind = EventKind::fold;
  event.detail = static_cast<std::uint8_t>(kind);
  event.flags = flags;
  event.certainty = certainty_of(world_, query);
  event.site = site;
  event.nest = nest();
  event.subject = query;
  event.member = member;
  event.detail_value = detail;
  record(event);
}

Value Interpreter::source_of(Value iterable) const {
  if (world_.values.is(iterable, ValueKind::query)) return iterable;
  if (!world_.values.is(iterable, ValueKind::container)) return {};
  return world_.values.container(iterable).source;
}

bool Interpreter::is_part(Value iterable) const {
  return world_.values.is(iterable, ValueKind::container) &&
         world_.values.container(iterable).is_filtered;
}

/// The row that a computed value comes from; nothing for several or none.
Value Interpreter::row_behind(Value value) const {
  if (world_.values.is(value, ValueKind::scalar)) return world_.values.scalar(value).row;
  if (world_.values.is(value, ValueKind::method))
    return row_behind(world_.values.method(value).self);
  if (const Value query = measured_query(value)) {
    const Step& root = root_of(world_, query);
    return root.kind == StepKind::related ? root.arguments.front().second : Value{};
  }
  if (!world_.values.is(value, ValueKind::operation)) return {};
  const Operation operation = world_.values.operation(value);
  const Value left = row_behind(operation.left);
  const Value right = operation.right ? row_behind(operation.right) : Value{};
  if (left && right && left != right) return {};
  return left ? left : right;
}

void Interpreter::step(StepKind kind, Value query, Site site) {
  Event event;
  event.kind = EventKind::step;
  event.detail = static_cast<std::uint8_t>(kind);
  event.certainty = certainty_of(world_, query);
  event.site = site;
  event.nest = nest();
  event.subject = query;
  record(event);
}

void Interpreter::wait(Name what, Site site) {
  Event event;
  event.kind = EventKind::wait;
  event.site = site;
  event.nest = nest();
  event.member = what;
  record(event);
}

Value Interpreter::measured(Name what, Value query) {
  const std::pair<Name, Value> argument{Name{}, query};
  return world_.values.make(Term{what, {&argument, 1}});
}

Value Interpreter::measured_query(Value value) const {
  if (!world_.values.is(value, ValueKind::term)) return {};
  const Term term = world_.values.term(value);
  const bool measures =
      term.callee == world_.counted || term.callee == world_.tested || term.callee == world_.length;
  return measures ? term.arguments.front().second : Value{};
}

void Interpreter::note_condition(Value condition, Site site) {
  if (!condition) return;
  if (world_.values.is(condition, ValueKind::query)) {
    evaluate_query(condition, Cause::evaluated, site);
    fold(FoldKind::truth, condition, {}, condition, site);
  } else if (const Value query = measured_query(condition)) {
    fold(FoldKind::truth, query, {}, condition, site);
  } else if (world_.values.is(condition, ValueKind::row)) {
    const Row row = world_.values.row(condition);
    const bool is_own = !row.path && world_.values.is(row.query, ValueKind::query);
    if (is_own) fold(FoldKind::truth, row.query, {}, condition, site);
  }
}

void Interpreter::note_number(Value value, Site site) {
  const Value query = measured_query(value);
  if (!query) return;
  Event event;
  event.kind = EventKind::use;
  event.certainty = certainty_of(world_, query);
  event.site = site;
  event.nest = nest();
  event.subject = query;
  event.member = world_.values.term(value).callee;
  record(event);
}

/// Rows that were all loaded, or what was made of each, of which only some are looked at.
void Interpreter::note_part(FoldKind kind, Value container, Value place, Site site) {
  const Value source = source_of(container);
  if (!source) return;
  const Value any = world_.values.is(container, ValueKind::container)
                        ? element(world_, world_.values.container(container))
                        : Value{};
  const bool is_row = !any || world_.values.is(any, ValueKind::row) ||
                      !world_.values.is(source, ValueKind::query) ||
                      world_.values.query(source).shape != Shape::rows;
  fold(kind, source, {}, place, site, is_row ? std::uint8_t{0} : flag::by_accumulator);
}

/// A comprehension that keeps some rows of a query.
void Interpreter::note_filter(Value added, Site site) {
  const Frame& current = frame();
  const Value source = source_of(world_.chains.loop(current.nest).driver);
  if (!source) return;
  const auto conditions = std::span(current.conditions).subspan(current.loops.back().conditions);
  Container all;
  all.kind = ContainerKind::tuple;
  all.items = conditions;
  all.element = added;
  fold(FoldKind::filter, source, {}, world_.values.make(all), site);
}

/// `total = total + row.amount` in a loop over rows.
void Interpreter::note_accumulator(const Instruction& store) {
  const Frame& current = frame();
  if (current.loops.empty()) return;
  const Instruction& value = current.code[store.b];
  if (value.op != Op::operate || static_cast<Operator>(value.detail) != Operator::add) return;
  const Instruction& old_value = current.code[value.a];
  const bool accumulates = old_value.op == Op::load && old_value.a == store.a &&
                           static_cast<Scope>(old_value.detail) == Scope::local;
  if (!accumulates) return;
  note_sum(operand(value.b), FoldKind::sum, {}, site_of(store.b));
}

/// `totals[row.kind] += row.amount`, `totals[row.kind]["all"] += 1`.
void Interpreter::note_keyed_accumulator(const Instruction& set_index) {
  const Frame& current = frame();
  if (current.loops.empty()) return;
  const Instruction& value = current.code[set_index.c];
  if (value.op != Op::operate || static_cast<Operator>(value.detail) != Operator::add) return;
  const Value source = source_of(world_.chains.loop(current.nest).driver);
  const Site site = site_of(set_index.c);
  Value key = operand(set_index.b);
  std::uint32_t outer = set_index.a;
  while (!row_behind(key) && !is_of_rows(world_, key, source)) {
    if (current.code[outer].op != Op::index) return;
    key = operand(current.code[outer].b);
    outer = current.code[outer].a;
  }
  const Name column = column_behind(world_, key);
  if (column || row_behind(key)) return note_sum(operand(value.b), FoldKind::group, column, site);
  const Value added = operand(value.b);
  const bool counts = is_constant(world_, added, ir::ConstantKind::number);
  if (!counts && !is_of_rows(world_, added, source)) return;
  const std::array<Value, 2> both = {added, key};
  Container pair;
  pair.kind = ContainerKind::tuple;
  pair.items = both;
  fold(FoldKind::group, source, {}, world_.values.make(pair), site, flag::by_accumulator);
}

/// `key`: what the sums are kept by, if by anything.
void Interpreter::note_sum(Value added, FoldKind kind, Name key, Site site) {
  const Value source = source_of(world_.chains.loop(frame().nest).driver);
  if (!source) return;
  const Value row = row_behind(added);
  const bool counts = is_constant(world_, added, ir::ConstantKind::number);
  if (row) {
    const bool is_column = world_.values.is(added, ValueKind::scalar);
    const Name column = is_column ? world_.values.scalar(added).column : Name{};
    fold(kind, source, key ? key : column, added, site, flag::by_accumulator);
  } else if (counts) {
    fold(kind == FoldKind::sum ? FoldKind::count : kind, source, key, added, site,
         flag::by_accumulator);
  }
}

/// Text made of a value: a row's `__str__`, a query's rows.
void Interpreter::read_text(Value value, Site site) {
  note_number(value, site);
  if (world_.values.is(value, ValueKind::query)) evaluate_query(value, Cause::evaluated, site);
  if (world_.values.is(value, ValueKind::either)) {
    for (const Value option : world_.values.options(value)) read_text(option, site);
  }
  const bool has_class =
      world_.values.is(value, ValueKind::row) || world_.values.is(value, ValueKind::instance);
  if (!has_class || !class_of(value)) return;
  const Value method = class_attribute(class_of(value), world_.str, value, site);
  if (!world_.values.is(method, ValueKind::bound)) return;
  Arguments none;
  call(method, none, site);
}

}  // namespace querylint::flow
