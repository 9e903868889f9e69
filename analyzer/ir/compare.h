// What two versions of a file have in common.
#pragma once

#include "analyzer/ir/module.h"

namespace querylint::ir {

/// Whether the modules, the second one `aligned` with the first, differ in nothing but the code
/// inside of functions, and there not in what is defined with decorators or as a class.
bool declare_the_same(const Module& a, const Module& b);

/// Whether a function of both, of modules that declare the same, has the same code, wherever in its
/// file it stands. The first may not have it yet.
bool have_the_same_code(const Module& a, const Module& b, FunctionIndex function);

/// Whether a function of both sets the same attributes of its first argument.
bool set_the_same_attributes(const Module& a, const Module& b, FunctionIndex function);

}  // namespace querylint::ir
