#include "analyzer/schema/map.h"

#include "analyzer/schema/django/models.h"

namespace querylint::schema {

Schema map(program::Program& program) {
  Schema schema;
  Entity unknown;
  unknown.name = program.names.intern("(some model)");
  unknown.is_abstract = true;
  unknown.is_partial = true;
  schema.add(std::move(unknown));
  schema.unknown = {0};
  django::read_models(program, schema);
  return schema;
}

}  // namespace querylint::schema
