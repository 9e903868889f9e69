// Traces and values as stable text.
#pragma once

#include <string>

#include "analyzer/flow/world.h"

namespace querylint::flow {

/// `Book.all.filter(author)`, `row of Book.all via author`, ...
std::string describe(const World& world, Value value);
std::string describe_plan(const World& world, const Query& query);

/// One line for each event: what, where (path:line-less: the byte the code starts at), in which
/// loops, through which calls.
std::string dump(const World& world, const Trace& trace);

}  // namespace querylint::flow
