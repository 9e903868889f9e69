// Python's scoping: which names a function, class body or module binds.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/syntax/tree.h"

namespace querylint::lower {

/// The names that one scope binds, in the order of their first binding, and those it declares to
/// belong elsewhere.
struct BoundNames {
  std::vector<std::string_view> locals;
  std::vector<std::string_view> globals;
  std::vector<std::string_view> nonlocals;
};

/// Collects what the statements below `root` bind in their own scope: targets, imports, loops,
/// handlers, `with`, `:=`, patterns, definitions; not what nested functions, classes and
/// comprehensions bind in theirs.
BoundNames bound_names(const syntax::Tree& tree, std::string_view text, syntax::NodeIndex root);

/// The identifiers that a target such as `a, (b, *c)` binds; attributes and subscripts bind none.
void target_names(const syntax::Tree& tree, std::string_view text, syntax::NodeIndex target,
                  std::vector<std::string_view>& names);

/// The identifiers that a `case` pattern binds.
void pattern_names(const syntax::Tree& tree, std::string_view text, syntax::NodeIndex pattern,
                   std::vector<std::string_view>& names);

}  // namespace querylint::lower
