// How often code runs, as far as the names of its folders and its imports tell: the conventions of
// projects.
#pragma once

#include <string_view>

#include "analyzer/ir/module.h"

namespace querylint::rules {

/// Whether the file holds code that somebody starts now and then, or once: migrations, commands,
/// scripts. A second more or less seldom matters there.
bool is_run_by_hand(std::string_view path);

/// Whether the file makes up data to try a program with: it imports a library for that.
bool makes_up_data(const ir::Module& module);

/// Whether a function works through whole tables: in a file of commands, tasks, migrations, scripts
/// or exports, or by its own name.
bool is_job(std::string_view path, std::string_view function);

}  // namespace querylint::rules
