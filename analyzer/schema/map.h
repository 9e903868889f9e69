// Mapping: from the linked program to the schema its ORMs declare.
#pragma once

#include <string_view>

#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema {

/// Whether a file with this text might declare an entity, or say which one the user is.
bool may_declare(std::string_view text);

/// Reads every ORM that the program uses. Adds names to `program` (accessors, key columns), which
/// is why it runs before the program is shared between threads.
Schema map(program::Program& program);

}  // namespace querylint::schema
