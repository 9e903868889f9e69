// How SQLAlchemy's constructs are written, whatever they were imported as.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/program/literals.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema::sqlalchemy {

using program::Expression;

/// The last part of the name behind an expression: `Column` of `sa.Column(...)`, `Mapped` of
/// `Mapped[int]`; empty for anything that is not named.
std::string_view last_name(const program::Program& program, Expression expression);

/// What a function that does nothing else returns: of `declared_attr` methods and lambdas.
Expression returned(const program::Program& program, program::FunctionId function);

/// What a class attribute declares.
enum class Construct : std::uint8_t { column, relation, deferred_column, expression };
std::optional<Construct> construct_named(std::string_view callee);

/// The type that a column's call names, or that stands in its annotation.
ColumnType column_type(std::string_view type_name);
/// The first argument of a column's call that is a type, as `String(80)`, `sa.Text`.
std::string_view type_of(const program::Program& program, const program::CallExpression& column);

/// An annotation taken apart: `Mapped[list["Book"]]` is `Book`, of many.
struct MappedType {
  std::string_view name;  ///< of the innermost type that is not a wrapper
  Expression type;        ///< it as an expression; nothing when it stands in a string
  bool is_mapped = false;
  bool is_collection = false;
  bool is_optional = false;
  Loading loading = Loading::lazy;  ///< `DynamicMapped` and `WriteOnlyMapped` give a query
};
MappedType mapped_type(const program::Program& program, Expression annotation);

}  // namespace querylint::schema::sqlalchemy
