// LanceDB: a store with queries of its own, whose rows mostly become frames.
//
// Facts are those of the reference of its Python client, 0.25
// (https://lancedb.github.io/lancedb/python/python/). Its tables are not mapped: all stand for one
// placeholder.
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks::lancedb {

std::unique_ptr<flow::Framework> make_lancedb(const program::Program& program);

}  // namespace querylint::frameworks::lancedb
