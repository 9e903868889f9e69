// The fix of rules that miss a relation: the query is told to bring it along.
#pragma once

#include <optional>
#include <string>

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// A read of a relation of rows that the query did not load.
struct MissingLoad {
  const Event& read;
  flow::Row row;
  const schema::Relation* relation = nullptr;
  bool is_always_read = true;  ///< of each row, on no condition
  diagnostics::Certainty certainty = diagnostics::Certainty::firm;  ///< of the finding
};

/// Adds the call that loads the relation behind the last call that makes the query, or its argument
/// to a call of that name. Safe is only what joins one row to each row, in a query that this
/// function makes and uses itself. Nothing where a step of the query is out of sight or cannot go
/// with it, or where the code makes queries for other entities too.
std::optional<diagnostics::Fix> loading_fix(const Evidence& evidence, const MissingLoad& missing);

}  // namespace querylint::rules
