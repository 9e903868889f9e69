// Functions of Python's builtins and standard library that build, walk or fold collections.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks {

using PythonFunction = flow::Value (*)(flow::Interpreter&, flow::Name path, flow::Arguments&,
                                       flow::Site);

std::span<const std::pair<std::string_view, PythonFunction>> python_functions();

}  // namespace querylint::frameworks
