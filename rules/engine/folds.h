// What the rules on Python's work on rows share.
#pragma once

#include <optional>
#include <string>

#include "rules/engine/rule.h"
#include "rules/engine/usage.h"

namespace querylint::rules {

/// A fold of rows that the database could do, since the rows serve nothing else.
struct NeedlessFold {
  Usage usage;
  const Event* load = nullptr;  ///< the query that brings the rows
  std::string column;           ///< what is folded, if it is one column: as a lookup
  std::string column_entity;    ///< whose column it is; else the query's entity
  std::string expression;  ///< in the user's words, such as `F("a") * F("b")`; empty if it has none
};

/// Nothing where the rows come from a prefetch, or are read for anything else.
std::optional<NeedlessFold> needless_fold(const Evidence& evidence, const Event& fold);

/// Whether a library for tables does it, with all rows that were put into one.
inline bool is_of_table(const Event& fold) { return (fold.flags & flow::flag::by_table) != 0; }

/// `F("a") * F("b")`: a value computed of one row's columns as the database would compute it; empty
/// where it cannot.
std::string database_expression(const Evidence& evidence, Value value);
/// `customer__name`: the column that a value is, or that it is but for a constant in its place;
/// empty for other values.
std::string column_lookup(const Evidence& evidence, Value value);
/// The name of the entity whose column that is.
std::string column_entity(const Evidence& evidence, Value value);

/// Whether the rows are groups that the database made: `values(...).annotate(...)`.
bool is_grouped(const Evidence& evidence, Value query);

/// A finding about a fold: at the fold, related to the query. It makes findings moot that say the
/// rows are too wide or too many.
diagnostics::Diagnostic fold_finding(const Evidence& evidence, const Event& fold,
                                     const Findings& findings);

/// What findings about loading too much by one query have in common: where it is built.
diagnostics::Place place_of_load(const Evidence& evidence, Value query);

}  // namespace querylint::rules
