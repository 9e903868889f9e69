// What a session that keeps one object for each key has already, whoever loaded it: reading a
// relation asks for an object only once (SQLAlchemy's identity map). Nothing holds of entities
// whose objects are not shared.
#pragma once

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Whether all rows lead to the same related row, since the query asks for one key.
bool leads_to_one(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation);

/// How many of the objects that a relation leads to came another way.
enum class Elsewhere : std::uint8_t { none, some, all };

/// What a query before the event loaded of the relation's target, or the row's own query on a way
/// that leads back to it.
Elsewhere loaded_elsewhere(const Evidence& evidence, const Event& read, const flow::Row& row,
                           const schema::Relation& relation);

/// Whether the session may well have the objects that a relation to one row leads to, though no
/// query for them is in sight: they are of the rows' own entity, or one of a few, the query lists
/// their keys or those of the rows, or an earlier loop of the same function read the relation of
/// rows of the same entity.
bool may_be_known(const Evidence& evidence, const Event& read, const flow::Row& row,
                  const schema::Relation& relation, Site loop);

}  // namespace querylint::rules
