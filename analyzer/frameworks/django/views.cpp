#include "analyzer/frameworks/django/views.h"

#include <array>
#include <string>

#include "analyzer/frameworks/django/functions.h"
#include "analyzer/frameworks/django/models.h"
#include "analyzer/frameworks/django/querysets.h"

namespace querylint::frameworks::django {

using namespace flow;
using program::Symbol;

namespace {

constexpr std::string_view request_class = "django.http.HttpRequest";

constexpr std::array<std::string_view, 6> view_methods = {"get_queryset",     "get_object",
                                                          "filter_queryset",  "paginate_queryset",
                                                          "get_context_data", "get_serializer"};

bool is_view_method(std::string_view name) {
  return std::find(view_methods.begin(), view_methods.end(), name) != view_methods.end();
}

Value class_value_of(Interpreter& interpreter, Value instance, std::string_view attribute,
                     Site site) {
  const ClassId class_ = interpreter.class_of(instance);
  const Name name = interpreter.world().name(attribute);
  if (!class_ || !name) return {};
  return interpreter.class_attribute(class_, name, instance, site);
}

/// What `get_queryset` of a generic view gives: its `queryset`, else all of its `model`.
Value declared_query(Interpreter& interpreter, const ManagerClasses& managers, Value instance,
                     Site site) {
  for (const std::string_view attribute : {"queryset", "model"}) {
    const Value source = class_value_of(interpreter, instance, attribute, site);
    if (!source) continue;
    if (const Value query = query_from(interpreter, managers, source, site)) return query;
  }
  return {};
}

/// The view's own query, through whatever the project overrides.
Value current_query(Interpreter& interpreter, const ManagerClasses& managers, Value instance,
                    Site site) {
  const ClassId class_ = interpreter.class_of(instance);
  const Name name = interpreter.world().name("get_queryset");
  const program::Member* own =
      class_ && name ? interpreter.program().member(class_, name) : nullptr;
  if (own != nullptr && own->kind == program::Member::Kind::function) {
    Arguments arguments;
    arguments.self = instance;
    return interpreter.call_function({own->id}, {}, arguments, site);
  }
  return declared_query(interpreter, managers, instance, site);
}

/// What a generic view tells its template: its rows, all of them or a page, and whatever else.
Value view_context(Interpreter& interpreter, Value query) {
  World& world = interpreter.world();
  Container context;
  context.kind = ContainerKind::dict;
  context.key = interpreter.unknown();
  context.element = interpreter.unknown();
  if (!query || !world.values.is(query, ValueKind::query)) return world.values.make(context);
  const auto key = [&](std::string_view text) {
    return world.values.make(Constant{ir::ConstantKind::string, world.names.intern(text)});
  };
  const std::array<Value, 2> keys = {key("object_list"), key("page_obj")};
  const std::array<Value, 2> items = {query, page_over(interpreter, query)};
  context.keys = keys;
  context.items = items;
  return world.values.make(context);
}

Value one_of(Interpreter& interpreter, Value query, Site site) {
  if (!query || !interpreter.values().is(query, ValueKind::query)) return interpreter.unknown();
  interpreter.execution(Cause::fetched, query, site, interpreter.nest());
  return interpreter.element_of_query(query, interpreter.nest());
}

/// The `sender` of the `receiver` decorator that makes a function a signal receiver.
EntityId signal_sender(const Interpreter& interpreter, FunctionId function) {
  const program::Program& program = interpreter.program();
  const program::Function& info = program.function(function);
  if (!info.parent || info.decorators.empty()) return {};
  const auto code = program.body(info.parent);
  const program::Unit& unit = program.unit(info.unit);
  for (const ir::Instruction& define : code) {
    const bool is_definition = define.op == ir::Op::define && define.detail == 0 &&
                               unit.first_function + define.a == function.value;
    if (!is_definition) continue;
    for (const std::uint32_t decorator : unit.module->operands(define)) {
      const auto call = program::as_call(program, {info.parent, decorator});
      if (!call) continue;
      const program::Expression sender = call->keyword(program.names.find("sender"));
      const Symbol model = program::resolve(program, sender);
      if (model.kind == Symbol::Kind::class_) return interpreter.schema().of_class({model.id});
    }
  }
  return {};
}

}  // namespace

Value request_value(Interpreter& interpreter) {
  return interpreter.values().make(Term{interpreter.world().names.intern(request_class), {}});
}

bool is_request(Interpreter& interpreter, Value value) {
  return interpreter.values().is(value, ValueKind::term) &&
         interpreter.world().text(interpreter.values().term(value).callee) == request_class;
}

Value request_attribute(Interpreter& interpreter, Value, Name name, Site site) {
  const EntityId user = interpreter.schema().user;
  if (interpreter.world().text(name) == "user" && user) {
    return given_row(interpreter, user, Certainty::annotated, site);
  }
  return interpreter.unknown();
}

Value view_attribute(Interpreter& interpreter, const ManagerClasses& managers, Value object,
                     Name name, Site site) {
  Value instance = object;
  if (interpreter.values().is(object, ValueKind::super)) {
    instance = interpreter.values().super(object).self;
  }
  if (!interpreter.values().is(instance, ValueKind::instance)) return {};
  const ClassId class_ = interpreter.class_of(instance);
  if (!interpreter.program().has_unknown_bases(class_)) return {};
  const std::string_view text = interpreter.world().text(name);
  if (text == "request") return request_value(interpreter);
  if (is_view_method(text)) return interpreter.values().make(Method{object, name});
  if (text == "object_list") return current_query(interpreter, managers, instance, site);
  if (text == "queryset") {
    return given_query(interpreter, interpreter.schema().unknown, Certainty::guessed, site);
  }
  if (text == "object") {
    const Value query = current_query(interpreter, managers, instance, site);
    if (!query || !interpreter.values().is(query, ValueKind::query)) return {};
    return interpreter.element_of_query(query, interpreter.nest());
  }
  return {};
}

Value call_view_method(Interpreter& interpreter, const ManagerClasses& managers, Name name,
                       Arguments& arguments, Site site) {
  Value instance = arguments.self;
  const bool is_super = interpreter.values().is(instance, ValueKind::super);
  if (is_super) instance = interpreter.values().super(instance).self;
  if (!interpreter.values().is(instance, ValueKind::instance)) return {};
  const std::string_view text = interpreter.world().text(name);
  if (!is_view_method(text)) return {};
  if (text == "get_queryset") {
    const Value query = declared_query(interpreter, managers, instance, site);
    if (query) return query;
    return given_query(interpreter, interpreter.schema().unknown, Certainty::guessed, site);
  }
  if (text == "get_object") {
    return one_of(interpreter, current_query(interpreter, managers, instance, site), site);
  }
  if (text == "filter_queryset" || text == "paginate_queryset") {
    if (arguments.positional.empty()) return interpreter.unknown();
    const Value rows = arguments.positional[0];
    if (text == "filter_queryset" || !interpreter.values().is(rows, ValueKind::query)) return rows;
    return interpreter.values().make(interpreter.collect(rows, ContainerKind::list, site));
  }
  interpreter.escape_all(arguments, site);
  if (text != "get_context_data") return interpreter.unknown();
  return view_context(interpreter, current_query(interpreter, managers, instance, site));
}

Value parameter_value(Interpreter& interpreter, FunctionId function, std::size_t position) {
  const program::Program& program = interpreter.program();
  const program::Function& info = program.function(function);
  const auto parameters = program.unit(info.unit).module->parameters_of(*info.code);
  const Name name = program.name(info.unit, parameters[position].name);
  const std::string_view text = program.text(name);
  const Site site{function, 0};
  if (parameters[position].kind == ir::ParameterKind::rest ||
      parameters[position].kind == ir::ParameterKind::rest_keywords) {
    return {};
  }
  if (text == "request") return request_value(interpreter);
  if (text == "instance") {
    const EntityId sender = signal_sender(interpreter, function);
    if (sender) return given_row(interpreter, sender, Certainty::annotated, site);
  }
  if (text == "apps") {
    return interpreter.values().make_external(interpreter.world().names.intern("django.apps.apps"));
  }
  return named_value(interpreter, name, interpreter.unknown(), site);
}

Value named_value(Interpreter& interpreter, Name name, Value value, Site site) {
  const std::string_view text = interpreter.world().text(name);
  if (text == "queryset" || text == "qs") {
    return given_query(interpreter, interpreter.schema().unknown, Certainty::guessed, site);
  }
  auto [entity, is_plural] = interpreter.schema().spelled(name);
  if (text == "user" && interpreter.schema().user) entity = interpreter.schema().user;
  if (!entity) return {};
  if (interpreter.values().is(value, ValueKind::row)) {
    if (is_plural) return {};
    Row row = interpreter.values().row(value);
    row.entity = entity;
    row.certainty = Certainty::guessed;
    return interpreter.values().make(row);
  }
  if (is_plural) return given_query(interpreter, entity, Certainty::guessed, site);
  return given_row(interpreter, entity, Certainty::guessed, site);
}

}  // namespace querylint::frameworks::django
