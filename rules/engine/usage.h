// What a trace does with the rows of one query, and whether anything else needs them.
#pragma once

#include <set>
#include <vector>

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Events of the trace, in order; pointers into it.
struct Usage {
  Value query;
  bool is_whole = true;               ///< false when following ended early: there may be more
  std::vector<const Event*> runs;     ///< executions of the query itself
  std::vector<const Event*> reads;    ///< columns and relations that are read of its rows
  std::vector<const Event*> writes;   ///< its rows are saved, deleted or fetched again
  std::vector<const Event*> changes;  ///< its rows' attributes are set, which a session will write
  std::vector<const Event*> escapes;  ///< its rows get away; those of joined relations too, and
                                      ///< all that is done to queries it was merged into
  std::vector<const Event*> folds;
  std::vector<const Event*> numbers;  ///< its count is wanted as a number
};

Usage usage_of(const Evidence& evidence, Value query);

/// The columns that are read of the rows at `path`. A relation counts as the column that holds its
/// key, or as the primary key.
std::set<base::Name> columns_read(const Evidence& evidence, const Usage& usage,
                                  flow::PathId path = {});

/// Whether objects at `path` get to where any of their columns may be read.
bool gets_away(const Evidence& evidence, const Usage& usage, flow::PathId path = {});

/// Whether an event is about some of the query's rows only, as Python has picked them.
bool is_of_part(const Evidence& evidence, const Event& event, Value query);

/// Whether nobody looks at the rows themselves: they are neither read, kept, written nor folded,
/// except for their number.
bool is_unread(const Usage& usage);

/// Whether everything that is read of the rows goes into what Python folds, and the rows serve
/// nothing else.
bool is_only_folded(const Evidence& evidence, const Usage& usage);

/// Whether Python only ever looks at a part of the rows: a slice of them, or those that it filters.
bool is_only_taken_apart(const Evidence& evidence, const Usage& usage);

/// Whether a fold takes some rows, or one, by their places.
bool takes_part(const Event& fold);

/// The execution that loads all rows of a query, of which nothing is looked at but what the fold
/// takes by its place, as an index or a slice does; null if there is more to it.
const Event* needless_run(const Evidence& evidence, const Event& fold);

/// Whether a single row is taken out of the query as well, by an index: by a query of its own, or
/// out of what is loaded.
bool is_indexed(const Evidence& evidence, const Usage& usage);

/// Whether a condition names the rows one by one: `pk__in=keys`. They are as many as somebody
/// chose.
bool is_by_keys(const Evidence& evidence, Value query);

/// Whether a value is computed of the query's rows.
bool is_of_rows(const Evidence& evidence, Value value, Value query);

/// The execution that brought the rows; the count or test if no other.
const Event* loading_run(const Usage& usage);

}  // namespace querylint::rules
