// Methods of querysets and managers: the whole API as of Django 5.2, with the async twins.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::django {

/// A call of a method on a query; a manager has been turned into its query before.
struct QueryCall {
  flow::Interpreter& interpreter;
  flow::Value query;
  flow::Arguments& arguments;
  flow::Site site;

  flow::World& world() const { return interpreter.world(); }
  flow::Query data() const { return interpreter.values().query(query); }
};

using QueryMethod = flow::Value (*)(const QueryCall&);

/// By name, sync names only: `aget` is `get`.
std::span<const std::pair<std::string_view, QueryMethod>> query_methods();

/// The query with one more step; a new object.
flow::Value refined(const QueryCall& call, flow::Step step);
/// A row of the query as `get()` returns it.
flow::Value one_row(const QueryCall& call, flow::Value query);
/// The query of what `query[key]` selects, or the row, or nothing when `key` is neither.
flow::Value sliced(flow::Interpreter& interpreter, flow::Value query, flow::Value key,
                   flow::Site site);
/// A lookup such as `author__country` as a path.
flow::PathId path_of(flow::World& world, std::string_view lookup);
/// Applies `prefetch_related` lookups to a query: also for `prefetch_related_objects`.
flow::Value with_prefetches(const QueryCall& call, flow::Value query,
                            std::span<const flow::Value> lookups);

}  // namespace querylint::frameworks::django
