// Numbering the functions of a file's newer version like those of the older one.
#pragma once

#include <cstdint>
#include <memory>

#include "analyzer/ir/module.h"

namespace querylint::ir {

/// Whether a function or lambda stands in another one: nothing outside of that can name it.
bool is_inner(const Module& module, const Function& function);

/// What stands under a number that no function has: it is empty, and stands nowhere.
Function no_function();
bool is_gone(const Function& function);

/// `newer`, where what is not inner has the numbers that it has in `older`, in the order of both,
/// and inner functions, which may come and go, have those that are left, `most` functions in all.
/// What `newer` has not is gone. Nothing when the versions have not as many that are not inner, or
/// `newer` too many that are.
std::shared_ptr<const Module> aligned(const Module& older, std::shared_ptr<const Module> newer,
                                      std::uint32_t most);

}  // namespace querylint::ir
