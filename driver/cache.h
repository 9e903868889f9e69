// What was computed before, by the hash of what it was computed from.
//
// An LMDB database behind a seal: a checksum of the whole database and of the program that wrote
// it, written after each change. LMDB trusts its own pages, so a database that does not match its
// seal (a killed writer, a damaged or foreign file, another build of querylint) is thrown away
// before LMDB sees it. Writers take turns by a lock file; whoever reads meanwhile goes without a
// cache. Nothing here ever changes a result: the cache only saves work, and every failure only
// costs it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/base/hash.h"

namespace querylint::driver {

class Cache {
 public:
  /// Opens or makes the cache in `folder`. What goes wrong is in `trouble()`.
  explicit Cache(std::string folder);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  /// May be called by several threads at once.
  std::optional<std::string> find(const base::ContentHash& key) const;
  /// Adds entries, or replaces them; called when nobody reads. What is added can be found next
  /// time.
  void add(const std::vector<std::pair<base::ContentHash, std::string>>& entries);

  /// Why nothing could be read or written, for the user; empty when all is well.
  const std::string& trouble() const { return trouble_; }

  /// `$XDG_CACHE_HOME/querylint` or `~/.cache/querylint`; empty when there is no such place.
  static std::string default_folder();

 private:
  struct Database;

  void open();
  void close();
  bool matches_seal() const;
  void write_seal();

  std::string folder_;
  std::string trouble_;
  int lock_ = -1;
  std::unique_ptr<Database> database_;
};

}  // namespace querylint::driver
