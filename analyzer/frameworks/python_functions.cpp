#include "analyzer/frameworks/python_functions.h"

#include <array>

#include "analyzer/flow/interpreter.h"
#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/python_collections.h"

namespace querylint::frameworks {
namespace {

using namespace flow;

Value argument(Interpreter& interpreter, const Arguments& arguments, std::size_t position) {
  const Value value = arguments.at(position);
  return value ? value : interpreter.unknown();
}

Value call_with(Interpreter& interpreter, Value function, Value value, Site site) {
  Arguments one;
  one.positional = {value};
  return interpreter.call(function, one, site);
}

Value tuple_of(Interpreter& interpreter, std::span<const Value> items) {
  Container tuple;
  tuple.kind = ContainerKind::tuple;
  tuple.items = items;
  return interpreter.values().make(tuple);
}

/// The column that every element is a value of; nowhere when it is computed.
Name column_of(Interpreter& interpreter, Value element_value) {
  const bool is_column = interpreter.values().is(element_value, ValueKind::scalar);
  return is_column ? interpreter.values().scalar(element_value).column : Name{};
}

std::uint8_t part_flag(const Container& container) {
  return container.is_filtered ? flag::part : std::uint8_t{0};
}

/// Records that Python folds a query's rows, where the collection is just those.
void fold_rows(Interpreter& interpreter, FoldKind kind, const Container& container, Site site) {
  if (!container.source) return;
  const Value any = element(interpreter.world(), container);
  interpreter.fold(kind, container.source, any ? column_of(interpreter, any) : Name{}, any, site,
                   part_flag(container));
}

Value collection(Interpreter& interpreter, const Arguments& arguments, ContainerKind kind,
                 Site site) {
  if (arguments.positional.empty()) {
    Container empty;
    empty.kind = kind;
    return interpreter.values().make(empty);
  }
  return interpreter.values().make(interpreter.collect(arguments.positional[0], kind, site));
}

Value make_list(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return collection(interpreter, arguments, ContainerKind::list, site);
}

Value make_tuple(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return collection(interpreter, arguments, ContainerKind::tuple, site);
}

Value make_set(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value set = collection(interpreter, arguments, ContainerKind::set, site);
  fold_rows(interpreter, FoldKind::distinct, interpreter.values().container(set), site);
  return set;
}

Value make_dict(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container dict;
  dict.kind = ContainerKind::dict;
  std::vector<Value> keys;
  std::vector<Value> items;
  World& world = interpreter.world();
  for (const auto& [name, value] : arguments.keywords) {
    keys.push_back(world.values.make(Constant{ir::ConstantKind::string, name}));
    items.push_back(value);
  }
  dict.items = items;
  dict.keys = keys;
  Value result = world.values.make(dict);
  if (arguments.positional.empty() && !arguments.is_open) return result;
  const Value given = argument(interpreter, arguments, 0);
  if (world.values.is(given, ValueKind::container) &&
      world.values.container(given).kind == ContainerKind::dict) {
    const Container other = world.values.container(given);
    for (std::size_t i = 0; i < other.keys.size(); ++i) {
      result = with_element(world, result, other.keys[i], other.items[i]);
    }
    if (other.element) result = with_element(world, result, other.key, other.element);
    return result;
  }
  const Container pairs = interpreter.collect(given, ContainerKind::list, site);
  const Value pair = element(world, pairs);
  Value key = interpreter.unknown();
  Value value = interpreter.unknown();
  if (pair && world.values.is(pair, ValueKind::container)) {
    const Container both = world.values.container(pair);
    if (both.items.size() == 2) {
      key = both.items[0];
      value = both.items[1];
    }
  }
  return with_element(world, result, key, value);
}

/// `defaultdict(list)`: a missing key gives what the factory makes.
Value make_defaultdict(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container dict;
  dict.kind = ContainerKind::dict;
  dict.key = interpreter.unknown();
  dict.element = interpreter.unknown();
  if (!arguments.positional.empty()) {
    Arguments none;
    dict.element = interpreter.call(arguments.positional[0], none, site);
  }
  return interpreter.values().make(dict);
}

Value count_elements(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container dict;
  dict.kind = ContainerKind::dict;
  dict.element = interpreter.unknown();
  if (!arguments.positional.empty()) {
    const Container counted =
        interpreter.collect(arguments.positional[0], ContainerKind::list, site);
    fold_rows(interpreter, FoldKind::group, counted, site);
    const Value key = element(interpreter.world(), counted);
    dict.key = key ? key : interpreter.unknown();
  }
  return interpreter.values().make(dict);
}

Value length(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value counted = argument(interpreter, arguments, 0);
  if (interpreter.values().is(counted, ValueKind::query)) {
    interpreter.evaluate_query(counted, Cause::evaluated, site);
  }
  if (const Value source = interpreter.source_of(counted)) {
    const std::uint8_t flags = interpreter.is_part(counted) ? flag::part : std::uint8_t{0};
    interpreter.fold(FoldKind::length, source, {}, counted, site, flags);
    if (flags == 0) {
      return interpreter.measured(interpreter.world().length, source);
    }
  }
  return interpreter.unknown();
}

Value truth(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  interpreter.note_condition(argument(interpreter, arguments, 0), site);
  return interpreter.unknown();
}

Value total(Interpreter& interpreter, Arguments& arguments, FoldKind kind, Site site) {
  const Container added =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::list, site);
  fold_rows(interpreter, kind, added, site);
  return interpreter.unknown();
}

Value sum(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return total(interpreter, arguments, FoldKind::sum, site);
}

Value average(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return total(interpreter, arguments, FoldKind::average, site);
}

/// The key function, once for each element.
Value key_of(Interpreter& interpreter, const Arguments& arguments, Value iterable, Site site) {
  const Value key = arguments.keyword(interpreter.world().name("key"));
  if (!key || is_none(interpreter.world(), key)) return {};
  return interpreter.in_loop(iterable, site,
                             [&](Value row) { return call_with(interpreter, key, row, site); });
}

Value extreme(Interpreter& interpreter, Arguments& arguments, FoldKind kind, Site site) {
  if (arguments.positional.size() != 1) return interpreter.unknown();
  const Container compared =
      interpreter.collect(arguments.positional[0], ContainerKind::list, site);
  const Value key = key_of(interpreter, arguments, interpreter.values().make(compared), site);
  const Value any = element(interpreter.world(), compared);
  if (compared.source) {
    const Value measured = key ? key : any;
    interpreter.fold(kind, compared.source, measured ? column_of(interpreter, measured) : Name{},
                     measured, site, part_flag(compared));
  }
  return any ? any : interpreter.unknown();
}

Value minimum(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return extreme(interpreter, arguments, FoldKind::minimum, site);
}

Value maximum(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  return extreme(interpreter, arguments, FoldKind::maximum, site);
}

Value any_or_all(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Container tested =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::list, site);
  fold_rows(interpreter, FoldKind::any, tested, site);
  return interpreter.unknown();
}

