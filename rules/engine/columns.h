// Which columns of a query's rows are read, and which are not.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/usage.h"

namespace querylint::rules {

constexpr std::size_t narrow_table = 4;  ///< columns: below that nothing is gained

/// Columns of the rows at one path of a query, as far as they matter.
struct Columns {
  std::set<base::Name> read;
  std::vector<base::Name> unread;
  std::vector<base::Name> heavy;  ///< of the unread ones
  bool is_local = true;     ///< all is read where the query is used, or by the entity's own methods
  bool by_methods = false;  ///< the entity's own methods read some, and may come to read others
  bool leads_on = false;    ///< relations are followed, methods called, or columns give objects
  base::Name key;           ///< comes with every row
  std::size_t loaded = 0;

  std::size_t all() const { return read.size() + unread.size(); }
  /// Then only heavy ones are worth leaving out.
  bool is_mostly_read() const { return 2 * read.size() > all(); }
};

/// Nothing where rows get to where any of their columns may be read, or where none is.
std::optional<Columns> columns_of(const Evidence& evidence, const Usage& usage, flow::PathId path,
                                  const schema::Entity& entity);

/// Whether a step has chosen columns already, or needs whole rows.
bool chooses_columns(const Evidence& evidence, Value query);

/// Whether a text column holds a word or two, by its name, whatever its type allows.
bool is_short_by_name(std::string_view column);
/// Whether a heavy column is surely big: JSON is mostly small, as are texts that are called names.
bool is_big(const Evidence& evidence, const schema::Entity& entity, base::Name column);

/// In the order of the alphabet.
template <typename Names>
flow::ColumnNames sorted(const Evidence& evidence, const Names& names) {
  flow::ColumnNames texts;
  for (const base::Name name : names) texts.push_back(evidence.text(name));
  std::ranges::sort(texts);
  return texts;
}

/// `name`, `title`: for messages, in the same order.
template <typename Names>
std::string listed(const Evidence& evidence, const Names& names) {
  std::string text;
  for (const std::string_view name : sorted(evidence, names))
    text.append(text.empty() ? "`" : ", `").append(name).append("`");
  return text;
}

}  // namespace querylint::rules
