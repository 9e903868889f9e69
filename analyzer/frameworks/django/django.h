// Django: what its managers, querysets, models, views and helpers do.
//
// Facts are those of the reference for Django 5.2 (https://docs.djangoproject.com/en/5.2/ref/), and
// for fetch modes of 6.1.
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks::django {

std::unique_ptr<flow::Framework> make_django(const program::Program& program,
                                             const schema::Schema& schema);

}  // namespace querylint::frameworks::django
