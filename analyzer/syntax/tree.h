// Parsing: a file's text to a syntax tree. The only folder that knows tree-sitter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/byte_range.h"
#include "analyzer/syntax/kinds.h"

namespace querylint::syntax {

/// One node of a tree in preorder; its children follow it, up to `subtree_end`.
struct Node {
  Kind kind = Kind::other;
  Field field = Field::none;
  bool missing = false;  ///< the parser made it up to go on
  std::uint32_t subtree_end = 0;
  base::ByteRange range;
};

using NodeIndex = std::uint32_t;

/// A whole file in one flat array: node 0 is the module. Punctuation is left out; comments are kept
/// only as `comments`, since they can stand anywhere.
struct Tree {
  std::vector<Node> nodes;
  std::vector<base::ByteRange> comments;
  bool has_errors = false;

  const Node& operator[](NodeIndex index) const { return nodes[index]; }
  NodeIndex next_sibling(NodeIndex index) const { return nodes[index].subtree_end; }
};

/// Parses Python. Cannot fail: what is not Python becomes `Kind::error` nodes in the tree.
/// One parser serves many files, but only one thread.
class PythonParser {
 public:
  PythonParser();
  ~PythonParser();
  PythonParser(const PythonParser&) = delete;
  PythonParser& operator=(const PythonParser&) = delete;

  /// `text` is UTF-8 (bytes that are not become errors in the tree) and shorter than 4 GiB.
  Tree parse(std::string_view text);

  /// Only runs tree-sitter and throws its tree away: what the benchmarks compare with.
  void parse_only(std::string_view text);

 private:
  struct Handles;
  Handles* handles_;
};

/// The tree as indented text: kind, field, and the text of leaves.
std::string dump(const Tree& tree, std::string_view text);

}  // namespace querylint::syntax
