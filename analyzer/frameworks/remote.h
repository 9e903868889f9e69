// Calls that make the program wait for another machine or process: HTTP, mail, storage, commands,
// sleep.
#pragma once

#include <memory>

#include "analyzer/flow/framework.h"

namespace querylint::frameworks {

/// Notes the waits of the libraries that it knows, by their full names. Of functions it says no
/// more, so that other frameworks are asked for what they give; it has to come before them.
std::unique_ptr<flow::Framework> make_remote(const program::Program& program);

}  // namespace querylint::frameworks
