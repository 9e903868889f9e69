#include "analyzer/frameworks/django/django.h"

#include <array>
#include <string>

#include "analyzer/flow/conditions.h"
#include "analyzer/frameworks/django/functions.h"
#include "analyzer/frameworks/django/managers.h"
#include "analyzer/frameworks/django/models.h"
#include "analyzer/frameworks/django/querysets.h"
#include "analyzer/frameworks/django/views.h"
#include "analyzer/frameworks/table.h"

namespace querylint::frameworks::django {
namespace {

using namespace flow;
using ir::Operator;

/// `aget` and `get` are the same method here.
std::vector<std::pair<std::string, QueryMethod>> with_async_twins() {
  std::vector<std::pair<std::string, QueryMethod>> all;
  for (const auto& [name, method] : query_methods()) {
    all.emplace_back(name, method);
    all.emplace_back("a" + std::string(name), method);
  }
  return all;
}

/// Lookups of rows that Django keeps in memory after the first one in a process.
bool is_cached_lookup(std::string_view name) {
  return name == "get_for_model" || name == "get_for_models" || name == "get_for_id" ||
         name == "get_by_natural_key" || name == "get_current";
}

constexpr schema::Orm own_orm = schema::Orm::django;

class Django : public Framework {
 public:
  Django(const program::Program& program, const schema::Schema& schema)
      : managers_(program, schema),
        query_methods_(program.names, with_async_twins()),
        functions_(program.names, django_functions()),
        content_type_(
            schema.named(program.names.find("contenttypes"), program.names.find("ContentType"))),
        site_(schema.named(program.names.find("sites"), program.names.find("Site"))) {}

  Value attribute(Interpreter& interpreter, Value object, Name name, Site site) const override {
    if (is_of_another(interpreter, object, own_orm)) return {};
    Values& values = interpreter.values();
    switch (values.kind(object)) {
      case ValueKind::class_:
        return class_attribute_of(interpreter, managers_, object, name, site);
      case ValueKind::term:
        if (is_request(interpreter, object)) {
          return request_attribute(interpreter, object, name, site);
        }
        return paginator_attribute(interpreter, object, name, site);
      case ValueKind::external:
        return external_attribute(interpreter, object, name);
      default:
        return {};
    }
  }

  Value relation(Interpreter& interpreter, const Manager& related, Site) const override {
    if (is_of_another(interpreter, related.row, own_orm)) return {};
    Manager manager = managers_.default_manager(related.entity);
    manager.certainty = related.certainty;
    manager.row = related.row;
    manager.relation = related.relation;
    return interpreter.values().make(manager);
  }

  Value inherited_attribute(Interpreter& interpreter, Value object, Name name,
                            Site site) const override {
    if (is_of_another(interpreter, object, own_orm)) return {};
    Values& values = interpreter.values();
    switch (values.kind(object)) {
      case ValueKind::row:
        return object_attribute(interpreter, object, name, site);
      case ValueKind::query:
      case ValueKind::manager:
        return query_attribute(interpreter, object, name);
      case ValueKind::class_:
        return values.class_(object).class_ ? values.make(Method{object, name}) : Value{};
      case ValueKind::instance:
        return view_attribute(interpreter, managers_, object, name, site);
      case ValueKind::super:
        return super_attribute(interpreter, object, name, site);
      case ValueKind::unknown:
        return guessed_attribute(interpreter, object, name);
      default:
        return {};
    }
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    Values& values = interpreter.values();
    Value self = arguments.self;
    if (values.is(self, ValueKind::super)) self = values.super(self).self;
    if (is_of_another(interpreter, self, own_orm)) return {};
    switch (values.kind(self)) {
      case ValueKind::row:
        return call_object_method(interpreter, name, arguments, site);
      case ValueKind::query:
      case ValueKind::manager:
        return call_query_method(interpreter, self, name, arguments, site);
      case ValueKind::class_:
        return call_class_method(interpreter, self, name, arguments, site);
      case ValueKind::instance:
        return call_view_method(interpreter, managers_, name, arguments, site);
      case ValueKind::term:
        return call_paginator(interpreter, self, name, site);
      case ValueKind::unknown:
        return call_guessed_method(interpreter, name, arguments, site);
      default:
        return {};
    }
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments& arguments,
                      Site site) const override {
    const DjangoFunction* function = functions_.find(path);
    if (function != nullptr) return (*function)({interpreter, managers_, path, arguments, site});
    const std::string_view text = interpreter.world().text(path);
    if (text == "django.apps.apps.get_model") {
      const auto found = std::ranges::find(django_functions(), text,
                                           [](const auto& entry) { return entry.first; });
      return found->second({interpreter, managers_, path, arguments, site});
    }
    if (is_expression(text)) {
      const auto all = arguments.all();
      return interpreter.values().make(Term{path, all});
    }
    if (text.ends_with("Manager")) return interpreter.values().make(Manager{});
    return {};
  }

