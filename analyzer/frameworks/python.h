// Python's own collections and the functions that work on them.
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks {

/// Builtins, `itertools`, `functools`, `collections`, `operator` and `typing`.
std::unique_ptr<flow::Framework> make_python(const program::Program& program);

}  // namespace querylint::frameworks
