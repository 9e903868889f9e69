// What the conditions of a filter compare, however they are put together (flow/conditions.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Calls `visit` for each comparison of a filter's arguments, those in combined conditions too.
void each_comparison(const Evidence& evidence, flow::Attributes arguments,
                     const std::function<void(std::string_view lookup, Value operand)>& visit);

/// Calls `visit` with the alternatives of each OR in a filter's arguments.
void each_choice(const Evidence& evidence, flow::Attributes arguments,
                 const std::function<void(flow::Attributes alternatives)>& visit);

/// `ilike` of `author__name__ilike`, empty where values are compared for equality.
std::string_view comparison_of(std::string_view lookup);

/// The table, besides the entity's own, whose column a lookup compares: `reviews` of
/// `reviews__stars` where many rows may fit, `Author` of `Author.name`. Empty for columns of the
/// entity and for relations to one row.
std::string other_table(const Evidence& evidence, schema::EntityId entity, std::string_view lookup);

/// The column that a lookup compares: of the entity, of one that relations lead to, of one that is
/// joined by hand; a relation to one row is its key. Nothing where that is not known.
const schema::Column* compared_column(const Evidence& evidence, schema::EntityId entity,
                                      std::string_view lookup);

}  // namespace querylint::rules
