#include "analyzer/frameworks/python.h"

#include <array>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/python_collections.h"
#include "analyzer/frameworks/python_functions.h"
#include "analyzer/frameworks/table.h"

namespace querylint::frameworks {
namespace {

using namespace flow;

enum class Decorator : std::uint8_t { property, kept, static_method, class_method, memo, overload };

constexpr std::array<std::pair<std::string_view, Decorator>, 9> decorators = {{
    {"builtins.property", Decorator::property},
    {"functools.cached_property", Decorator::kept},
    {"abc.abstractproperty", Decorator::property},
    {"builtins.staticmethod", Decorator::static_method},
    {"builtins.classmethod", Decorator::class_method},
    {"functools.lru_cache", Decorator::memo},
    {"functools.cache", Decorator::memo},
    {"typing.overload", Decorator::overload},
    {"typing_extensions.overload", Decorator::overload},
}};

enum class Generic : std::uint8_t { list, set, tuple, dict, generator, wrapper, type };

constexpr std::array<std::pair<std::string_view, Generic>, 46> generics = {{
    {"builtins.list", Generic::list},
    {"typing.List", Generic::list},
    {"typing.Sequence", Generic::list},
    {"typing.MutableSequence", Generic::list},
    {"collections.abc.Sequence", Generic::list},
    {"collections.abc.MutableSequence", Generic::list},
    {"typing.Deque", Generic::list},
    {"builtins.set", Generic::set},
    {"builtins.frozenset", Generic::set},
    {"typing.Set", Generic::set},
    {"typing.FrozenSet", Generic::set},
    {"typing.AbstractSet", Generic::set},
    {"collections.abc.Set", Generic::set},
    {"builtins.tuple", Generic::tuple},
    {"typing.Tuple", Generic::tuple},
    {"builtins.dict", Generic::dict},
    {"typing.Dict", Generic::dict},
    {"typing.Mapping", Generic::dict},
    {"typing.MutableMapping", Generic::dict},
    {"typing.DefaultDict", Generic::dict},
    {"collections.defaultdict", Generic::dict},
    {"collections.abc.Mapping", Generic::dict},
    {"collections.abc.MutableMapping", Generic::dict},
    {"typing.Iterable", Generic::generator},
    {"typing.Iterator", Generic::generator},
    {"typing.Generator", Generic::generator},
    {"typing.Collection", Generic::generator},
    {"typing.AsyncIterable", Generic::generator},
    {"typing.AsyncIterator", Generic::generator},
    {"typing.AsyncGenerator", Generic::generator},
    {"collections.abc.Iterable", Generic::generator},
    {"collections.abc.Iterator", Generic::generator},
    {"collections.abc.Generator", Generic::generator},
    {"collections.abc.Collection", Generic::generator},
    {"collections.abc.AsyncIterable", Generic::generator},
    {"collections.abc.AsyncIterator", Generic::generator},
    {"collections.abc.AsyncGenerator", Generic::generator},
    {"typing.Optional", Generic::wrapper},
    {"typing.Union", Generic::wrapper},
    {"typing.Annotated", Generic::wrapper},
    {"typing.Final", Generic::wrapper},
    {"typing.ClassVar", Generic::wrapper},
    {"typing.Awaitable", Generic::wrapper},
    {"collections.abc.Awaitable", Generic::wrapper},
    {"builtins.type", Generic::type},
    {"typing.Type", Generic::type},
}};

bool is_of_python(Interpreter& interpreter, Value value) {
  return interpreter.values().is(value, ValueKind::container) &&
         !is_tabular(interpreter.values().container(value).kind);
}

class Python : public Framework {
 public:
  explicit Python(const program::Program& program)
      : decorators_(program.names, decorators),
        generics_(program.names, generics),
        functions_(program.names, python_functions()),
        container_methods_(program.names, container_methods()),
        partial_(program.names.find("functools.partial")),
        attrgetter_(program.names.find("operator.attrgetter")),
        itemgetter_(program.names.find("operator.itemgetter")),
        range_(program.names.find("builtins.range")),
        format_(program.names.find("format")) {}

  Value inherited_attribute(Interpreter& interpreter, Value object, Name name,
                            Site) const override {
    if (string_of(interpreter.world(), object) && name == format_ && format_) {
      return interpreter.values().make(Method{object, name});
    }
    if (!is_of_python(interpreter, object)) return {};
    if (container_methods_.find(name) == nullptr) return {};
    return interpreter.values().make(Method{object, name});
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    Values& values = interpreter.values();
    const ValueKind kind = values.kind(arguments.self);
    if (kind == ValueKind::scalar || kind == ValueKind::operation) {
      for (const Value argument : arguments.positional) interpreter.read_text(argument, site);
      return values.make(Scalar{interpreter.row_behind(arguments.self), {}});
    }
    if (kind == ValueKind::constant) {
      for (const auto& [label, argument] : arguments.all()) interpreter.read_text(argument, site);
      return text_from(interpreter.world(), arguments.self);
    }
    if (!is_of_python(interpreter, arguments.self)) return {};
    const ContainerMethod* method = container_methods_.find(name);
    return method == nullptr ? Value{} : (*method)(interpreter, arguments, site);
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments& arguments,
                      Site site) const override {
    const PythonFunction* function = functions_.find(path);
    return function == nullptr ? Value{} : (*function)(interpreter, path, arguments, site);
  }

  Value call_term(Interpreter& interpreter, Value callee, Arguments& arguments,
                  Site site) const override {
    const Term term = interpreter.values().term(callee);
    if (term.callee == partial_ && !term.arguments.empty()) {
      return call_partial(interpreter, term, arguments, site);
    }
    if (arguments.positional.empty()) return {};
    if (term.callee == attrgetter_) return get_attributes(interpreter, term, arguments, site);
    if (term.callee == itemgetter_ && term.arguments.size() == 1) {
      return interpreter.index(arguments.positional[0], term.arguments[0].second, site);
    }
    return {};
  }

