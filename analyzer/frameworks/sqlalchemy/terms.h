// The objects of SQLAlchemy that are no rows and no queries, as terms: sessions, attributes of
// mapped classes, conditions, functions, loader options. A term's callee says what it is.
#pragma once

#include <string_view>

#include "analyzer/flow/interpreter.h"

namespace querylint::frameworks::sqlalchemy {

namespace callee {
constexpr std::string_view session = "sqlalchemy.Session";
constexpr std::string_view async_session = "sqlalchemy.AsyncSession";
constexpr std::string_view factory = "sqlalchemy.sessionmaker";  ///< a call of it is a session
constexpr std::string_view async_factory = "sqlalchemy.async_sessionmaker";
constexpr std::string_view database = "flask_sqlalchemy.SQLAlchemy";
constexpr std::string_view attribute =
    "sqlalchemy.Attribute";                             ///< class, name; what its target is called
constexpr std::string_view alias = "sqlalchemy.Alias";  ///< class, of what if given
constexpr std::string_view table = "sqlalchemy.Table";  ///< its name, or the class it is of
constexpr std::string_view columns = "sqlalchemy.Columns";       ///< of a table or subquery
constexpr std::string_view condition = "sqlalchemy.Condition.";  ///< operator; its operands
constexpr std::string_view function = "sqlalchemy.func.";        ///< name; its arguments
constexpr std::string_view option = "sqlalchemy.Option.";        ///< loader; before, attributes
constexpr std::string_view page = "sqlalchemy.Page";             ///< query
constexpr std::string_view write = "sqlalchemy.Write.";          ///< kind; class or table, values
}  // namespace callee

/// The callee of a term; empty for all other values.
std::string_view callee_of(flow::Interpreter& interpreter, flow::Value value);
bool is_session(flow::Interpreter& interpreter, flow::Value value);
bool is_async_session(flow::Interpreter& interpreter, flow::Value value);
flow::Value make_term(flow::Interpreter& interpreter, std::string_view kind, std::string_view name,
                      const flow::Arguments& arguments);
flow::Value session_value(flow::Interpreter& interpreter, bool is_async = false);

/// The entity behind a mapped class, an alias of it or an attribute; nothing for other values.
flow::EntityId entity_behind(flow::Interpreter& interpreter, flow::Value value);
/// `Book.reviews.of_type(type)`: the attribute, and what is meant by its target.
flow::Value attribute_of_type(flow::Interpreter& interpreter, flow::Value attribute,
                              flow::Value type);
/// `Book.title`, as a term; nothing where the class has no such column or relation.
flow::Value attribute_of(flow::Interpreter& interpreter, flow::Value class_, flow::Name name);
/// The name of an attribute term; nothing for other values.
flow::Name attribute_name(flow::Interpreter& interpreter, flow::Value value);

/// What operators and methods make of attributes: a part of a query, compared by its operands.
flow::Value condition(flow::Interpreter& interpreter, std::string_view name,
                      const flow::Arguments& operands);
bool is_expression(flow::Interpreter& interpreter, flow::Value value);
std::string_view operator_name(ir::Operator operation);

/// Conditions as arguments of a step, as `flow/conditions.h` has them: `Book.id == x` is `id=x`,
/// `Book.id.in_(xs)` is `id__in=xs`, and of another entity's column `Author.name=x`.
std::vector<std::pair<flow::Name, flow::Value>> as_lookups(flow::Interpreter& interpreter,
                                                           flow::EntityId entity,
                                                           const flow::Arguments& conditions);

}  // namespace querylint::frameworks::sqlalchemy
