#include "analyzer/frameworks/django/models.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/django/querysets.h"

namespace querylint::frameworks::django {

using namespace flow;

namespace {

enum class ObjectMethod : std::uint8_t {
  save,
  remove,
  refresh,
  neighbour,
  display,
  resolve,
  quiet
};

constexpr std::array<std::pair<std::string_view, ObjectMethod>, 21> object_methods = {{
    {"save", ObjectMethod::save},
    {"asave", ObjectMethod::save},
    {"save_base", ObjectMethod::save},
    {"delete", ObjectMethod::remove},
    {"adelete", ObjectMethod::remove},
    {"refresh_from_db", ObjectMethod::refresh},
    {"arefresh_from_db", ObjectMethod::refresh},
    {"get_object_for_this_type", ObjectMethod::resolve},
    {"get_all_objects_for_this_type", ObjectMethod::resolve},
    {"full_clean", ObjectMethod::quiet},
    {"clean", ObjectMethod::quiet},
    {"clean_fields", ObjectMethod::quiet},
    {"validate_unique", ObjectMethod::quiet},
    {"validate_constraints", ObjectMethod::quiet},
    {"get_deferred_fields", ObjectMethod::quiet},
    {"serializable_value", ObjectMethod::quiet},
    {"prepare_database_save", ObjectMethod::quiet},
    {"__init__", ObjectMethod::quiet},
    {"__str__", ObjectMethod::quiet},
    {"__repr__", ObjectMethod::quiet},
    {"__eq__", ObjectMethod::quiet},
}};

std::optional<ObjectMethod> object_method(std::string_view name) {
  for (const auto& [known, method] : object_methods) {
    if (known == name) return method;
  }
  if (name.starts_with("get_next_by_") || name.starts_with("get_previous_by_")) {
    return ObjectMethod::neighbour;
  }
  if (name.starts_with("get_") && name.ends_with("_display")) return ObjectMethod::display;
  return std::nullopt;
}

/// A declared manager knows its model only once it is read from the class.
Value bound_manager(Interpreter& interpreter, Value value, EntityId entity) {
  if (!interpreter.values().is(value, ValueKind::manager)) return value;
  Manager manager = interpreter.values().manager(value);
  manager.entity = entity;
  return interpreter.values().make(manager);
}

}  // namespace

Value model_value(Interpreter& interpreter, EntityId entity) {
  if (!entity) return interpreter.unknown();
  return interpreter.values().make(ClassValue{interpreter.schema().entity(entity).class_, entity});
}

Value class_attribute_of(Interpreter& interpreter, const ManagerClasses& managers, Value class_,
                         Name name, Site site) {
  const ClassValue model = interpreter.values().class_(class_);
  if (!model.entity) return {};
  const std::string_view text = interpreter.world().text(name);
  Manager plain;
  plain.entity = model.entity;
  if (text == "_default_manager") {
    return interpreter.values().make(managers.default_manager(model.entity));
  }
  if (text == "_base_manager") return interpreter.values().make(plain);
  if (model.class_) {
    const program::Member* member = interpreter.program().member(model.class_, name);
    if (member != nullptr) {
      if (member->kind != program::Member::Kind::value) return {};
      const Value value = interpreter.class_attribute(model.class_, name, class_, site);
      if (text != "objects" || !interpreter.values().is_unknown(value)) {
        return bound_manager(interpreter, value, model.entity);
      }
      Manager hidden = plain;  // made by a class out of sight, which may load more than it says
      hidden.certainty = Certainty::guessed;
      return interpreter.values().make(hidden);
    }
  }
  const bool is_concrete = !interpreter.schema().entity(model.entity).is_abstract;
  return text == "objects" && is_concrete ? interpreter.values().make(plain) : Value{};
}

Value object_attribute(Interpreter& interpreter, Value object, Name name, Site site) {
  const Row row = interpreter.values().row(object);
  const std::string_view text = interpreter.world().text(name);
  const schema::Entity& entity = interpreter.schema().entity(row.entity);
  if (text == "pk") {
    const schema::Column* key = entity.primary_key();
    interpreter.use(object, key != nullptr ? key->name : name, site);
    return interpreter.values().make(Scalar{object, key != nullptr ? key->name : name});
  }
  if (text == "__class__") return model_value(interpreter, row.entity);
  if (text == "objects") {
    return interpreter.attribute(model_value(interpreter, row.entity), name, site);
  }
  if (object_method(text)) return interpreter.values().make(Method{object, name});
  return {};
}

/// Whether saving it adds a row: it was made here, or lost its key to become a copy.
bool is_new(const Interpreter& interpreter, const World& world, const Row& row) {
  if (world.values.is(row.query, ValueKind::query) && !row.path &&
      root_of(world, row.query).kind == StepKind::created) {
    return true;
  }
  const schema::Column* key = interpreter.schema().entity(row.entity).primary_key();
  return std::ranges::any_of(row.attributes, [&](const auto& attribute) {
    const bool is_key =
        world.text(attribute.first) == "pk" || (key != nullptr && attribute.first == key->name);
    return is_key && is_none(world, attribute.second);
  });
}

Value call_object_method(Interpreter& interpreter, Name name, Arguments& arguments, Site site) {
  World& world = interpreter.world();
  Value object = arguments.self;
  if (world.values.is(object, ValueKind::super)) object = world.values.super(object).self;
  if (!world.values.is(object, ValueKind::row)) return {};
  const std::string_view text = world.text(name);
  const std::optional<ObjectMethod> method = object_method(text);
  if (!method) return {};
  const Row row = world.values.row(object);
  switch (*method) {
    case ObjectMethod::save:
      interpreter.execution(is_new(interpreter, world, row) ? Cause::created : Cause::saved, object,
                            site, interpreter.nest());
      break;
    case ObjectMethod::remove:
      interpreter.execution(Cause::deleted, object, site, interpreter.nest());
      break;
    case ObjectMethod::refresh:
      interpreter.execution(Cause::refreshed, object, site, interpreter.nest());
      break;
    case ObjectMethod::neighbour:
      interpreter.execution(Cause::fetched, row.query, site, interpreter.nest());
      return given_row(interpreter, row.entity, row.certainty, site);
    case ObjectMethod::display: {
      const std::string_view column = text.substr(4, text.size() - 4 - 8);
      interpreter.use(object, world.name(column), site, flag::by_method);
      break;
    }
    case ObjectMethod::resolve: {  // of a content type
      const EntityId some = interpreter.schema().unknown;
      const Value query = given_query(interpreter, some, row.certainty, site);
      interpreter.execution(Cause::fetched, query, site, interpreter.nest());
      return interpreter.element_of_query(query, interpreter.nest());
    }
    case ObjectMethod::quiet:
      break;
  }
  return interpreter.unknown();
}

}  // namespace querylint::frameworks::django
