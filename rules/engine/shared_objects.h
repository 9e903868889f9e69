// What a session that keeps one object for each key has already, whoever loaded it: reading a
// relation asks for an object only once (SQLAlchemy's identity map). Nothing holds of entities
// whose objects are not shared.
#pragma once

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Whether all rows lead to the same related row, since the query asks for one key.
bool leads_to_one(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation);

/// Whether what the relation of the row leads to may have come another way: a query before the
/// event loaded such rows, or the row's own query leads back to rows of its entity and loads the
/// relation of these.
bool may_be_loaded_elsewhere(const Evidence& evidence, const Event& read, const flow::Row& row,
                             const schema::Relation& relation);

}  // namespace querylint::rules
