// Keeping a linked program up to date while code inside of functions is edited.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "analyzer/program/program.h"

namespace querylint::program {

/// What an edit changed.
struct Patch {
  /// Those with other code than before; and the bodies of classes where a method sets other
  /// attributes of its object than before.
  std::vector<FunctionId> functions;
  std::vector<FunctionId> setters;  ///< those methods
  bool is_use_changed = false;      ///< `Program::is_out_of_use` may say something else of some
};

/// Knows of a program what it takes to change it; of another program it knows nothing.
class Patches {
 public:
  explicit Patches(const Program& program);

  /// Puts another version of a file into the program, which is then as if it had been linked with
  /// it, but for the numbers of new names. Nothing, and nothing done, when the version declares
  /// something else, so that the program has to be linked anew.
  std::optional<Patch> apply(Program& program, UnitId unit,
                             const std::shared_ptr<const ir::Module>& module);

 private:
  std::vector<std::uint32_t> mentions_;  ///< per name: how often the program's code uses it
  std::vector<std::uint32_t> imports_;   ///< per file: how often others import it
};

}  // namespace querylint::program
