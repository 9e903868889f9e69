#include "analyzer/schema/map.h"

#include "analyzer/schema/django/models.h"
#include "analyzer/schema/sqlalchemy/models.h"

namespace querylint::schema {

bool may_declare(std::string_view text) {
  return django::may_declare(text) || sqlalchemy::may_declare(text);
}

namespace {

EntityId add_placeholder(program::Program& program, Schema& schema, std::string_view name,
                         Orm orm) {
  Entity entity;
  entity.name = program.names.intern(name);
  entity.orm = orm;
  entity.is_abstract = true;
  entity.is_placeholder = true;
  entity.is_partial = true;
  schema.add(std::move(entity));
  return {static_cast<std::uint32_t>(schema.entities.size() - 1)};
}

}  // namespace

Schema map(program::Program& program) {
  Schema schema;
  schema.unknown = add_placeholder(program, schema, "(some model)", Orm::django);
  schema.statement = add_placeholder(program, schema, "the statement", Orm::sql);
  schema.store = add_placeholder(program, schema, "the table", Orm::lancedb);
  django::read_models(program, schema);
  sqlalchemy::read_models(program, schema);
  schema.spell_entities(program.names);
  return schema;
}

}  // namespace querylint::schema
