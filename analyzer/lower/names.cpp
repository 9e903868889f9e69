#include "analyzer/lower/names.h"

#include <algorithm>

namespace querylint::lower {
namespace {

using syntax::Field;
using syntax::Kind;
using syntax::NodeIndex;

class Collector {
 public:
  Collector(const syntax::Tree& tree, std::string_view text) : tree_(tree), text_(text) {}

  BoundNames run(NodeIndex root) {
    for (NodeIndex i = root + 1; i < tree_[root].subtree_end;) i = visit(i);
    drop_repeats(names_.locals);
    std::erase_if(names_.locals, [&](std::string_view name) {
      return contains(names_.globals, name) || contains(names_.nonlocals, name);
    });
    return std::move(names_);
  }

 private:
  /// Notes what node `i` binds and returns the node to go on with.
  NodeIndex visit(NodeIndex i) {
    const syntax::Node& node = tree_[i];
    switch (node.kind) {
      case Kind::function_definition_:
      case Kind::class_definition_:
        bind_field(i, Field::name_);
        return node.subtree_end;
      case Kind::lambda_:
        return node.subtree_end;
      case Kind::assignment_:
      case Kind::augmented_assignment_:
      case Kind::for_statement_:
        bind_field(i, Field::left_);
        break;
      case Kind::named_expression_:
        bind_field(i, Field::name_);
        break;
      case Kind::as_pattern_target_:
        target_names(tree_, text_, i, names_.locals);
        return node.subtree_end;
      case Kind::case_pattern_:
        pattern_names(tree_, text_, i, names_.locals);
        return node.subtree_end;
      case Kind::import_statement_:
      case Kind::import_from_statement_:
        bind_imports(i);
        return node.subtree_end;
      case Kind::global_statement_:
        identifiers_below(i, names_.globals);
        return node.subtree_end;
      case Kind::nonlocal_statement_:
        identifiers_below(i, names_.nonlocals);
        return node.subtree_end;
      default:
        break;
    }
    return i + 1;
  }

  void bind_field(NodeIndex parent, Field field) {
    for (NodeIndex i = parent + 1; i < tree_[parent].subtree_end; i = tree_.next_sibling(i)) {
      if (tree_[i].field == field) target_names(tree_, text_, i, names_.locals);
    }
  }

  void bind_imports(NodeIndex statement) {
    const bool from = tree_[statement].kind == Kind::import_from_statement_;
    for (NodeIndex i = statement + 1; i < tree_[statement].subtree_end; i = tree_.next_sibling(i)) {
      if (tree_[i].field != Field::name_) continue;
      if (tree_[i].kind == Kind::aliased_import_) {
        bind_field(i, Field::alias_);
      } else if (from) {
        names_.locals.push_back(text_of(i));
      } else {
        names_.locals.push_back(text_of(i + 1));  // `import a.b` binds a
      }
    }
  }

  void identifiers_below(NodeIndex root, std::vector<std::string_view>& names) {
    for (NodeIndex i = root + 1; i < tree_[root].subtree_end; ++i) {
      if (tree_[i].kind == Kind::identifier_) names.push_back(text_of(i));
    }
  }

  std::string_view text_of(NodeIndex i) const {
    const base::ByteRange range = tree_[i].range;
    return text_.substr(range.begin, range.end - range.begin);
  }

  static bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  static void drop_repeats(std::vector<std::string_view>& names) {
    std::vector<std::string_view> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<bool> seen(sorted.size());
    std::erase_if(names, [&](std::string_view name) {
      const auto place = std::lower_bound(sorted.begin(), sorted.end(), name) - sorted.begin();
      const bool repeated = seen[static_cast<std::size_t>(place)];
      seen[static_cast<std::size_t>(place)] = true;
      return repeated;
    });
  }

  const syntax::Tree& tree_;
  std::string_view text_;
  BoundNames names_;
};

std::string_view slice(std::string_view text, base::ByteRange range) {
  return text.substr(range.begin, range.end - range.begin);
}

}  // namespace

BoundNames bound_names(const syntax::Tree& tree, std::string_view text, NodeIndex root) {
  return Collector(tree, text).run(root);
}

void target_names(const syntax::Tree& tree, std::string_view text, NodeIndex target,
                  std::vector<std::string_view>& names) {
  for (NodeIndex i = target; i < tree[target].subtree_end;) {
    const Kind kind = tree[i].kind;
    if (kind == Kind::attribute_ || kind == Kind::subscript_) {
      i = tree[i].subtree_end;
      continue;
    }
    if (kind == Kind::identifier_) names.push_back(slice(text, tree[i].range));
    ++i;
  }
}

void pattern_names(const syntax::Tree& tree, std::string_view text, NodeIndex pattern,
                   std::vector<std::string_view>& names) {
  for (NodeIndex i = pattern + 1; i < tree[pattern].subtree_end; ++i) {
    const syntax::Node& node = tree[i];
    if (node.kind == Kind::class_pattern_) {
      i = tree[i + 1].subtree_end - 1;  // its first child names the class
    } else if (node.kind == Kind::keyword_pattern_) {
      ++i;  // its first child names the attribute
    } else if (node.kind == Kind::identifier_) {
      const bool dotted =
          tree[i - 1].kind == Kind::dotted_name_ && tree[i - 1].subtree_end != i + 1;
      if (dotted) {
        i = tree[i - 1].subtree_end - 1;  // a.b is a value to compare with
      } else {
        names.push_back(slice(text, node.range));
      }
    }
  }
}

}  // namespace querylint::lower
