// What two versions of a file have in common.
#pragma once

#include "analyzer/ir/module.h"

namespace querylint::ir {

/// Whether the modules differ in nothing but the code inside of functions, and there neither in
/// what is imported and defined, nor in which attributes are set on a method's own object. All that
/// linking a program reads is then the same.
bool declare_the_same(const Module& a, const Module& b);

/// Whether a function of both, of modules that declare the same, has the same code, wherever in its
/// file it stands.
bool have_the_same_code(const Module& a, const Module& b, FunctionIndex function);

}  // namespace querylint::ir
