// Methods of Python's lists, sets, dicts and generators.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks {

/// The collection is `arguments.self`; what it becomes is left there.
using ContainerMethod = flow::Value (*)(flow::Interpreter&, flow::Arguments&, flow::Site);

std::span<const std::pair<std::string_view, ContainerMethod>> container_methods();

/// The flags of a sort by what is passed as `reverse`; nothing when that is not known.
std::optional<std::uint8_t> direction_of_sort(flow::Interpreter& interpreter,
                                              const flow::Arguments& arguments);

}  // namespace querylint::frameworks
