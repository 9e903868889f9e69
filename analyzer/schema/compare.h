// Whether two schemas describe the same tables.
#pragma once

#include "analyzer/schema/schema.h"

namespace querylint::schema {

/// Whether two schemas of one program, read at two times, say the same; where things are declared
/// does not count.
bool are_the_same(const Schema& a, const Schema& b);

}  // namespace querylint::schema
