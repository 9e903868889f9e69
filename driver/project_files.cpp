#include "driver/project_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "analyzer/program/literals.h"
#include "analyzer/program/module_names.h"
#include "analyzer/schema/map.h"

namespace querylint::driver {
namespace {

std::string_view file_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_test_folder(std::string_view name) {
  return name == "tests" || name == "test" || name == "testing" || name == "unittests" ||
         name == "e2e" || name == "fixtures" || name == "factories" || name.starts_with("test_") ||
         name.ends_with("_tests");
}

/// Code that makes up data to try things out with.
bool makes_sample_data(std::string_view file) {
  for (const std::string_view part :
       {"random_data", "sample_data", "test_data", "testdata", "demo_data", "create_test",
        "populate", "seed_", "_seed", "fake_data", "dummy"}) {
    if (file.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// `features/steps/` and `features/environment.py`, wherever they are.
bool is_of_behave(std::string_view path) {
  const std::string whole = "/" + std::string(path);
  return whole.find("/features/steps/") != std::string::npos ||
         whole.ends_with("/features/environment.py");
}

}  // namespace

bool is_python_path(std::string_view path) { return path.ends_with(".py"); }

bool is_migration(std::string_view path) {
  const std::string_view folder = program::folder_of(path);
  const bool in_migrations = folder.ends_with("migrations");
  return in_migrations && file_of(path) != "__init__.py";
}

bool is_test_path(std::string_view path) {
  const std::string_view file = file_of(path);
  if (file.starts_with("test_") || file.ends_with("_test.py") || file.ends_with("_tests.py"))
    return true;
  if (file == "conftest.py" || file == "test.py" || file == "tests.py" || file == "factories.py" ||
      file == "factory.py")
    return true;
  if (makes_sample_data(file)) return true;
  if (is_of_behave(path)) return true;
  std::string_view folders = program::folder_of(path);
  while (!folders.empty()) {
    const std::size_t slash = std::min(folders.find('/'), folders.size());
    if (is_test_folder(folders.substr(0, slash))) return true;
    folders.remove_prefix(std::min(slash + 1, folders.size()));
  }
  return false;
}

bool is_parsed(const Config& config, std::string_view path, std::string_view text) {
  return config.include_tests || !is_test_path(path) || schema::may_declare(text);
}

std::vector<bool> old_migrations(const program::Program& program) {
  // Of each folder of migrations, the names that `dependencies` of its files name.
  std::map<std::string_view, std::set<std::string_view>> built_on;
  const program::Name dependencies = program.names.find("dependencies");
  for (const program::Unit& unit : program.units) {
    if (!is_migration(unit.path)) continue;
    for (std::uint32_t i = 0; i < unit.module->classes.size(); ++i) {
      const program::Expression list =
          program::class_value(program, {unit.first_class + i}, dependencies);
      for (const program::Expression pair : program::as_elements(program, list)) {
        const auto parts = program::as_elements(program, pair);
        if (parts.size() != 2) continue;
        const auto name = program::as_string(program, parts[1]);
        if (name) built_on[program::folder_of(unit.path)].insert(*name);
      }
    }
  }
  std::vector<bool> old;
  for (const program::Unit& unit : program.units) {
    std::string_view stem = file_of(unit.path);
    stem.remove_suffix(std::min<std::size_t>(3, stem.size()));
    const auto names = built_on.find(program::folder_of(unit.path));
    old.push_back(is_migration(unit.path) && names != built_on.end() &&
                  names->second.contains(stem));
  }
  return old;
}

}  // namespace querylint::driver
