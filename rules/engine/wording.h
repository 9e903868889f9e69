// The words that several rules use: costs and repairs in the user's own names.
#pragma once

#include <string>

#include "rules/engine/rule.h"

namespace querylint::rules {

/// The relations from the query's rows to what `relation` of the row leads to; it points into the
/// schema's names.
std::vector<flow::Hop> way_along(const Evidence& evidence, const flow::Row& row,
                                 const schema::Relation& relation);
/// The relations on the way to the row.
std::vector<flow::Hop> way_to_row(const Evidence& evidence, const flow::Row& row);
/// `Book.author`.
std::string relation_name(const Evidence& evidence, const flow::Row& row,
                          const schema::Relation& relation);
std::string entity_name(const Evidence& evidence, schema::EntityId entity);

/// `1 + N queries: one per row of Book`, `N queries: one per iteration`.
std::string query_cost(const Evidence& evidence, const Repetition& repetition);
/// `N UPDATE statements: one per row of Book`.
std::string statement_cost(const Evidence& evidence, const Repetition& repetition,
                           std::string_view statement);

/// Whether a query best brings a relation of its rows along in its own statement: one row for each.
bool is_joined(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation);
/// The call that makes the query load a relation, with the whole path from its rows.
std::string loading_call(const Evidence& evidence, const flow::Row& row,
                         const schema::Relation& relation);

/// Whether the row was made here, or belongs to one that was: no query could load its relations.
bool is_of_new_row(const Evidence& evidence, const flow::Row& row);

/// Whether what was loaded before the loop is out of date in it: it writes such rows as are read,
/// or commits, which makes a session forget them.
bool is_outdated_in_loop(const Evidence& evidence, const Event& read, const flow::Row& row,
                         NestId loop);

/// How sure it is that loading with the query mends a read: the rows have to be those of the loop's
/// own query, not some that the loop's body fetches far away.
diagnostics::Certainty certainty_of_read(const Evidence& evidence, const Event& event,
                                         const Repetition& repetition, const flow::Row& row);

/// Where a finding about reading something of a row stands: at the read if it is in the file of the
/// loop, else at the query, else at the loop's call.
Site reading_place(const Evidence& evidence, const Event& event, const Repetition& repetition,
                   Value query);

/// The query, the loop, the calls into other functions: what explains a repetition, in the order in
/// which it happens.
std::vector<diagnostics::Related> explanation(const Evidence& evidence, const Event& event,
                                              const Repetition& repetition, Value query,
                                              Site place);

}  // namespace querylint::rules
