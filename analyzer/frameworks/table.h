// Tables from names to handlers: how frameworks say what a function or method means.
#pragma once

#include <string_view>
#include <unordered_map>
#include <utility>

#include "analyzer/base/names.h"

namespace querylint::frameworks {

/// Finds what is registered for a name. Names that the program nowhere spells cannot be asked for,
/// so they are left out.
template <typename Handler>
class Table {
 public:
  template <typename Entries>
  Table(const base::Names& names, const Entries& entries) {
    for (const auto& [text, handler] : entries) {
      if (const base::Name name = names.find(text)) handlers_.emplace(name, handler);
    }
  }

  /// Null when nothing is registered.
  const Handler* find(base::Name name) const {
    const auto found = handlers_.find(name);
    return found == handlers_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<base::Name, Handler> handlers_;
};

}  // namespace querylint::frameworks
