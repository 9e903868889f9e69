#include "analyzer/schema/map.h"

#include "analyzer/schema/django/models.h"

namespace querylint::schema {

Schema map(program::Program& program) {
  Schema schema;
  django::read_models(program, schema);
  return schema;
}

}  // namespace querylint::schema
