// SQLAlchemy's mapped classes as entities.
#pragma once

#include <string_view>

#include "analyzer/program/program.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema::sqlalchemy {

/// Whether a file with this text might map a class. Reading a text is much cheaper than parsing it.
bool may_declare(std::string_view text);

/// Adds an entity for each mapped class of the program: declarative bases in every spelling, the
/// models of Flask-SQLAlchemy and SQLModel, and classes that are mapped to a `Table` by a call;
/// columns, relationships with their back references, mixins, `declared_attr` and inheritance. The
/// rules are those of https://docs.sqlalchemy.org/en/20/orm/mapper_config.html.
void read_models(program::Program& program, Schema& schema);

}  // namespace querylint::schema::sqlalchemy
