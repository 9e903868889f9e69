// Methods of Python's lists, sets, dicts and generators.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks {

/// The collection is `arguments.self`; what it becomes is left there.
using ContainerMethod = flow::Value (*)(flow::Interpreter&, flow::Arguments&, flow::Site);

std::span<const std::pair<std::string_view, ContainerMethod>> container_methods();

}  // namespace querylint::frameworks