Value sorted(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::list, site);
  const Value key = key_of(interpreter, arguments, interpreter.values().make(given), site);
  const Value measured = key ? key : element(interpreter.world(), given);
  const auto direction = direction_of_sort(interpreter, arguments);
  if (given.source && measured && direction) {
    interpreter.fold(FoldKind::sort, given.source, column_of(interpreter, measured), measured, site,
                     static_cast<std::uint8_t>(*direction | part_flag(given)));
  }
  return interpreter.values().make(given);
}

Value enumerate(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::list, site);
  const auto numbered = [&](Value value) {
    const std::array<Value, 2> pair = {interpreter.unknown(),
                                       value ? value : interpreter.unknown()};
    return tuple_of(interpreter, pair);
  };
  std::vector<Value> items;
  for (const Value item : given.items) items.push_back(numbered(item));
  given.items = items;
  if (given.element || items.empty()) given.element = numbered(given.element);
  return interpreter.values().make(given);
}

Value zip(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  std::vector<Value> parts;
  Container result;
  result.kind = ContainerKind::generator;
  for (const Value iterable : arguments.positional) {
    const Container given = interpreter.collect(iterable, ContainerKind::list, site);
    const Value any = element(interpreter.world(), given);
    parts.push_back(any ? any : interpreter.unknown());
    if (!result.source) result.source = given.source;
  }
  result.element = tuple_of(interpreter, parts);
  return interpreter.values().make(result);
}

Value map(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value iterable = argument(interpreter, arguments, 1);
  Container result;
  result.kind = ContainerKind::generator;
  result.element = interpreter.in_loop(iterable, site, [&](Value row) {
    return call_with(interpreter, argument(interpreter, arguments, 0), row, site);
  });
  result.source = interpreter.source_of(iterable);
  return interpreter.values().make(result);
}

Value filter(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value iterable = argument(interpreter, arguments, 1);
  const Value test = argument(interpreter, arguments, 0);
  Container result = interpreter.collect(iterable, ContainerKind::generator, site);
  const Value condition =
      interpreter.in_loop(interpreter.values().make(result), site, [&](Value row) {
        return is_none(interpreter.world(), test) ? row : call_with(interpreter, test, row, site);
      });
  if (result.source && interpreter.row_behind(condition)) {
    const std::array<Value, 1> conditions = {condition};
    interpreter.fold(FoldKind::filter, result.source, {}, tuple_of(interpreter, conditions), site);
  }
  result.is_filtered = true;
  return interpreter.values().make(result);
}

