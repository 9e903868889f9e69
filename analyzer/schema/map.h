// Mapping: from the linked program to the schema its ORMs declare.
#pragma once

#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema {

/// Reads every ORM that the program uses. Adds names to `program` (accessors, key columns), which is
/// why it runs before the program is shared between threads.
Schema map(program::Program& program);

}  // namespace querylint::schema