  /// `"%s and %s" % (a, b)` makes text of what it fills in.
  Value operate(Interpreter& interpreter, ir::Operator operation, Value left, Value right,
                Site site) const override {
    if (operation != ir::Operator::modulo || !string_of(interpreter.world(), left)) return {};
    std::vector<Value> filled = {right};
    if (interpreter.values().is(right, ValueKind::container)) {
      const Container container = interpreter.values().container(right);
      filled.assign(container.items.begin(), container.items.end());
    }
    for (const Value value : filled) interpreter.read_text(value, site);
    const bool is_escaped =
        interpreter.world().text(string_of(interpreter.world(), left)).starts_with("%%");
    return is_escaped ? text_from(interpreter.world(), left) : interpreter.unknown();
  }

  Value iterate(Interpreter& interpreter, Value iterable, NestId, Site) const override {
    const bool is_range = interpreter.values().is(iterable, ValueKind::term) &&
                          interpreter.values().term(iterable).callee == range_;
    return is_range ? interpreter.unknown() : Value{};
  }

  /// A generator behind `with` binds what it yields.
  Value enter(Interpreter& interpreter, Value context, bool&, Site site) const override {
    Values& values = interpreter.values();
    if (values.is(context, ValueKind::container)) {
      const Container container = values.container(context);
      if (container.kind == ContainerKind::generator) return container.element;
    }
    if (!values.is(context, ValueKind::instance)) return {};
    const Name enter_name = interpreter.world().name("__enter__");
    const Value method = interpreter.attribute(context, enter_name, site);
    if (!values.is(method, ValueKind::bound)) return {};
    Arguments none;
    return interpreter.call(method, none, site);
  }

  Value annotated(Interpreter& interpreter, Value type,
                  std::span<const Value> arguments) const override {
    Values& values = interpreter.values();
    if (!values.is(type, ValueKind::external)) return {};
    const Generic* generic = generics_.find(values.external(type));
    if (generic == nullptr) return {};
    const Value first = arguments.empty() ? interpreter.unknown() : arguments[0];
    Container container;
    switch (*generic) {
      case Generic::wrapper: {
        Value result = interpreter.unknown();
        for (const Value argument : arguments) {
          result = join(interpreter.world(), result, argument);
        }
        return result;
      }
      case Generic::type:
        return interpreter.class_of(first) ? interpreter.class_value(interpreter.class_of(first))
                                           : interpreter.unknown();
      case Generic::dict:
        container.kind = ContainerKind::dict;
        container.key = first;
        container.element = arguments.size() > 1 ? arguments[1] : interpreter.unknown();
        return values.make(container);
      case Generic::tuple:
        container.kind = ContainerKind::tuple;
        container.element = first;
        if (arguments.size() > 1 && !values.is_unknown(arguments[1])) {
          container.element = {};
          container.items = arguments;
        }
        return values.make(container);
      case Generic::list:
        container.kind = ContainerKind::list;
        break;
      case Generic::set:
        container.kind = ContainerKind::set;
        break;
      case Generic::generator:
        container.kind = ContainerKind::generator;
        break;
    }
    container.element = first;
    return values.make(container);
  }

  void decorate(Name path, const program::Program&, FunctionRole& role) const override {
    const Decorator* decorator = decorators_.find(path);
    if (decorator == nullptr) return;
    switch (*decorator) {
      case Decorator::property:
        role.is_property = true;
        return;
      case Decorator::kept:
        role.is_property = true;
        role.is_kept = true;
        return;
      case Decorator::static_method:
        role.is_static = true;
        return;
      case Decorator::class_method:
        role.is_class_method = true;
        return;
      case Decorator::memo:
        role.is_memoised = true;
        return;
      case Decorator::overload:
        role.is_overload = true;
        return;
    }
  }

 private:
  static Value call_partial(Interpreter& interpreter, const Term& term, const Arguments& more,
                            Site site) {
    Arguments all;
    for (std::size_t i = 1; i < term.arguments.size(); ++i) {
      const auto& [name, value] = term.arguments[i];
      if (name) {
        all.keywords.emplace_back(name, value);
      } else {
        all.positional.push_back(value);
      }
    }
    all.positional.insert(all.positional.end(), more.positional.begin(), more.positional.end());
    all.keywords.insert(all.keywords.end(), more.keywords.begin(), more.keywords.end());
    return interpreter.call(term.arguments[0].second, all, site);
  }

  static Value get_attributes(Interpreter& interpreter, const Term& term,
                              const Arguments& arguments, Site site) {
    std::vector<Value> items;
    for (const auto& [label, path] : term.arguments) {
      Value value = arguments.positional[0];
      std::string_view rest = interpreter.world().text(string_of(interpreter.world(), path));
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        const Name name = interpreter.world().name(rest.substr(0, end));
        value = name ? interpreter.attribute(value, name, site) : interpreter.unknown();
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
      items.push_back(value);
    }
    if (items.size() == 1) return items[0];
    Container tuple;
    tuple.kind = ContainerKind::tuple;
    tuple.items = items;
    return interpreter.values().make(tuple);
  }

  Table<Decorator> decorators_;
  Table<Generic> generics_;
  Table<PythonFunction> functions_;
  Table<ContainerMethod> container_methods_;
  Name partial_;
  Name attrgetter_;
  Name itemgetter_;
  Name range_;
  Name format_;
};

}  // namespace

std::unique_ptr<Framework> make_python(const program::Program& program) {
  return std::make_unique<Python>(program);
}

}  // namespace querylint::frameworks
