// Aggregates and subqueries that a query is annotated with.
#pragma once

#include <string>
#include <vector>

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// One `Count(...)`, `Sum(...)` or the like.
struct Aggregate {
  std::string label;                ///< of the annotation; empty without one
  std::string function;             ///< `Count`
  std::string argument;             ///< `books__id`
  std::vector<base::Name> to_many;  ///< the relations up to the last one that leads to many rows
  bool is_distinct = false;
  Site site;  ///< of the `annotate()` call
};

/// The aggregates of a query's annotations, those of its newest step last. Aggregates inside of
/// subqueries are not of the query.
std::vector<Aggregate> aggregates_of(const Evidence& evidence, Value query);

/// The terms of an expression whose callee's last part is `callee`, outermost first; not those
/// inside of other queries.
std::vector<flow::Term> terms_within(const Evidence& evidence, Value value,
                                     std::string_view callee);

/// `books__reviews`: the part of a lookup up to the last relation that leads to many rows; empty if
/// none does. Of an entity that is not known every relation may.
std::string to_many_path(const Evidence& evidence, schema::EntityId entity,
                         std::string_view lookup);

/// `Count` of `orm.functions.Count`.
std::string_view last_part(std::string_view dotted);

/// Whether a lookup, or what rows are put in order by, is about the annotation.
bool mentions(std::string_view lookup, std::string_view label);
/// Whether a condition, an ordering or another annotation of the query mentions the annotation.
bool is_annotation_used(const Evidence& evidence, Value query, std::string_view label);

}  // namespace querylint::rules
