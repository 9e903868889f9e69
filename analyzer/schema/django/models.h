// Django's models as entities.
#pragma once

#include <string_view>

#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema::django {

/// Whether a file with this text might define a model, or settings that name the user model.
/// Reading a text is much cheaper than parsing it.
bool may_declare(std::string_view text);

/// Adds an entity for each model class of the program and for Django's own models: abstract bases,
/// multi-table inheritance, proxies, lazy references, inverse relations, `Meta`, and what runs at
/// writes. The rules are those of https://docs.djangoproject.com/en/5.2/topics/db/models/.
void read_models(program::Program& program, Schema& schema);

}  // namespace querylint::schema::django
