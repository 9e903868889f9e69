// Which files of a project are read, and how much of them.
#pragma once

#include <string>
#include <vector>

#include "analyzer/program/program.h"
#include "driver/config.h"

namespace querylint::driver {

/// Files larger than this hold data, not code; tree-sitter needs more than linear time for them.
constexpr std::uint64_t largest_file = std::uint64_t{4} * 1024 * 1024;

/// `tests/`, `test_*.py`, `conftest.py`, factories.
bool is_test_path(std::string_view path);
bool is_python_path(std::string_view path);
/// A file of Python in a folder of migrations.
bool is_migration(std::string_view path);

/// Tests are read for what they declare, and those that declare nothing are not even parsed.
bool is_parsed(const Config& config, std::string_view path, std::string_view text);

/// Migrations that another migration of the same app builds on: they have run everywhere already.
/// `units` are the files of the program; the result is parallel to them.
std::vector<bool> old_migrations(const program::Program& program);

}  // namespace querylint::driver