/// Elements of several iterables, one after the other.
Value chain(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container result;
  result.kind = ContainerKind::generator;
  for (const Value iterable : arguments.positional) {
    const Container given = interpreter.collect(iterable, ContainerKind::list, site);
    const Value any = element(interpreter.world(), given);
    if (!any) continue;
    result.element = result.element ? join(interpreter.world(), result.element, any) : any;
  }
  return interpreter.values().make(result);
}

Value chain_from_iterable(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value outer = argument(interpreter, arguments, 0);
  Container result;
  result.kind = ContainerKind::generator;
  result.element = interpreter.in_loop(outer, site, [&](Value inner) {
    const Container given = interpreter.collect(inner, ContainerKind::list, site);
    const Value any = element(interpreter.world(), given);
    return any ? any : interpreter.unknown();
  });
  return interpreter.values().make(result);
}

/// Pairs of a key and the run of elements that have it.
Value groupby(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::generator, site);
  const Value iterable = interpreter.values().make(given);
  const Value function = arguments.at(1, interpreter.world().name("key"));
  const Value key =
      function ? interpreter.in_loop(
                     iterable, site,
                     [&](Value row) { return call_with(interpreter, function, row, site); })
               : element(interpreter.world(), given);
  given.source = {};
  const std::array<Value, 2> pair = {key ? key : interpreter.unknown(),
                                     interpreter.values().make(given)};
  Container result;
  result.kind = ContainerKind::generator;
  result.element = tuple_of(interpreter, pair);
  return interpreter.values().make(result);
}

Value islice(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::generator, site);
  given.is_filtered = true;
  return interpreter.values().make(given);
}

/// Lists of so many elements each.
Value batched(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::list, site);
  Container result;
  result.kind = ContainerKind::generator;
  result.element = interpreter.values().make(given);
  return interpreter.values().make(result);
}

Value same_elements(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Container given =
      interpreter.collect(argument(interpreter, arguments, 0), ContainerKind::generator, site);
  return interpreter.values().make(given);
}

Value next(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value given = argument(interpreter, arguments, 0);
  Value result =
      element(interpreter.world(), interpreter.collect(given, ContainerKind::list, site));
  if (!result) result = interpreter.unknown();
  const Value otherwise = arguments.at(1);
  return otherwise ? join(interpreter.world(), result, otherwise) : result;
}

Value get_attribute(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value object = argument(interpreter, arguments, 0);
  const Name name = string_of(interpreter.world(), argument(interpreter, arguments, 1));
  if (!name) {
    interpreter.escape(object, site);
    return interpreter.unknown();
  }
  const Value found = interpreter.attribute(object, name, site);
  const Value otherwise = arguments.at(2);
  return otherwise ? join(interpreter.world(), found, otherwise) : found;
}

Value set_attribute(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Name name = string_of(interpreter.world(), argument(interpreter, arguments, 1));
  const Value value = argument(interpreter, arguments, 2);
  interpreter.escape(value, site);
  if (!name) interpreter.escape(argument(interpreter, arguments, 0), site);
  if (name && !arguments.positional.empty()) {
    arguments.positional[0] =
        with_attribute(interpreter.world(), arguments.positional[0], name, value);
  }
  return interpreter.unknown();
}

Value text(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  for (const Value value : arguments.positional) interpreter.read_text(value, site);
  return interpreter.unknown();
}

/// Looks at its arguments and keeps nothing of them.
/// True where the object's query has filled the attribute in; else it may be either.
Value has_attribute(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  World& world = interpreter.world();
  const Value object = argument(interpreter, arguments, 0);
  const Name name = string_of(world, argument(interpreter, arguments, 1));
  if (!name || !world.values.is(object, ValueKind::row)) return interpreter.unknown();
  const Row row = world.values.row(object);
  const bool has = find_attribute(row.attributes, name) || is_filled_in(world, row, name);
  return has ? world.values.make(Constant{ir::ConstantKind::true_, {}}) : interpreter.unknown();
}

Value look(Interpreter& interpreter, Name, Arguments&, Site) { return interpreter.unknown(); }

/// A number, and so on, of a column's value is still of that column.
Value convert(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value value = argument(interpreter, arguments, 0);
  interpreter.note_number(value, site);
  return interpreter.values().is(value, ValueKind::scalar) ? value : interpreter.unknown();
}

Value super(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  Values& values = interpreter.values();
  if (arguments.positional.size() == 2 && values.is(arguments.positional[0], ValueKind::class_)) {
    const ClassId after = values.class_(arguments.positional[0]).class_;
    return values.make(Super{after, arguments.positional[1]});
  }
  const Value found = interpreter.super_value();
  return found ? found : interpreter.unknown();
}

