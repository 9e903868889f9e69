// When two queries ask for the same rows, or start from the same ones.
#pragma once

#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Whether everything that a value is made of is known, with the conditions of the queries that it
/// comes from: then equal values are equal whenever they are computed.
bool is_known(const Evidence& evidence, Value value);

/// What may differ between two queries for the same rows.
enum class Order : std::uint8_t { ignored, counts };

/// Whether both ask for the same rows, whatever they load of them. Conditions on values that are
/// not known are equal only where they are one and the same step of one query: of one object, that
/// is, since a function that is called twice makes two.
bool same_rows(const Evidence& evidence, const Event& a, const Event& b,
               Order order = Order::ignored);
/// The same of queries that nothing runs, such as those inside others.
bool same_rows(const Evidence& evidence, Value a, Value b, Order order = Order::ignored);

/// Whether both give the same of each row: tuples of other columns or annotations are another
/// answer.
bool same_columns(const Evidence& evidence, const Event& a, const Event& b);

/// Whether a condition of the query may repeat its rows, by what it joins.
bool repeats_rows(const Evidence& evidence, Value query);

/// Whether rows that are the same in all columns count once.
bool is_distinct(const Evidence& evidence, Value query);
/// Whether rows that are the same in some columns, which the query names, count once.
bool is_distinct_by_columns(const Evidence& evidence, Value query);

/// Whether one `aggregate()` over a common base can answer what is counted of both: they start from
/// the same table or relation, and differ by conditions that join nothing; those of one of them may
/// repeat rows that it makes distinct again.
bool same_base(const Evidence& evidence, const Event& a, const Event& b);

/// The conditions of a query that another one over the same base does not have, in order.
std::vector<flow::StepId> own_conditions(const Evidence& evidence, const Event& event,
                                         const Event& other);

/// Whether two executions happen in one run of the function, the second whenever the first does.
bool follows(const Evidence& evidence, const Event& first, const Event& second);

/// Whether the event writes rows, or may.
bool is_write(const Event& event);

/// Whether rows of the entity, or any if there is none, are written between two events of the
/// trace, or made and given to somebody who may write them.
bool is_written_between(const Evidence& evidence, const Event& first, const Event& second,
                        schema::EntityId entity);

}  // namespace querylint::rules
