// What comes with a query's rows: which relations are loaded and which columns are deferred.
#pragma once

#include "analyzer/flow/world.h"

namespace querylint::flow {

/// How a relation of a row is there, or not.
enum class Presence : std::uint8_t {
  absent,      ///< reading it runs a query
  joined,      ///< loaded in the row's own statement
  prefetched,  ///< loaded in a second one for all rows
  known,       ///< Python has it: the parent that the row was reached from, a value just set
};

/// Whether relation `lookup` of the rows at `path` of `query` is loaded with it. Whatever one of
/// several possible plans loads counts as loaded.
Presence presence(const World& world, Value query, PathId path, Name lookup);
Presence presence(const World& world, const Row& row, const schema::Relation& relation);

/// Whether reading `column` of the row runs a query, since the query left the column out.
bool is_deferred(const World& world, const Row& row, Name column);

/// Whether a query's rows are in memory already, by a prefetch of the relation it starts from.
/// Slices of such a query are cut in memory.
bool is_prefetched(const World& world, const Query& query);
/// Whether a query that runs starts from a relation that is prefetched: it narrows or orders it
/// again, or asks for something that a prefetch does not serve.
bool defeats_prefetch(const World& world, const Query& query);

/// Whether the row's query gives its rows an attribute of that name: an annotation, a prefetch.
bool is_filled_in(const World& world, const Row& row, Name attribute);

/// The query of a `Prefetch`, whose rows know the row that they are loaded for.
Value prefetched_query(World& world, Value inner, const schema::Relation& relation,
                       const Row& owner);

/// The query that loaded the rows a row's relation leads to: that of a `Prefetch`, else `row.query`
/// with the longer path.
Row related_row(World& world, const Row& row, const schema::Relation& relation, NestId born);

/// Whether a query runs once, and has its rows from then on.
bool keeps_rows(const World& world, Value query);

/// The step in which the rows' own statement starts: `StepKind::all`, `related`, `given`,
/// `created`.
const Step& root_of(const World& world, Value query);

}  // namespace querylint::flow
