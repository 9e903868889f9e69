// Queries: what `session.query()` and `select()` build, and the methods of both.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/roots.h"
#include "analyzer/frameworks/sqlalchemy/terms.h"

namespace querylint::frameworks::sqlalchemy {

/// A call of a method on a query.
struct QueryCall {
  flow::Interpreter& interpreter;
  flow::Value query;
  flow::Arguments& arguments;
  flow::Site site;

  flow::World& world() const { return interpreter.world(); }
  flow::Query data() const { return interpreter.values().query(query); }
};

using QueryMethod = flow::Value (*)(const QueryCall&);

std::span<const std::pair<std::string_view, QueryMethod>> query_methods();

/// What `query(...)` or `select(...)` of these columns and entities asks for; nothing when none of
/// them is of a mapped class.
flow::Value query_of(flow::Interpreter& interpreter, const flow::Arguments& columns,
                     flow::Site site);
/// The query with one more step; a new object.
flow::Value refined(const QueryCall& call, flow::Step step);
/// Why a query runs that is asked for `cause`: one that only aggregates counts or aggregates.
flow::Cause cause_of(flow::Interpreter& interpreter, flow::Value query, flow::Cause cause);

/// Runs it, in the loops around.
void run(flow::Interpreter& interpreter, flow::Value query, flow::Cause cause, flow::Site site);
/// All that a query gives, as a list.
flow::Value rows_of(flow::Interpreter& interpreter, flow::Value query);
/// `query[key]`.
flow::Value indexed(flow::Interpreter& interpreter, flow::Value query, flow::Value key,
                    flow::Site site);
/// The query of a relation's rows, for relations that give one.
flow::Value related_query(flow::Interpreter& interpreter, const flow::Manager& related,
                          flow::Site site);

// tables.cpp
/// The query, with a step for what its columns are of, where that is not just the query's entity.
flow::Value with_tables(const QueryCall& call, std::span<const flow::Value> columns);
/// The query, with a step for each condition among the arguments that names other tables.
flow::Value with_links(const QueryCall& call);
/// The query, with a table of which nothing is known.
flow::Value with_unknown_table(const QueryCall& call);
/// What `join()` with these arguments joins; nothing for what is not known.
std::vector<std::pair<flow::Name, flow::Value>> joined_tables(flow::Interpreter& interpreter,
                                                              flow::Value query,
                                                              const flow::Arguments& arguments);

// options.cpp
/// A loader option, from its function or as the next part of a chain: `joinedload(Author.books)`
/// and `.selectinload(Book.reviews)`. Nothing for other names.
flow::Value loader_option(flow::Interpreter& interpreter, std::string_view name, flow::Value before,
                          const flow::Arguments& arguments);
/// The query with the loads that an option asks for.
flow::Value with_option(const QueryCall& call, flow::Value query, flow::Value option);

// results.cpp
/// What `execute()` gives: as many tuples, each with what was asked for.
flow::Value result_of(flow::Interpreter& interpreter, flow::Value query);
/// Its method; nothing where the container is no result or the method is not a result's.
flow::Value call_result(flow::Interpreter& interpreter, flow::Value result, std::string_view name,
                        flow::Site site);
bool is_result(flow::Interpreter& interpreter, flow::Value value);
bool is_result_method(std::string_view name);

// sessions.cpp
/// A method of a session, or of something unknown that may be one: then only what its arguments
/// show to be a query or a row of a mapped class is carried out.
flow::Value call_session(flow::Interpreter& interpreter, flow::Value session, std::string_view name,
                         flow::Arguments& arguments, flow::Site site);

}  // namespace querylint::frameworks::sqlalchemy
