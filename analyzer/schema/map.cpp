#include "analyzer/schema/map.h"

#include "analyzer/schema/django/models.h"
#include "analyzer/schema/sqlalchemy/models.h"

namespace querylint::schema {

bool may_declare(std::string_view text) {
  return django::may_declare(text) || sqlalchemy::may_declare(text);
}

Schema map(program::Program& program) {
  Schema schema;
  Entity unknown;
  unknown.name = program.names.intern("(some model)");
  unknown.is_abstract = true;
  unknown.is_partial = true;
  schema.add(std::move(unknown));
  schema.unknown = {0};
  django::read_models(program, schema);
  sqlalchemy::read_models(program, schema);
  schema.spell_entities(program.names);
  return schema;
}

}  // namespace querylint::schema