  Value call_term(Interpreter& interpreter, Value term, Arguments&, Site) const override {
    const Term found = interpreter.values().term(term);
    if (!interpreter.world().text(found.callee).ends_with("from_queryset")) return {};
    return manager_over(interpreter, found.arguments);
  }

  Value construct(Interpreter& interpreter, Value class_, Arguments& arguments,
                  Site site) const override {
    if (is_of_another(interpreter, class_, own_orm)) return {};
    const ClassValue called = interpreter.values().class_(class_);
    if (called.entity) {
      for (const auto& [name, value] : arguments.all()) {  // the new object keeps the whole row
        const bool is_row = value && interpreter.values().is(value, ValueKind::row);
        if (is_row && !interpreter.values().row(value).path) interpreter.escape(value, site);
      }
      return created_row(interpreter, called.entity, arguments, site);
    }
    if (!called.class_) return {};
    if (managers_.is_queryset(interpreter.program(), called.class_)) {
      const Value model = arguments.at(0, interpreter.world().name("model"));
      const bool known = model && interpreter.values().is(model, ValueKind::class_);
      const EntityId entity = known ? interpreter.values().class_(model).entity : EntityId{};
      if (!entity) return interpreter.unknown();
      return all_rows(interpreter, entity, called.class_, site);
    }
    if (managers_.is_manager(interpreter.program(), called.class_)) {
      Manager manager;
      manager.class_ = called.class_;
      return interpreter.values().make(manager);
    }
    return {};
  }

  Value iterate(Interpreter& interpreter, Value iterable, NestId nest, Site site) const override {
    if (!interpreter.values().is(iterable, ValueKind::term)) return {};
    return iterate_page(interpreter, iterable, nest, site);
  }

  Value index(Interpreter& interpreter, Value object, Value key, Site site) const override {
    if (!interpreter.values().is(object, ValueKind::query)) return {};
    if (is_of_another(interpreter, object, own_orm)) return {};
    return sliced(interpreter, object, key, site);
  }

  Value operate(Interpreter& interpreter, Operator operation, Value left, Value right,
                Site site) const override {
    if (is_of_another(interpreter, left, own_orm) || is_of_another(interpreter, right, own_orm))
      return {};
    Values& values = interpreter.values();
    const bool tests_membership = operation == Operator::in || operation == Operator::not_in;
    if (tests_membership && values.is(right, ValueKind::query)) {
      interpreter.evaluate_query(right, Cause::evaluated, site);
      interpreter.fold(FoldKind::membership, right, {}, left, site);
      return interpreter.unknown();
    }
    const bool combines = operation == Operator::bit_or || operation == Operator::bit_and;
    if (combines && values.is(left, ValueKind::query)) {
      Arguments other;
      other.positional = {right};
      const auto all = other.all();
      Step step;
      step.kind = StepKind::combined;
      step.arguments = all;
      return refined({interpreter, left, other, site}, step);
    }
    return combine_terms(interpreter, operation, left, right);
  }

  Value enter(Interpreter& interpreter, Value context, bool& opens_transaction,
              Site) const override {
    Name path;
    if (interpreter.values().is(context, ValueKind::term)) {
      path = interpreter.values().term(context).callee;
    } else if (interpreter.values().is(context, ValueKind::external)) {
      path = interpreter.values().external(context);
    }
    if (interpreter.world().text(path) != "django.db.transaction.atomic") return {};
    opens_transaction = true;
    return interpreter.unknown();
  }

  Value parameter(Interpreter& interpreter, FunctionId function,
                  std::size_t position) const override {
    return parameter_value(interpreter, function, position);
  }

  Value named(Interpreter& interpreter, Name name, Value value, Site site) const override {
    return named_value(interpreter, name, value, site);
  }

  Value self(Interpreter& interpreter, ClassId class_) const override {
    const program::Program& program = interpreter.program();
    const Site site{program.class_(class_).body, 0};
    if (const EntityId entity = interpreter.schema().of_class(class_)) {
      if (interpreter.schema().entity(entity).orm != own_orm) return {};
      return given_row(interpreter, entity, Certainty::resolved, site);
    }
    const bool is_manager = managers_.is_manager(program, class_);
    if (!is_manager && !managers_.is_queryset(program, class_)) return {};
    bool is_guess = false;
    const EntityId entity = managers_.entity_of(class_, is_guess);
    if (!entity) return interpreter.unknown();
    const Certainty certainty = is_guess ? Certainty::guessed : Certainty::resolved;
    if (is_manager) {
      return interpreter.values().make(Manager{entity, certainty, class_, {}, {}, {}});
    }
    const Value value = given_query(interpreter, entity, certainty, site);
    Query query = interpreter.values().query(value);
    query.class_ = class_;
    return interpreter.values().make(query);
  }

