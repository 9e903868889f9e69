// Where the fix of a query may be written: in code that makes this query, and no other.
#pragma once

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Whether the call there, a step of the query, may as well be one of queries for other entities:
/// in a manager or a base class that several use, in a function that is given what it asks.
bool may_serve_others(const Evidence& evidence, Value query, Site call);

/// Whether a read of a relation of the query's rows comes to the code of the call again: in a
/// function that calls itself with each of the rows, whose query may load the relation in vain or
/// even ask anew for what was loaded.
bool is_read_by_itself(const Evidence& evidence, const Event& read, const flow::Row& row,
                       const schema::Relation& relation, Site call);

/// Whether the relation of such rows is also asked for something else than all of its rows, which
/// loading it would not spare.
bool is_asked_otherwise(const Evidence& evidence, const flow::Row& row,
                        const schema::Relation& relation);

/// Whether the relation may lead to rows of an entity that derives from its target, which a session
/// gives as what they are: loading it with the rows leaves their own columns out, and each asks for
/// them again.
bool may_lead_to_deriving(const Evidence& evidence, const schema::Relation& relation);

/// Whether the way to the rows of the relation leads back to where it came from: from authors to
/// their books, to their author. They are there already.
bool goes_back(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation);

}  // namespace querylint::rules
