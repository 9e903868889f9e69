// Linking: all modules of a project as one program, with names, imports and classes resolved.
//
// Built once by `link`, then only read, by any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/base/names.h"
#include "analyzer/ir/module.h"

namespace querylint::program {

using base::Name;
using UnitId = base::Id<struct UnitTag>;          ///< a file of the program
using FunctionId = base::Id<struct FunctionTag>;  ///< a function, lambda, class body or top level
using ClassId = base::Id<struct ClassTag>;

/// One instruction of the program; the key by which everything points at code.
/// Edits of other functions leave it as it is.
struct Site {
  FunctionId function;
  std::uint32_t instruction = 0;  ///< of the function's code

  explicit operator bool() const { return static_cast<bool>(function); }
  auto operator<=>(const Site&) const = default;
};

/// What a name stands for. Things that are not in the program are known by their dotted path, as
/// `django.db.models.Model`.
struct Symbol {
  enum class Kind : std::uint8_t { none, unit, class_, function, variable, external };

  Kind kind = Kind::none;
  std::uint32_t id = 0;  ///< UnitId, ClassId, FunctionId; of a variable: its value's operand
  UnitId unit;           ///< of a variable: its file
  Name external;

  explicit operator bool() const { return kind != Kind::none; }
  bool operator==(const Symbol&) const = default;
};

/// A file to link. `path` is relative to the project, with forward slashes.
struct Source {
  std::string path;
  std::shared_ptr<const ir::Module> module;
};

struct Unit {
  std::string path;
  Name dotted_name;
  std::shared_ptr<const ir::Module> module;
  std::vector<Name> names;  ///< of the module's texts
  std::uint32_t first_function = 0;
  std::uint32_t first_class = 0;
  std::unordered_map<Name, Symbol> globals;
};

struct Function {
  UnitId unit;
  Name name;
  ClassId owner;      ///< of a method
  FunctionId parent;  ///< the function, class body or top level around it
  const ir::Function* code = nullptr;
  std::vector<Symbol> decorators;  ///< of a call, what is called
};

/// An attribute that a class body binds.
struct Member {
  enum class Kind : std::uint8_t { function, class_, value };

  Name name;
  Kind kind = Kind::value;
  std::uint32_t id = 0;  ///< FunctionId, ClassId, or the value's operand in the class body
  ClassId owner;
};

struct Class {
  UnitId unit;
  Name name;
  FunctionId body;
  const ir::Class* code = nullptr;
  std::vector<Symbol> bases;       ///< as written, resolved; `from_queryset(Q)` gives both
  std::vector<ClassId> ancestors;  ///< itself first, in method resolution order
  std::vector<Name> externals;     ///< paths of all ancestors outside the program, nearest first
  std::vector<Member> members;     ///< its own, sorted by name
};

class Program {
 public:
  Program() = default;
  Program(Program&&) = default;
  Program& operator=(Program&&) = default;

  base::Names names;
  std::vector<Unit> units;
  std::vector<Function> functions;
  std::vector<Class> classes;

  const Unit& unit(UnitId id) const { return units[id.value]; }
  const Function& function(FunctionId id) const { return functions[id.value]; }
  const Class& class_(ClassId id) const { return classes[id.value]; }
  const ir::Instruction& at(Site site) const;
  std::span<const ir::Instruction> body(FunctionId id) const;
  /// The file that the code there stands in; nowhere for a site that is nowhere.
  UnitId unit_of(Site site) const { return site ? function(site.function).unit : UnitId{}; }

  Name name(UnitId unit, ir::Text text) const { return units[unit.value].names[text.value]; }
  std::string_view text(Name name) const { return names.text(name); }

  UnitId unit_at(const std::string& path) const;
  /// Of several files of one name, as in a repository of several projects, the one nearest to
  /// `from`: with the most folders in common.
  UnitId unit_named(std::string_view dotted_name, UnitId from) const;
  /// The file that `import module` in `importer` reads; leading dots count from its folder.
  UnitId find_module(UnitId importer, std::string_view module) const;

  /// A module-level name of a file, through its imports; builtins are external `builtins.x`.
  Symbol global(UnitId unit, Name name) const;
  /// What `import module` or `from module import member` in a file gives; `member` may be nowhere.
  Symbol imported(UnitId importer, std::string_view module, std::string_view member) const;
  /// `symbol.name`, for modules, classes and things outside the program; of the last only what the
  /// program's text spells out. Of a variable that is an object of a class outside the program it
  /// is what the class has: `db.Column` of `db = SQLAlchemy()` is
  /// `flask_sqlalchemy.SQLAlchemy.Column`.
  Symbol attribute(const Symbol& symbol, Name name, int depth = 0) const;
  /// What a variable is an object of, by the call that makes it: a class outside the program, if
  /// only one that the program's own class derives from.
  /// `depth`: of variables that are made by what other variables have.
  Symbol maker_of(const Symbol& variable, int depth = 0) const;
  /// What an expression of straight-line code names: loads, attributes, subscripts of generics.
  Symbol resolve(FunctionId function, std::uint32_t operand, int depth = 0) const;

  /// The member of that name in method resolution order; null when no class of the program has it.
  const Member* member(ClassId id, Name name) const;
  /// The same, looking only at the ancestors behind `after`: what `super()` reaches.
  const Member* member_after(ClassId id, ClassId after, Name name) const;
  const Member* own_member(ClassId id, Name name) const;
  bool inherits(ClassId id, ClassId ancestor) const;
  /// True when an ancestor stands outside the program, so that it may have members unknown here.
  bool has_unknown_bases(ClassId id) const;

  /// Whether nothing in the program leads to a function: others import its file, but nobody names
  /// it, or the function or class of the file's top level that it stands in, nor does a decorator
  /// hand it on; or a package of its name hides its file. Names in strings, as of settings and
  /// routes, count. Of methods that have no leading underscore only those are told that no base
  /// class out of sight can call.
  bool is_out_of_use(FunctionId id) const;

 private:
  friend class Linker;

  std::unordered_map<std::string, UnitId> units_by_path_;
  std::unordered_map<Name, std::vector<UnitId>> units_by_name_;  ///< in the order of paths
  std::unordered_map<Name, Name> builtins_;                      ///< `len` to `builtins.len`
  /// Of a path outside the program, each attribute that the program reads anywhere.
  std::unordered_map<Name, std::unordered_map<Name, Name>> external_attributes_;
  bool is_unnamed_method(FunctionId id) const;
  bool is_hidden(UnitId id) const;

  std::vector<bool> is_mentioned_;  ///< by `Name`: some code uses it, more than as a definition
  std::vector<bool> is_imported_;   ///< by `UnitId`: by another file
};

struct LinkOptions {
  /// Folders, relative to the project, that imports are resolved from; besides those found by
  /// themselves: the project, `src`, folders with a `manage.py`, parents of top-level packages.
  std::vector<std::string> source_roots;
};

/// Never fails: what cannot be resolved is `Symbol::Kind::none` or external. The result does not
/// depend on the order of `sources`.
Program link(std::vector<Source> sources, const LinkOptions& options = {});

/// The wanted files, their names and globals; classes with their bases and members.
std::string dump(const Program& program, const std::function<bool(const std::string& path)>& wants);

}  // namespace querylint::program
