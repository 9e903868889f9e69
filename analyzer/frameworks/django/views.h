// Class-based views, requests, and the roles that Django gives to parameters.
#pragma once

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/django/managers.h"

namespace querylint::frameworks::django {

/// What generic views (Django's, and those built on the same protocol) give their instances:
/// `request`, `object`, `object_list`, `get_queryset`, ...; nothing for other names or classes.
flow::Value view_attribute(flow::Interpreter& interpreter, const ManagerClasses& managers,
                           flow::Value instance, flow::Name name, flow::Site site);
/// A call of a method that `view_attribute` gave; `self` is the instance or its `Super`.
flow::Value call_view_method(flow::Interpreter& interpreter, const ManagerClasses& managers,
                             flow::Name name, flow::Arguments& arguments, flow::Site site);

/// `request.user` and its like.
flow::Value request_attribute(flow::Interpreter& interpreter, flow::Value request, flow::Name name,
                              flow::Site site);
flow::Value request_value(flow::Interpreter& interpreter);
bool is_request(flow::Interpreter& interpreter, flow::Value value);

/// A parameter by its role: the request of a view, the instance of a signal receiver, the apps of a
/// migration; else, as a guess, by its name.
flow::Value parameter_value(flow::Interpreter& interpreter, flow::FunctionId function,
                            std::size_t position);

/// A guess by a variable's name: a row of the entity that it spells, a query for its plural, a
/// query of an unknown entity for `queryset`. `value` is what the variable holds so far.
flow::Value named_value(flow::Interpreter& interpreter, flow::Name name, flow::Value value,
                        flow::Site site);

}  // namespace querylint::frameworks::django