Value type_of(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  const ClassId class_ = interpreter.class_of(argument(interpreter, arguments, 0));
  return class_ ? interpreter.class_value(class_) : interpreter.unknown();
}

Value identity(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  return argument(interpreter, arguments, 0);
}

Value cast(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  const Value value = argument(interpreter, arguments, 1);
  if (!interpreter.values().is_unknown(value)) return value;
  return interpreter.object_of(argument(interpreter, arguments, 0), {});
}

Value reduce(Interpreter& interpreter, Name, Arguments& arguments, Site site) {
  const Value function = argument(interpreter, arguments, 0);
  const Value start = arguments.at(2);
  return interpreter.in_loop(argument(interpreter, arguments, 1), site, [&](Value row) {
    Arguments two;
    two.positional = {start ? start : row, row};
    return interpreter.call(function, two, site);
  });
}

/// `asyncio.gather(a, b)`: the results in order.
Value gather(Interpreter& interpreter, Name, Arguments& arguments, Site) {
  Container results;
  if (arguments.is_open) {
    results.element =
        arguments.positional.empty() ? interpreter.unknown() : arguments.positional[0];
  } else {
    results.items = arguments.positional;
  }
  return interpreter.values().make(results);
}

/// Kept as it was called, for whoever takes it apart.
Value keep(Interpreter& interpreter, Name path, Arguments& arguments, Site site) {
  for (const Value value : arguments.positional) interpreter.note_number(value, site);
  const std::vector<std::pair<Name, Value>> all = arguments.all();
  return interpreter.values().make(Term{path, all});
}

constexpr std::array<std::pair<std::string_view, PythonFunction>, 78> functions = {{
    {"builtins.list", make_list},
    {"builtins.tuple", make_tuple},
    {"builtins.set", make_set},
    {"builtins.frozenset", make_set},
    {"builtins.dict", make_dict},
    {"collections.OrderedDict", make_dict},
    {"collections.deque", make_list},
    {"collections.defaultdict", make_defaultdict},
    {"collections.Counter", count_elements},
    {"builtins.len", length},
    {"builtins.bool", truth},
    {"builtins.sum", sum},
    {"math.fsum", sum},
    {"statistics.mean", average},
    {"statistics.fmean", average},
    {"builtins.min", minimum},
    {"builtins.max", maximum},
    {"builtins.any", any_or_all},
    {"builtins.all", any_or_all},
    {"builtins.sorted", sorted},
    {"builtins.enumerate", enumerate},
    {"builtins.zip", zip},
    {"itertools.zip_longest", zip},
    {"builtins.map", map},
    {"itertools.starmap", map},
    {"builtins.filter", filter},
    {"itertools.filterfalse", filter},
    {"itertools.takewhile", filter},
    {"itertools.dropwhile", filter},
    {"itertools.chain", chain},
    {"itertools.chain.from_iterable", chain_from_iterable},
    {"itertools.groupby", groupby},
    {"itertools.islice", islice},
    {"itertools.batched", batched},
    {"more_itertools.chunked", batched},
    {"more_itertools.batched", batched},
    {"builtins.iter", same_elements},
    {"builtins.aiter", same_elements},
    {"builtins.reversed", same_elements},
    {"builtins.next", next},
    {"builtins.anext", next},
    {"builtins.getattr", get_attribute},
    {"builtins.setattr", set_attribute},
    {"builtins.str", text},
    {"builtins.repr", text},
    {"builtins.format", text},
    {"builtins.print", text},
    {"builtins.isinstance", look},
    {"builtins.issubclass", look},
    {"builtins.hasattr", has_attribute},
    {"builtins.callable", look},
    {"builtins.id", look},
    {"builtins.hash", look},
    {"builtins.object", look},
    {"builtins.bytes", look},
    {"builtins.int", convert},
    {"builtins.float", convert},
    {"builtins.abs", convert},
    {"builtins.round", convert},
    {"decimal.Decimal", convert},
    {"builtins.super", super},
    {"builtins.type", type_of},
    {"copy.copy", identity},
    {"copy.deepcopy", identity},
    {"typing.cast", cast},
    {"functools.reduce", reduce},
    {"functools.partial", keep},
    {"operator.attrgetter", keep},
    {"operator.itemgetter", keep},
    {"builtins.range", keep},
    {"asyncio.gather", gather},
    {"asyncio.create_task", identity},
    {"asgiref.sync.sync_to_async", identity},
    {"asgiref.sync.async_to_sync", identity},
    {"functools.wraps", keep},
    {"contextlib.suppress", look},
    {"datetime.datetime", look},
    {"datetime.timedelta", look},
}};

}  // namespace

std::span<const std::pair<std::string_view, PythonFunction>> python_functions() {
  return functions;
}

}  // namespace querylint::frameworks
