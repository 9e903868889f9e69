// What SQLAlchemy's calls and attributes mean, those of Flask-SQLAlchemy and SQLModel included.
// Facts are those of https://docs.sqlalchemy.org/en/20/orm/ and, where they differ, /en/14/.
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks::sqlalchemy {

std::unique_ptr<flow::Framework> make_sqlalchemy(const program::Program& program,
                                                 const schema::Schema& schema);

}  // namespace querylint::frameworks::sqlalchemy
