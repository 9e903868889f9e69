// Reading collections: loops, indexes, and what `list()` and its like do.
#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"
#include "analyzer/flow/loading.h"

namespace querylint::flow {

Value Interpreter::iterate(Value iterable, NestId inner, Site site) {
  switch (world_.values.kind(iterable)) {
    case ValueKind::query:
      evaluate_query(iterable, Cause::iterated, site);
      return element_of_query(iterable, inner);
    case ValueKind::container: {
      const Container container = world_.values.container(iterable);
      if (container.kind == ContainerKind::table) return unknown();
      if (container.kind == ContainerKind::dict) {
        Value key = container.key;
        for (const Value known : container.keys) key = key ? join(world_, key, known) : known;
        return key ? reborn(world_, key, inner) : unknown();
      }
      const Value any = element(world_, container);
      if (!any) return unknown();
      return container.element ? reborn(world_, any, inner) : any;
    }
    case ValueKind::either: {
      Value result;
      const BranchId around = frame().branch;
      std::uint32_t arm = 0;
      for (const Value option : world_.values.options(iterable)) {
        frame().branch = world_.chains.decide(around, site, arm++);
        const Value found = iterate(option, inner, site);
        result = result ? join(world_, result, found) : found;
      }
      frame().branch = around;
      return result;
    }
    default:
      break;
  }
  for (const auto& framework : frameworks_) {
    if (const Value found = framework->iterate(*this, iterable, inner, site)) return found;
  }
  return unknown();
}

/// A row, or what the query makes of rows, as it is in each iteration of the nest.
Value Interpreter::element_of_query(Value query, NestId inner) {
  const Query found = world_.values.query(query);
  switch (found.shape) {
    case Shape::rows:
      break;
    case Shape::scalars: {
      Row row{found.entity, found.certainty, query, {}, inner, {}};
      return world_.values.make(Scalar{world_.values.make(row), projected_column(query)});
    }
    case Shape::dicts:
    case Shape::tuples:
      return projected_element(query, inner);
  }
  Row row;
  row.entity = found.entity;
  row.certainty = found.certainty;
  row.query = query;
  row.born = inner;
  if (is_prefetched(world_, found)) {
    const Step& root = root_of(world_, query);
    const Row owner = world_.values.row(root.arguments.front().second);
    const schema::Relation* relation =
        schema().entity(owner.entity).relation_by_lookup(world_.plans.last(root.path));
    if (relation != nullptr) {
      const Row there = related_row(world_, owner, *relation, inner);
      row.query = there.query;
      row.path = there.path;
    }
  }
  return world_.values.make(row);
}

/// The only column that a query of single values reads.
Name Interpreter::projected_column(Value query) const {
  for (StepId id = world_.values.query(query).last; id; id = world_.plans.step(id).previous) {
    const Step& step = world_.plans.step(id);
    if (step.kind != StepKind::project) continue;
    return step.arguments.size() == 1 ? string_of(world_, step.arguments.front().second) : Name{};
  }
  return {};
}

/// A row of one of several entities that a query asks for. It has a query of its own with the same
/// plan, which may say what is loaded with it.
Value Interpreter::row_among(Value query, EntityId entity, NestId inner) {
  Query own = world_.values.query(query);
  own.entity = entity;
  own.shape = Shape::rows;
  return world_.values.make(Row{entity, own.certainty, world_.values.make(own), {}, inner, {}});
}

/// A dict or tuple of column values, and of rows where whole entities are asked for.
Value Interpreter::projected_element(Value query, NestId inner) {
  const Query found = world_.values.query(query);
  const Value row = world_.values.make(Row{found.entity, found.certainty, query, {}, inner, {}});
  std::vector<Value> keys;
  std::vector<Value> items;
  bool is_open = true;
  for (StepId id = found.last; id; id = world_.plans.step(id).previous) {
    const Step& step = world_.plans.step(id);
    if (step.kind != StepKind::project) continue;
    is_open = step.arguments.empty();
    for (const auto& [label, argument] : step.arguments) {
      const Name column = label ? label : string_of(world_, argument);
      keys.push_back(label ? world_.values.make(Constant{ir::ConstantKind::string, label})
                           : argument);
      const EntityId entity = world_.values.is(argument, ValueKind::class_)
                                  ? world_.values.class_(argument).entity
                                  : EntityId{};
      items.push_back(entity ? row_among(query, entity, inner)
                             : world_.values.make(Scalar{row, column}));
    }
    break;
  }
  Container container;
  container.kind = found.shape == Shape::dicts ? ContainerKind::dict : ContainerKind::tuple;
  if (is_open) {
    container.element = world_.values.make(Scalar{row, {}});
  } else {
    container.items = items;
    if (found.shape == Shape::dicts) container.keys = keys;
  }
  return world_.values.make(container);
}

Value Interpreter::in_loop(Value iterable, Site site, const std::function<Value(Value)>& body) {
  Frame& current = frame();
  const NestId outer = current.nest;
  const NestId inner = world_.chains.push({outer, site, ir::LoopKind::generator, iterable});
  const Value any = iterate(iterable, inner, site);
  current.nest = inner;
  const Value result = body(any);
  current.nest = outer;
  return result;
}

Container Interpreter::collect(Value iterable, ContainerKind kind, Site site) {
  Container result;
  result.kind = kind;
  if (world_.values.is(iterable, ValueKind::container)) {
    const Container given = world_.values.container(iterable);
    if (given.kind == ContainerKind::table) {
      result.element = unknown();
      return result;
    }
    if (given.kind == ContainerKind::dict) {
      result.element = given.key;
      result.items = given.keys;
      if (!result.element && result.items.empty()) result.element = unknown();
      return result;
    }
    result.is_filtered = given.is_filtered;
    result.element = given.element;
    result.items = given.items;
    result.source = given.source;
    return result;
  }
  result.element = iterate(iterable, nest(), site);
  result.source = source_of(iterable);
  return result;
}

Value Interpreter::index(Value object, Value key, Site site) {
  if (world_.values.is(object, ValueKind::either)) {
    Value result;
    for (const Value option : world_.values.options(object)) {
      const Value found = index(option, key, site);
      result = result ? join(world_, result, found) : found;
    }
    return result;
  }
  const bool is_of_python = world_.values.is(object, ValueKind::container) &&
                            !is_tabular(world_.values.container(object).kind);
  if (!is_of_python) {
    for (const auto& framework : frameworks_) {
      if (const Value found = framework->index(*this, object, key, site)) return found;
    }
    return unknown();
  }
  const Container container = world_.values.container(object);
  const Name slice_of =
      world_.values.is(key, ValueKind::term) ? world_.values.term(key).callee : Name{};
  if (slice_of == world_.slice && slice_of) {
    Container part = container;
    part.is_filtered = true;
    if (part.element && !part.items.empty()) part.items = {};
    note_part(FoldKind::slice, object, {}, site);
    return world_.values.make(part);
  }
  for (std::size_t i = 0; i < container.keys.size(); ++i) {
    if (container.keys[i] == key) return container.items[i];
  }
  const bool literal = container.kind != ContainerKind::dict && !container.element;
  if (literal && is_constant(world_, key, ir::ConstantKind::number)) {
    const std::string_view digits = world_.text(world_.values.constant(key).text);
    if (digits.size() == 1 && static_cast<std::size_t>(digits[0] - '0') < container.items.size()) {
      return container.items[static_cast<std::size_t>(digits[0] - '0')];
    }
  }
  if (container.source && container.kind != ContainerKind::dict)
    note_part(FoldKind::index, object, key, site);
  const Value any = element(world_, container);
  return any ? any : unknown();
}

}  // namespace querylint::flow