  /// `Book` is a row, `QuerySet[Book]` a query, `Manager[Book]` a manager.
  Value annotated(Interpreter& interpreter, Value type,
                  std::span<const Value> arguments) const override {
    Values& values = interpreter.values();
    if (values.is(type, ValueKind::class_)) {
      const ClassValue class_ = values.class_(type);
      if (class_.entity && !is_of_another(interpreter, type, own_orm)) {
        return given_row(interpreter, class_.entity, Certainty::annotated, {});
      }
      return {};
    }
    if (!values.is(type, ValueKind::external)) return {};
    const std::string_view path = interpreter.world().text(values.external(type));
    if (path.ends_with("HttpRequest") || path.ends_with("rest_framework.request.Request")) {
      return request_value(interpreter);
    }
    const bool generic_over_row = !arguments.empty() && values.is(arguments[0], ValueKind::row);
    if (!path.starts_with("django") || !generic_over_row) return {};
    const EntityId entity = values.row(arguments[0]).entity;
    if (path.ends_with("QuerySet")) {
      return given_query(interpreter, entity, Certainty::annotated, {});
    }
    if (!path.ends_with("Manager")) return {};
    Manager manager = managers_.default_manager(entity);
    manager.certainty = Certainty::annotated;
    return values.make(manager);
  }

  void decorate(Name path, const program::Program& program, FunctionRole& role) const override {
    const std::string_view text = program.text(path);
    if (text.ends_with("cached_property")) role.is_property = role.is_kept = true;
    if (text == "django.utils.functional.classproperty") role.is_property = true;
    if (text == "django.db.transaction.atomic") role.is_transaction = true;
  }

 private:
  /// `x.objects` of whatever `x` is; `x.filter(a__b=c)`.
  static Value guessed_attribute(Interpreter& interpreter, Value object, Name name) {
    const std::string_view text = interpreter.world().text(name);
    if (text == "objects") {
      Manager manager;
      manager.entity = interpreter.schema().unknown;
      manager.certainty = Certainty::guessed;
      return interpreter.values().make(manager);
    }
    return is_telling(text) ? interpreter.values().make(Method{object, name}) : Value{};
  }

  /// Methods by whose names alone an object is taken for a query.
  static bool is_telling(std::string_view method) {
    return method == "filter" || method == "exclude" || method == "select_related" ||
           method == "prefetch_related" || method == "values_list";
  }

  Value call_guessed_method(Interpreter& interpreter, Name name, Arguments& arguments,
                            Site site) const {
    const std::string_view text = interpreter.world().text(name);
    const bool by_keywords = !arguments.keywords.empty() && arguments.positional.empty();
    if (!is_telling(text)) return {};
    if ((text == "filter" || text == "exclude") && !by_keywords) return {};
    const QueryMethod* method = query_methods_.find(name);
    if (method == nullptr) return {};
    const Value query =
        given_query(interpreter, interpreter.schema().unknown, Certainty::guessed, site);
    return (*method)({interpreter, query, arguments, site});
  }

  /// A parameter called `apps`, and the registry itself.
  static Value external_attribute(Interpreter& interpreter, Value object, Name name) {
    World& world = interpreter.world();
    const bool is_registry = world.text(world.values.external(object)) == "django.apps.apps";
    if (!is_registry || world.text(name) != "get_model") return {};
    return world.values.make_external(world.names.intern("django.apps.apps.get_model"));
  }

  /// A method that some manager class out of sight must have: most give a query.
  static bool may_narrow(std::string_view name) {
    for (const std::string_view other :
         {"_", "get_", "create", "query", "db", "ordered", "bulk_", "update", "delete"}) {
      if (name.starts_with(other)) return false;
    }
    return true;
  }

  Value query_attribute(Interpreter& interpreter, Value object, Name name) const {
    Values& values = interpreter.values();
    const bool is_query = values.is(object, ValueKind::query);
    const EntityId entity = is_query ? values.query(object).entity : values.manager(object).entity;
    const std::string_view text = interpreter.world().text(name);
    if (text == "model") return model_value(interpreter, entity);
    const bool is_cached = is_cached_lookup(text) && (entity == content_type_ || entity == site_);
    const bool is_known = is_cached || query_methods_.find(name) != nullptr;
    return is_known || may_narrow(text) ? values.make(Method{object, name}) : Value{};
  }

