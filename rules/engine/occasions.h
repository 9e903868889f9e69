// How often code runs, as far as the names of its folders tell: the conventions of projects.
#pragma once

#include <string_view>

namespace querylint::rules {

/// Whether the file holds code that somebody starts now and then, or once: migrations, commands,
/// scripts. A second more or less seldom matters there.
bool is_run_by_hand(std::string_view path);

/// Whether a function works through whole tables: in a file of commands, tasks, migrations, scripts
/// or exports, or by its own name.
bool is_job(std::string_view path, std::string_view function);

}  // namespace querylint::rules
