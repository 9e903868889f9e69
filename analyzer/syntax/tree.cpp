#include "analyzer/syntax/tree.h"

#include <fmt/format.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>

extern "C" const TSLanguage* tree_sitter_python();

namespace querylint::syntax {
namespace {

constexpr std::array kind_names = {std::string_view("other"), std::string_view("token"),
                                   std::string_view("error"),
#define X(name) std::string_view(#name),
                                   QUERYLINT_SYNTAX_KINDS(X)
#undef X
};

constexpr std::array field_names = {std::string_view("none"),
#define X(name) std::string_view(#name),
                                    QUERYLINT_SYNTAX_FIELDS(X)
#undef X
};

/// Tree-sitter's numbers for symbols and fields, translated once to ours.
struct Translation {
  std::vector<Kind> kinds;
  std::vector<Field> fields;
  TSSymbol async_keyword = 0;

  Translation() {
    const TSLanguage* language = tree_sitter_python();
    std::unordered_map<std::string_view, Kind> kind_by_name;
    for (std::size_t i = 3; i < kind_names.size(); ++i) {
      kind_by_name.emplace(kind_names[i], static_cast<Kind>(i));
    }
    for (TSSymbol symbol = 0; symbol < ts_language_symbol_count(language); ++symbol) {
      const std::string_view name = ts_language_symbol_name(language, symbol);
      const bool named = ts_language_symbol_type(language, symbol) == TSSymbolTypeRegular;
      const auto found = kind_by_name.find(name);
      kinds.push_back(named && found != kind_by_name.end() ? found->second : Kind::other);
      if (!named && name == "async") async_keyword = symbol;
    }
    fields.resize(ts_language_field_count(language) + 1, Field::none);
    for (TSFieldId field = 1; field < fields.size(); ++field) {
      const std::string_view name = ts_language_field_name_for_id(language, field);
      const auto found = std::find(field_names.begin() + 1, field_names.end(), name);
      if (found != field_names.end()) {
        fields[field] = static_cast<Field>(std::distance(field_names.begin(), found));
      }
    }
  }
};

const Translation& translation() {
  static const Translation table;
  return table;
}

/// Copies one tree-sitter tree into ours in a single walk, without recursion.
class Flattener {
 public:
  Flattener(TSTree* tree, std::string_view text) : text_(text) {
    tree_.nodes.reserve(text.size() / 6);
    tree_.has_errors = ts_node_has_error(ts_tree_root_node(tree));
    cursor_ = ts_tree_cursor_new(ts_tree_root_node(tree));
  }
  ~Flattener() { ts_tree_cursor_delete(&cursor_); }
  Flattener(const Flattener&) = delete;
  Flattener& operator=(const Flattener&) = delete;

  Tree run() {
    bool descend = visit();
    while (true) {
      if (descend && ts_tree_cursor_goto_first_child(&cursor_)) {
        descend = visit();
        continue;
      }
      leave();
      while (!ts_tree_cursor_goto_next_sibling(&cursor_)) {
        if (!ts_tree_cursor_goto_parent(&cursor_)) return std::move(tree_);
        leave();
      }
      descend = visit();
    }
  }

 private:
  /// Records the node under the cursor if it is of use; false when its inside is not.
  bool visit() {
    const TSNode node = ts_tree_cursor_current_node(&cursor_);
    const TSSymbol symbol = ts_node_symbol(node);
    const base::ByteRange range{ts_node_start_byte(node), ts_node_end_byte(node)};
    if (symbol == error_symbol) return push(Kind::error, Field::none, range, false);
    if (!ts_node_is_named(node)) {
      const Field field = current_field();
      if (field == Field::none && symbol != translation().async_keyword) return skip();
      return push(Kind::token, field, range, ts_node_is_missing(node));
    }
    const Kind kind = translation().kinds[symbol];
    if (kind == Kind::comment_) {
      tree_.comments.push_back(range);
      return skip();
    }
    return push(kind, current_field(), range, ts_node_is_missing(node));
  }

  Field current_field() { return translation().fields[ts_tree_cursor_current_field_id(&cursor_)]; }

  bool push(Kind kind, Field field, base::ByteRange range, bool missing) {
    open_.push_back(static_cast<NodeIndex>(tree_.nodes.size()));
    tree_.nodes.push_back({kind, field, missing, 0, range});
    return true;
  }

  bool skip() {
    open_.push_back(skipped);
    return false;
  }

  void leave() {
    if (open_.back() != skipped) {
      tree_.nodes[open_.back()].subtree_end = static_cast<NodeIndex>(tree_.nodes.size());
    }
    open_.pop_back();
  }

  static constexpr TSSymbol error_symbol = 0xFFFF;
  static constexpr NodeIndex skipped = 0xFFFFFFFF;

  std::string_view text_;
  TSTreeCursor cursor_;
  Tree tree_;
  std::vector<NodeIndex> open_;
};

}  // namespace

struct PythonParser::Handles {
  TSParser* parser = ts_parser_new();

  Handles() { ts_parser_set_language(parser, tree_sitter_python()); }
  ~Handles() { ts_parser_delete(parser); }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  TSTree* parse(std::string_view text) const {
    return ts_parser_parse_string(parser, nullptr, text.data(),
                                  static_cast<std::uint32_t>(text.size()));
  }
};

PythonParser::PythonParser() : handles_(new Handles) {}
PythonParser::~PythonParser() { delete handles_; }

Tree PythonParser::parse(std::string_view text) {
  TSTree* tree = handles_->parse(text);
  Tree result = Flattener(tree, text).run();
  ts_tree_delete(tree);
  return result;
}

void PythonParser::parse_only(std::string_view text) { ts_tree_delete(handles_->parse(text)); }

std::string_view name_of(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Field field) { return field_names[static_cast<std::size_t>(field)]; }

std::string dump(const Tree& tree, std::string_view text) {
  std::string out;
  std::vector<NodeIndex> ends;
  for (NodeIndex i = 0; i < tree.nodes.size(); ++i) {
    const Node& node = tree[i];
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    fmt::format_to(std::back_inserter(out), "{:{}}", "", 2 * ends.size());
    if (node.field != Field::none) out.append(name_of(node.field)).append(": ");
    out.append(name_of(node.kind));
    if (node.subtree_end == i + 1) {
      fmt::format_to(std::back_inserter(out), " {:?}",
                     text.substr(node.range.begin, node.range.end - node.range.begin));
    }
    if (node.missing) out.append(" (missing)");
    out.push_back('\n');
    ends.push_back(node.subtree_end);
  }
  return out;
}

}  // namespace querylint::syntax
