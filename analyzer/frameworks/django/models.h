// What model classes and their objects have besides their fields.
#pragma once

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/django/managers.h"

namespace querylint::frameworks::django {

/// An attribute of a model class: managers and what Django puts beside them; nothing for others.
flow::Value class_attribute_of(flow::Interpreter& interpreter, const ManagerClasses& managers,
                               flow::Value class_, flow::Name name, flow::Site site);
/// An attribute of an object that is neither field nor the program's: `pk`, `save`, ...
flow::Value object_attribute(flow::Interpreter& interpreter, flow::Value row, flow::Name name,
                             flow::Site site);
/// A call of a method that `object_attribute` gave; `arguments.self` is the row or its `Super`.
flow::Value call_object_method(flow::Interpreter& interpreter, flow::Name name,
                               flow::Arguments& arguments, flow::Site site);
/// The model's class as a value.
flow::Value model_value(flow::Interpreter& interpreter, flow::EntityId entity);

}  // namespace querylint::frameworks::django
