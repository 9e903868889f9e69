// Lowering: the syntax tree of a Python file to the one program form.
#pragma once

#include <string_view>

#include "analyzer/ir/module.h"
#include "analyzer/syntax/tree.h"

namespace querylint::lower {

/// How much of a file is wanted.
enum class Depth : std::uint8_t {
  everything,
  declarations,  ///< functions keep their head and lose their body: for files that are not judged
};

/// Never fails. A piece that is not Python evaluates to an unknown constant and marks its function
/// `is_broken`; what is nested deeper than a fixed limit does the same and is listed in
/// `ir::Module::cut`. `text` is what `tree` was parsed from.
ir::Module lower_python(const syntax::Tree& tree, std::string_view text,
                        Depth depth = Depth::everything);

}  // namespace querylint::lower
