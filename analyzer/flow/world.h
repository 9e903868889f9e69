// What one thread follows functions with: the shared program and schema, and its own tables.
#pragma once

#include "analyzer/flow/plans.h"
#include "analyzer/flow/trace.h"
#include "analyzer/flow/values.h"
#include "analyzer/flow/words.h"
#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::flow {

struct World {
  World(const program::Program& shared_program, const schema::Schema& shared_schema,
        const Dictionary& words_of_orms)
      : program(shared_program),
        schema(shared_schema),
        dictionary(words_of_orms),
        names(&shared_program.names),
        slice(names.intern("builtins.slice")),
        isinstance(names.intern("builtins.isinstance")),
        str(names.intern("__str__")),
        counted(names.intern("count()")),
        tested(names.intern("exists()")),
        length(names.intern("len()")),
        begun_text(names.intern("begun text")) {}

  const program::Program& program;
  const schema::Schema& schema;
  Dictionary dictionary;
  base::Names names;  ///< the program's, and what this thread met besides
  Values values;
  Plans plans;
  Chains chains;

  // Names that the interpreter itself knows.
  Name slice;
  Name isinstance;
  Name str;
  // Callees of the terms that stand for what was measured of a query.
  Name counted;
  Name tested;
  Name length;
  Name begun_text;  ///< callee of a text of which only the beginning is known; argument: that

  /// How messages about an entity's rows write repairs.
  const Words& words(EntityId entity) const {
    return *dictionary[static_cast<std::size_t>(schema.entity(entity).orm)];
  }
  Name name(std::string_view text) const { return names.find(text); }
  std::string_view text(Name name) const { return names.text(name); }
};

}  // namespace querylint::flow
