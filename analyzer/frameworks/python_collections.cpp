#include "analyzer/frameworks/python_collections.h"

#include <array>

#include "analyzer/flow/interpreter.h"

namespace querylint::frameworks {
namespace {

using namespace flow;

Value none(Interpreter& interpreter) {
  return interpreter.values().make(Constant{ir::ConstantKind::none, {}});
}

Container self(Interpreter& interpreter, const Arguments& arguments) {
  return interpreter.values().container(arguments.self);
}

Value any_of(Interpreter& interpreter, const Container& container) {
  const Value any = element(interpreter.world(), container);
  return any ? any : interpreter.unknown();
}

Value append(Interpreter& interpreter, Arguments& arguments, Site) {
  if (arguments.positional.empty()) return none(interpreter);
  arguments.self =
      with_element(interpreter.world(), arguments.self, {}, arguments.positional.back());
  return none(interpreter);
}

Value extend(Interpreter& interpreter, Arguments& arguments, Site site) {
  for (const Value added : arguments.positional) {
    const Container more = interpreter.collect(added, ContainerKind::list, site);
    const Value any = element(interpreter.world(), more);
    if (any) arguments.self = with_element(interpreter.world(), arguments.self, {}, any);
  }
  return none(interpreter);
}

/// `dict.update(other)` and `set.update(iterable)`.
Value update(Interpreter& interpreter, Arguments& arguments, Site site) {
  if (self(interpreter, arguments).kind != ContainerKind::dict) {
    return extend(interpreter, arguments, site);
  }
  World& world = interpreter.world();
  for (const auto& [name, value] : arguments.keywords) {
    const Value key = world.values.make(Constant{ir::ConstantKind::string, name});
    arguments.self = with_element(world, arguments.self, key, value);
  }
  for (const Value other : arguments.positional) {
    if (!world.values.is(other, ValueKind::container)) {
      arguments.self =
          with_element(world, arguments.self, interpreter.unknown(), interpreter.unknown());
      continue;
    }
    const Container more = world.values.container(other);
    for (std::size_t i = 0; i < more.keys.size(); ++i) {
      arguments.self = with_element(world, arguments.self, more.keys[i], more.items[i]);
    }
    if (more.element) arguments.self = with_element(world, arguments.self, more.key, more.element);
  }
  return none(interpreter);
}

Value pop(Interpreter& interpreter, Arguments& arguments, Site) {
  return any_of(interpreter, self(interpreter, arguments));
}

Value get(Interpreter& interpreter, Arguments& arguments, Site site) {
  if (arguments.positional.empty()) return interpreter.unknown();
  const Value found = interpreter.index(arguments.self, arguments.positional[0], site);
  const Value otherwise = arguments.at(1);
  return otherwise ? join(interpreter.world(), found, otherwise) : found;
}

Value setdefault(Interpreter& interpreter, Arguments& arguments, Site site) {
  if (arguments.positional.empty()) return interpreter.unknown();
  const Value key = arguments.positional[0];
  const Value found = interpreter.index(arguments.self, key, site);
  const Value otherwise = arguments.at(1);
  if (!otherwise) return found;
  if (interpreter.values().is_unknown(found)) {
    arguments.self = with_element(interpreter.world(), arguments.self, key, otherwise);
  }
  return join(interpreter.world(), found, otherwise);
}

Value keys(Interpreter& interpreter, Arguments& arguments, Site site) {
  const Container found = interpreter.collect(arguments.self, ContainerKind::list, site);
  return interpreter.values().make(found);
}

Value dict_values(Interpreter& interpreter, Arguments& arguments, Site) {
  Container dict = self(interpreter, arguments);
  dict.kind = ContainerKind::list;
  dict.key = {};
  dict.keys = {};
  if (!dict.element && dict.items.empty()) dict.element = interpreter.unknown();
  return interpreter.values().make(dict);
}

Value items(Interpreter& interpreter, Arguments& arguments, Site) {
  const Container dict = self(interpreter, arguments);
  Values& values = interpreter.values();
  const auto pair = [&](Value key, Value value) {
    const std::array<Value, 2> both = {key ? key : interpreter.unknown(),
                                       value ? value : interpreter.unknown()};
    Container tuple;
    tuple.kind = ContainerKind::tuple;
    tuple.items = both;
    return values.make(tuple);
  };
  std::vector<Value> pairs;
  for (std::size_t i = 0; i < dict.keys.size(); ++i)
    pairs.push_back(pair(dict.keys[i], dict.items[i]));
  Container result;
  result.items = pairs;
  result.source = dict.source;
  result.is_filtered = dict.is_filtered;
  if (dict.element || pairs.empty()) result.element = pair(dict.key, dict.element);
  return values.make(result);
}

Value same(Interpreter&, Arguments& arguments, Site) { return arguments.self; }

Value sort(Interpreter& interpreter, Arguments& arguments, Site site) {
  const Value key = arguments.keyword(interpreter.world().name("key"));
  if (!key || is_none(interpreter.world(), key)) return none(interpreter);
  const Value measured = interpreter.in_loop(arguments.self, site, [&](Value row) {
    Arguments one;
    one.positional = {row};
    return interpreter.call(key, one, site);
  });
  const Value source = self(interpreter, arguments).source;
  const auto direction = direction_of_sort(interpreter, arguments);
  if (source && measured && direction) {
    const bool is_column = interpreter.values().is(measured, ValueKind::scalar);
    const Name column = is_column ? interpreter.values().scalar(measured).column : Name{};
    interpreter.fold(FoldKind::sort, source, column, measured, site, *direction);
  }
  return none(interpreter);
}

Value forget(Interpreter& interpreter, Arguments&, Site) { return interpreter.unknown(); }

/// `set.union` and its like: elements of both.
Value combine(Interpreter& interpreter, Arguments& arguments, Site site) {
  Arguments copy = arguments;
  extend(interpreter, copy, site);
  return copy.self;
}

constexpr std::array<std::pair<std::string_view, ContainerMethod>, 32> methods = {{
    {"append", append},
    {"appendleft", append},
    {"add", append},
    {"insert", append},
    {"extend", extend},
    {"update", update},
    {"pop", pop},
    {"popleft", pop},
    {"popitem", forget},
    {"get", get},
    {"setdefault", setdefault},
    {"keys", keys},
    {"values", dict_values},
    {"items", items},
    {"copy", same},
    {"difference", same},
    {"intersection", same},
    {"__iter__", same},
    {"send", pop},
    {"sort", sort},
    {"reverse", forget},
    {"remove", forget},
    {"discard", forget},
    {"clear", forget},
    {"index", forget},
    {"count", forget},
    {"issubset", forget},
    {"issuperset", forget},
    {"isdisjoint", forget},
    {"union", combine},
    {"symmetric_difference", combine},
    {"most_common", items},
}};

}  // namespace

std::span<const std::pair<std::string_view, ContainerMethod>> container_methods() {
  return methods;
}

std::optional<std::uint8_t> direction_of_sort(Interpreter& interpreter,
                                              const Arguments& arguments) {
  const Value reverse = arguments.keyword(interpreter.world().name("reverse"));
  if (!reverse || is_constant(interpreter.world(), reverse, ir::ConstantKind::false_)) return 0;
  if (is_constant(interpreter.world(), reverse, ir::ConstantKind::true_)) return flag::descending;
  return std::nullopt;
}

}  // namespace querylint::frameworks
