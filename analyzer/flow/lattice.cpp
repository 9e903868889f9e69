#include "analyzer/flow/lattice.h"

#include <algorithm>
#include <vector>

#include "analyzer/flow/loading.h"

namespace querylint::flow {
namespace {

constexpr int depth_limit = 4;  // of collections in collections

using Pairs = std::vector<std::pair<Name, Value>>;

Pairs join_attributes(World& world, Attributes a, Attributes b) {
  Pairs result(a.begin(), a.end());
  for (const auto& [name, value] : b) {
    const auto known = std::ranges::find(result, name, &std::pair<Name, Value>::first);
    if (known == result.end()) {
      result.emplace_back(name, value);
    } else {
      known->second = join(world, known->second, value);
    }
  }
  std::ranges::sort(result, {}, &std::pair<Name, Value>::first);
  return result;
}

/// Nothing where the two do not combine into one.
/// Whether nothing has been said of the rows yet: two such queries differ in their places alone.
bool asks_for_all(const World& world, const Query& query) {
  const Step& step = world.plans.step(query.last);
  return step.kind == StepKind::all && !step.previous && step.arguments.empty();
}

Value join_queries(World& world, Value a, Value b) {
  const Query left = world.values.query(a);
  const Query right = world.values.query(b);
  if (left.entity != right.entity || left.shape != right.shape) return {};
  StepId merged = world.plans.merge(left.last, right.last);
  if (!merged && asks_for_all(world, left) && asks_for_all(world, right)) merged = left.last;
  if (!merged) return {};
  Query result = left;
  result.last = merged;
  result.certainty = std::max(left.certainty, right.certainty);
  result.born = world.chains.common(left.born, right.born);
  if (!left.class_) result.class_ = right.class_;
  return world.values.make(result);
}

Value join_rows(World& world, Value a, Value b) {
  const Row left = world.values.row(a);
  const Row right = world.values.row(b);
  if (left.entity != right.entity || left.path != right.path) return {};
  Row result = left;
  if (left.query != right.query) {
    const bool both = world.values.is(left.query, ValueKind::query) &&
                      world.values.is(right.query, ValueKind::query);
    if (!both) return {};
    result.query = join_queries(world, left.query, right.query);
    if (!result.query) return {};
  }
  result.certainty = std::max(left.certainty, right.certainty);
  result.born = world.chains.common(left.born, right.born);
  const Pairs attributes = join_attributes(world, left.attributes, right.attributes);
  result.attributes = attributes;
  return world.values.make(result);
}

/// Of the columns that were set, those that both have.
Value join_tables(World& world, const Container& left, const Container& right, Container result) {
  std::vector<Value> keys;
  std::vector<Value> columns;
  for (std::size_t i = 0; i < left.keys.size(); ++i) {
    const auto other = std::ranges::find(right.keys, left.keys[i]);
    if (other == right.keys.end()) continue;
    keys.push_back(left.keys[i]);
    columns.push_back(join(world, left.items[i],
                           right.items[static_cast<std::size_t>(other - right.keys.begin())]));
  }
  result.keys = keys;
  result.items = columns;
  result.element = join(world, left.element, right.element);
  return world.values.make(result);
}

/// Whether a collection holds what a caller passed, or nobody knows.
bool is_given(World& world, const Container& container) {
  if (container.source) return false;
  const Value any = element(world, container);
  if (!world.values.is(any, ValueKind::row)) return world.values.is_unknown(any);
  const Value query = world.values.row(any).query;
  return !world.values.is(query, ValueKind::query) || root_of(world, query).kind == StepKind::given;
}

Value join_containers(World& world, Value a, Value b) {
  const Container left = world.values.container(a);
  const Container right = world.values.container(b);
  if (left.kind != right.kind) return {};
  Container result = left;
  result.is_filtered = left.is_filtered || right.is_filtered;
  result.source = left.source == right.source ? left.source : Value{};
  const bool left_empty = left.items.empty() && !left.element;
  const bool right_empty = right.items.empty() && !right.element;
  if (left_empty || is_given(world, left)) result.source = right.source;
  if (right_empty || is_given(world, right)) result.source = left.source;
  if (left.kind == ContainerKind::table) return join_tables(world, left, right, result);
  std::vector<Value> items;
  const bool is_literal = !left.element && !right.element;
  const bool same_items = left.items.size() == right.items.size() &&
                          std::ranges::equal(left.keys, right.keys) &&
                          (is_literal || left.keys.size() == left.items.size());
  if (same_items) {
    for (std::size_t i = 0; i < left.items.size(); ++i) {
      items.push_back(join(world, left.items[i], right.items[i]));
    }
    result.items = items;
    result.element = is_literal ? Value{} : join(world, left.element, right.element);
  } else {
    result.items = {};
    result.keys = {};
    result.element = join(world, element(world, left), element(world, right));
  }
  result.key = join(world, left.key, right.key);
  return world.values.make(result);
}

Value join_instances(World& world, Value a, Value b) {
  const Instance left = world.values.instance(a);
  const Instance right = world.values.instance(b);
  if (left.class_ != right.class_) return {};
  const Pairs attributes = join_attributes(world, left.attributes, right.attributes);
  return world.values.make(Instance{left.class_, attributes});
}

/// One value for two of the same kind that differ in details; nothing when there is none.
Value join_alike(World& world, Value a, Value b) {
  if (world.values.kind(a) != world.values.kind(b)) return {};
  switch (world.values.kind(a)) {
    case ValueKind::query:
      return join_queries(world, a, b);
    case ValueKind::row:
      return join_rows(world, a, b);
    case ValueKind::container:
      return join_containers(world, a, b);
    case ValueKind::instance:
      return join_instances(world, a, b);
    default:
      return {};
  }
}

Value reborn_within(World& world, Value value, NestId nest, int depth) {
  if (!value || depth > depth_limit) return value;
  switch (world.values.kind(value)) {
    case ValueKind::row: {
      Row row = world.values.row(value);
      row.born = nest;
      return world.values.make(row);
    }
    case ValueKind::query: {
      Query query = world.values.query(value);
      query.born = nest;
      return world.values.make(query);
    }
    case ValueKind::scalar: {
      Scalar scalar = world.values.scalar(value);
      scalar.row = reborn_within(world, scalar.row, nest, depth + 1);
      return world.values.make(scalar);
    }
    case ValueKind::container: {
      Container container = world.values.container(value);
      std::vector<Value> items;
      for (const Value item : container.items) {
        items.push_back(reborn_within(world, item, nest, depth + 1));
      }
      container.items = items;
      return world.values.make(container);
    }
    case ValueKind::instance: {
      const Instance instance = world.values.instance(value);
      Pairs attributes(instance.attributes.begin(), instance.attributes.end());
      for (auto& [name, attribute] : attributes) {
        attribute = reborn_within(world, attribute, nest, depth + 1);
      }
      return world.values.make(Instance{instance.class_, attributes});
    }
    case ValueKind::either: {
      std::vector<Value> options;
      for (const Value option : world.values.options(value)) {
        options.push_back(reborn_within(world, option, nest, depth + 1));
      }
      return world.values.make_either(options);
    }
    default:
      return value;
  }
}

template <typename Known>
Value doubt(World& world, Known known) {
  known.certainty = std::max(known.certainty, Certainty::annotated);
  return world.values.make(known);
}

/// A value that may as well be something that nobody knows.
Value doubted(World& world, Value value, int depth = 0) {
  if (!value || depth > depth_limit) return value;
  switch (world.values.kind(value)) {
    case ValueKind::row:
      return doubt(world, world.values.row(value));
    case ValueKind::query:
      return doubt(world, world.values.query(value));
    case ValueKind::manager:
      return doubt(world, world.values.manager(value));
    case ValueKind::container: {
      Container container = world.values.container(value);
      container.element = doubted(world, container.element, depth + 1);
      return world.values.make(container);
    }
    case ValueKind::either: {
      std::vector<Value> options;
      for (const Value option : world.values.options(value)) {
        options.push_back(doubted(world, option, depth + 1));
      }
      return world.values.make_either(options);
    }
    case ValueKind::function:
    case ValueKind::bound:
      world.values.give_up({&value, 1});
      return world.values.unknown();
    case ValueKind::constant:
      return world.values.unknown();
    default:
      return value;
  }
}

}  // namespace

Value join(World& world, Value a, Value b) {
  if (a == b || !b) return a ? a : world.values.unknown();
  if (!a) return b;
  if (is_none(world, a)) return b;
  if (is_none(world, b)) return a;
  if (world.values.is_unknown(b)) return doubted(world, a);
  if (world.values.is_unknown(a)) return doubted(world, b);
  if (const Value joined = join_alike(world, a, b)) return joined;
  std::vector<Value> options;
  if (world.values.is(a, ValueKind::either)) {
    const auto known = world.values.options(a);
    options.assign(known.begin(), known.end());
  } else {
    options.push_back(a);
  }
  std::vector<Value> added;
  if (world.values.is(b, ValueKind::either)) {
    const auto more = world.values.options(b);
    added.assign(more.begin(), more.end());
  } else {
    added.push_back(b);
  }
  for (const Value value : added) {
    Value joined;
    for (Value& option : options) {
      joined = option == value ? value : join_alike(world, option, value);
      if (joined) {
        option = joined;
        break;
      }
    }
    if (!joined) options.push_back(value);
  }
  return world.values.make_either(options);
}

Value element(World& world, const Container& container) {
  Value result = container.element;
  for (const Value item : container.items) {
    result = result ? join(world, result, item) : item;
  }
  return result;
}

Value reborn(World& world, Value value, NestId nest) {
  return reborn_within(world, value, nest, 0);
}

Value find_attribute(Attributes attributes, Name name) {
  for (const auto& [known, value] : attributes) {
    if (known == name) return value;
  }
  return {};
}

Value with_attribute(World& world, Value value, Name name, Value attribute) {
  const auto replaced = [&](Attributes old) {
    Pairs attributes;
    for (const auto& entry : old) {
      if (entry.first != name) attributes.push_back(entry);
    }
    attributes.emplace_back(name, attribute);
    std::ranges::sort(attributes, {}, &std::pair<Name, Value>::first);
    return attributes;
  };
  if (world.values.is(value, ValueKind::row)) {
    Row row = world.values.row(value);
    const Pairs attributes = replaced(row.attributes);
    row.attributes = attributes;
    return world.values.make(row);
  }
  if (world.values.is(value, ValueKind::instance)) {
    const Instance instance = world.values.instance(value);
    const Pairs attributes = replaced(instance.attributes);
    return world.values.make(Instance{instance.class_, attributes});
  }
  const bool is_table = world.values.is(value, ValueKind::container) &&
                        world.values.container(value).kind == ContainerKind::table;
  if (is_table) {  // it may have its columns renamed
    Container table = world.values.container(value);
    table.element = world.values.unknown();
    table.keys = table.items = {};
    return world.values.make(table);
  }
  return value;
}

Value with_element(World& world, Value value, Value key, Value added) {
  if (!world.values.is(value, ValueKind::container)) return value;
  Container container = world.values.container(value);
  std::vector<Value> items(container.items.begin(), container.items.end());
  const bool is_constant_key = world.values.is(key, ValueKind::constant);
  const auto known = std::ranges::find(container.keys, key);
  if (is_constant_key && known != container.keys.end()) {
    items[static_cast<std::size_t>(known - container.keys.begin())] = added;
    container.items = items;
    return world.values.make(container);
  }
  if (container.kind == ContainerKind::table && !is_constant_key) return value;
  std::vector<Value> keys(container.keys.begin(), container.keys.end());
  // Beside known keys a dictionary may have others.
  const bool has_names =
      container.kind == ContainerKind::dict || container.kind == ContainerKind::table;
  const bool stays_literal =
      has_names && is_constant_key && keys.size() == items.size() && items.size() < 32;
  if (stays_literal) {
    items.push_back(added);
    keys.push_back(key);
    container.items = items;
    container.keys = keys;
    return world.values.make(container);
  }
  container.element = container.element ? join(world, container.element, added) : added;
  if (!container.element) container.element = world.values.unknown();
  if (key) container.key = container.key ? join(world, container.key, key) : key;
  return world.values.make(container);
}

Value text_from(World& world, Value beginning) {
  const Name text = string_of(world, beginning);
  if (!text || !world.text(text).starts_with('%')) return world.values.unknown();
  const std::pair<Name, Value> argument{Name{}, beginning};
  return world.values.make(Term{world.begun_text, {&argument, 1}});
}

bool is_none(const World& world, Value value) {
  return is_constant(world, value, ir::ConstantKind::none);
}

bool is_constant(const World& world, Value value, ir::ConstantKind kind) {
  return world.values.is(value, ValueKind::constant) && world.values.constant(value).kind == kind;
}

Name string_of(const World& world, Value value) {
  if (!is_constant(world, value, ir::ConstantKind::string)) return {};
  return world.values.constant(value).text;
}

}  // namespace querylint::flow
