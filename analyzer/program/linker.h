// The steps of `link`, in the order they run.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/program/program.h"

namespace querylint::program {

/// The names that a file's code uses, other than to define what is called so. Some come more than
/// once.
std::vector<Name> mentions_of(const Program& program, UnitId id);

/// The other files that a file imports, or something of them. Some come more than once.
std::vector<UnitId> imports_of(const Program& program, UnitId id);

class Linker {
 public:
  Linker(std::vector<Source> sources, const LinkOptions& options)
      : sources_(std::move(sources)), options_(options) {}

  Program run();

  // For `Patches`, which keep a linked program up to date.
  static void set_mentioned(Program& program, Name name, bool is_mentioned);
  static void set_imported(Program& program, UnitId unit, bool is_imported) {
    program.is_imported_[unit.value] = is_imported;
  }
  static void put_module(Program& program, UnitId id, std::shared_ptr<const ir::Module> module);

 private:
  /// A module-level name before and while it is resolved.
  struct Global {
    enum class State : std::uint8_t { open, busy, done };

    std::uint32_t value = 0;  ///< operand of the file's top level
    State state = State::open;
    Symbol symbol;
  };

  void add_units();
  void add_functions_and_classes(UnitId id);
  static void put_function(Program& program, FunctionId id, const ir::Function& code);
  void collect_globals(UnitId id);
  void add_builtins();
  void resolve_globals();
  Symbol resolve_global(UnitId id, Name name);
  /// The files that `id` imports everything from, theirs included, nearest first.
  std::vector<UnitId> starred(UnitId id) const;
  Symbol resolve_value(UnitId id, std::uint32_t operand);
  Symbol resolve_import(UnitId id, const ir::Instruction& instruction);
  Symbol import_member(UnitId id, std::string_view module, std::string_view member);
  Symbol external(const std::string& path);

  void collect_members(ClassId id);
  /// First of modules and classes, then of variables, whose makers have to be known before.
  static void intern_external_attributes(Program& program, UnitId id, bool of_variables);
  static void intern_imports(Program& program, UnitId id);
  void resolve_decorators_and_bases();
  std::vector<Symbol> resolve_base(FunctionId around, std::uint32_t operand);
  void order_ancestors(ClassId id);

  std::vector<Source> sources_;
  const LinkOptions& options_;
  Program program_;
  std::vector<std::unordered_map<Name, Global>> globals_;
  std::vector<std::vector<UnitId>> star_imports_;
  std::vector<std::uint8_t> ordered_;  ///< per class: 0 not yet, 1 busy, 2 done
};

}  // namespace querylint::program
