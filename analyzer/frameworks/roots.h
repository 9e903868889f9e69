// Where rows and queries come from, for the frameworks of all ORMs.
#pragma once

#include "analyzer/flow/interpreter.h"

namespace querylint::frameworks {

/// A query of all rows of the entity; `class_` is the project's own class of the query, if any.
flow::Value all_rows(flow::Interpreter& interpreter, flow::EntityId entity, flow::ClassId class_,
                     flow::Site site);
/// A new object of the entity with the values it was made with.
flow::Value created_row(flow::Interpreter& interpreter, flow::EntityId entity,
                        const flow::Arguments& arguments, flow::Site site);
/// A row, or any of many, that some unknown code loaded.
flow::Value given_row(flow::Interpreter& interpreter, flow::EntityId entity,
                      flow::Certainty certainty, flow::Site site);
flow::Value given_query(flow::Interpreter& interpreter, flow::EntityId entity,
                        flow::Certainty certainty, flow::Site site);

/// Whether a row, query, manager or entity's class is declared with that ORM, or with another one;
/// other values are nobody's.
bool is_of(flow::Interpreter& interpreter, flow::Value value, schema::Orm orm);
bool is_of_another(flow::Interpreter& interpreter, flow::Value value, schema::Orm orm);

/// Lookups read the keys of the objects that they are given, wherever these stand.
void use_keys(flow::Interpreter& interpreter, flow::Value value, flow::Site site, int depth = 0);

/// Arguments as one value, for events.
flow::Value packed(flow::Interpreter& interpreter, const flow::Arguments& arguments);

}  // namespace querylint::frameworks