  Value super_attribute(Interpreter& interpreter, Value object, Name name, Site site) const {
    Values& values = interpreter.values();
    const Value self = values.super(object).self;
    if (values.is(self, ValueKind::instance)) {
      return view_attribute(interpreter, managers_, object, name, site);
    }
    if (values.is(self, ValueKind::row) && name == interpreter.world().str) return {};
    return values.make(Method{object, name});
  }

  Value call_query_method(Interpreter& interpreter, Value self, Name name, Arguments& arguments,
                          Site site) const {
    Values& values = interpreter.values();
    const bool is_manager = values.is(self, ValueKind::manager);
    const EntityId entity = is_manager ? values.manager(self).entity : values.query(self).entity;
    const std::string_view text = interpreter.world().text(name);
    if (is_cached_lookup(text) && (entity == content_type_ || entity == site_)) {
      return given_row(interpreter, entity, Certainty::resolved, site);
    }
    const QueryMethod* method = query_methods_.find(name);
    if (method == nullptr) {
      interpreter.escape_all(arguments, site);
      return entity ? given_query(interpreter, entity, Certainty::guessed, site)
                    : interpreter.unknown();
    }
    if (!entity) return interpreter.unknown();
    const bool is_super = values.is(arguments.self, ValueKind::super);
    Value query = self;
    if (is_manager) {
      const bool is_plain = text == "get_queryset" || is_super;
      query = is_plain ? plain_query(interpreter, values.manager(self), site)
                       : query_of(interpreter, self, site);
      if (text == "get_queryset") return query;
    }
    return (*method)({interpreter, query, arguments, site});
  }

  /// `BookQuerySet.as_manager()` and `BookManager.from_queryset(BookQuerySet)`.
  static Value call_class_method(Interpreter& interpreter, Value class_, Name name,
                                 const Arguments& arguments, Site) {
    const std::string_view text = interpreter.world().text(name);
    if (text == "as_manager") {
      Manager manager;
      manager.class_ = interpreter.values().class_(class_).class_;
      return interpreter.values().make(manager);
    }
    if (text == "from_queryset") {
      const std::array<std::pair<Name, Value>, 2> parts = {
          {{{}, arguments.at(0, interpreter.world().name("queryset_class"))}, {{}, class_}}};
      return interpreter.values().make(Term{name, parts});
    }
    return {};
  }

  /// Of the parts of a `from_queryset`: the queryset class and, if it is the project's, the manager
  /// class.
  static Value manager_over(Interpreter& interpreter, Attributes parts) {
    const auto class_at = [&](std::size_t i) {
      const bool is_there =
          i < parts.size() && interpreter.values().is(parts[i].second, ValueKind::class_);
      return is_there ? interpreter.values().class_(parts[i].second).class_ : ClassId{};
    };
    Manager manager;
    manager.class_ = class_at(0);
    manager.base = class_at(1);
    return interpreter.values().make(manager);
  }

  /// `Q(a) & ~Q(b)`, `F("x") + 1`: parts of a query, built up.
  static Value combine_terms(Interpreter& interpreter, Operator operation, Value left,
                             Value right) {
    World& world = interpreter.world();
    const auto is_part = [&](Value value) {
      if (!value || !world.values.is(value, ValueKind::term)) return false;
      const std::string_view callee = world.text(world.values.term(value).callee);
      return is_expression(callee) || condition::is_combined(callee);
    };
    if (!is_part(left) && !is_part(right)) return {};
    std::string_view name;
    switch (operation) {
      case Operator::bit_and:
        name = condition::all_of;
        break;
      case Operator::bit_or:
        name = condition::any_of;
        break;
      case Operator::invert:
        name = condition::none_of;
        break;
      default:
        name = "django.db.models.Combined";
        break;
    }
    std::vector<std::pair<Name, Value>> arguments = {{{}, left}};
    if (right) arguments.emplace_back(Name{}, right);
    return world.values.make(Term{world.names.intern(name), arguments});
  }

  ManagerClasses managers_;
  Table<QueryMethod> query_methods_;
  Table<DjangoFunction> functions_;
  EntityId content_type_;
  EntityId site_;
};

}  // namespace

std::unique_ptr<Framework> make_django(const program::Program& program,
                                       const schema::Schema& schema) {
  return std::make_unique<Django>(program, schema);
}

}  // namespace querylint::frameworks::django
