// Functions and classes that projects import from Django.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/django/managers.h"

namespace querylint::frameworks::django {

struct FunctionCall {
  flow::Interpreter& interpreter;
  const ManagerClasses& managers;
  flow::Name path;
  flow::Arguments& arguments;
  flow::Site site;
};

using DjangoFunction = flow::Value (*)(const FunctionCall&);

/// By dotted path.
std::span<const std::pair<std::string_view, DjangoFunction>> django_functions();

/// Whether a path names a part of a query: `Q`, `Count`, `Subquery`, a database function.
bool is_expression(std::string_view path);
/// The query that a model class, manager or queryset stands for, as shortcuts take it.
flow::Value query_from(flow::Interpreter& interpreter, const ManagerClasses& managers,
                       flow::Value source, flow::Site site);

/// Paginators and their pages are terms; these read them.
flow::Value paginator_attribute(flow::Interpreter& interpreter, flow::Value term, flow::Name name,
                                flow::Site site);
flow::Value call_paginator(flow::Interpreter& interpreter, flow::Value self, flow::Name name,
                           flow::Site site);
/// The page of a paginator over those rows.
flow::Value page_over(flow::Interpreter& interpreter, flow::Value rows);
flow::Value iterate_page(flow::Interpreter& interpreter, flow::Value term, flow::NestId nest,
                         flow::Site site);

}  // namespace querylint::frameworks::django
