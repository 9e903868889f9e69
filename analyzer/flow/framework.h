// What a framework tells the interpreter: the meaning of calls and attributes that the program does
// not define itself. `flow` names no framework; each is one implementation of this interface.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analyzer/flow/world.h"

namespace querylint::flow {

class Interpreter;

/// The arguments of one call, evaluated. Whoever carries the call out leaves here what it made of
/// the objects it was given: a list that grew, an object with another attribute.
struct Arguments {
  Value self;  ///< the object of a method call
  std::vector<Value> positional;
  std::vector<std::pair<Name, Value>> keywords;
  bool is_open = false;  ///< `*args` or `**kwargs` of unknown content may add more

  Value keyword(Name name) const;
  /// The one at `position`, or the one called `name`; nothing when it is not given.
  Value at(std::size_t position, Name name = {}) const;
  std::size_t size() const { return positional.size() + keywords.size(); }
  /// All of them, positional ones without a name; for `Term`.
  std::vector<std::pair<Name, Value>> all() const;
};

/// How decorators, or a role in the framework, change what a function is.
struct FunctionRole {
  bool is_property = false;
  bool is_static = false;
  bool is_class_method = false;
  bool is_memoised = false;  ///< once for each arguments, as by `lru_cache`
  bool is_kept = false;      ///< once for each object, as by `cached_property`
  bool is_transaction = false;
  bool is_overload = false;  ///< only for type checkers
};

/// Every method gets the site of the call or attribute. A default-constructed `Value` means: not
/// mine, ask the next framework.
class Framework {
 public:
  virtual ~Framework() = default;

  /// `object.name`, before the program's own classes are asked.
  virtual Value attribute(Interpreter&, Value /*object*/, Name, Site) const { return {}; }
  /// What a to-many relation of a row is; `related` says whose and which.
  virtual Value relation(Interpreter&, const Manager& /*related*/, Site) const { return {}; }
  /// `object.name` that neither the program nor `attribute` knows, for instances of its classes.
  virtual Value inherited_attribute(Interpreter&, Value /*object*/, Name, Site) const { return {}; }
  /// A call of a `Method`; the object is `arguments.self`, which may be a `Super`.
  virtual Value call_method(Interpreter&, Name, Arguments&, Site) const { return {}; }
  /// A call of something outside the program.
  virtual Value call_external(Interpreter&, Name /*path*/, Arguments&, Site) const { return {}; }
  /// A call of what an earlier call returned, as `partial(f)(x)`.
  virtual Value call_term(Interpreter&, Value /*term*/, Arguments&, Site) const { return {}; }
  /// A call of a class of the program, or of an entity's, that the framework's classes stand
  /// behind.
  virtual Value construct(Interpreter&, Value /*class_*/, Arguments&, Site) const { return {}; }

  /// What one iteration of a loop over `iterable` sees; `nest` is the loop's.
  virtual Value iterate(Interpreter&, Value /*iterable*/, NestId, Site) const { return {}; }
  /// `object[key]`.
  virtual Value index(Interpreter&, Value /*object*/, Value /*key*/, Site) const { return {}; }
  virtual Value operate(Interpreter&, ir::Operator, Value, Value, Site) const { return {}; }
  /// What `with context as x` binds; the transaction flag is for what it opens.
  virtual Value enter(Interpreter&, Value /*context*/, bool& /*opens_transaction*/, Site) const {
    return {};
  }

  /// A parameter without a caller: by its role, or as a guess by its name.
  virtual Value parameter(Interpreter&, FunctionId, std::size_t) const { return {}; }
  /// A guess at a variable from its name alone, where nothing else is known of it. `value` is what
  /// it holds: unknown, or a row of an unknown entity.
  virtual Value named(Interpreter&, Name, Value /*value*/, Site) const { return {}; }
  /// The first argument of a method of the class.
  virtual Value self(Interpreter&, ClassId) const { return {}; }
  /// A value of the type that an annotation names; `arguments` are those of a generic.
  virtual Value annotated(Interpreter&, Value /*type*/,
                          std::span<const Value> /*arguments*/) const {
    return {};
  }
  /// Adds what a decorator (by its path) makes of a function.
  virtual void decorate(Name /*path*/, const program::Program&, FunctionRole&) const {}
};

using Frameworks = std::vector<std::unique_ptr<Framework>>;

}  // namespace querylint::flow
