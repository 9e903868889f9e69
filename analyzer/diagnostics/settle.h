// Settling: from everything the rules said to what is reported.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::diagnostics {

/// A comment that silences findings: `# querylint: ignore[rule, family] reason` on the line of the
/// finding, or `# querylint: ignore-file[rule]` anywhere. Without brackets every rule is meant.
struct Suppression {
  Place place;
  bool whole_file = false;
  std::vector<std::string> names;  ///< rules or families; empty: all
};

/// The suppressions among the comments of a file. `text` is the file's text.
std::vector<Suppression> parse_suppressions(std::string_view path, std::string_view text,
                                            const std::vector<base::ByteRange>& comments);

/// The text of a file; what a fingerprint is made of and where lines begin.
using TextOf = std::function<std::string_view(const std::string& path)>;

struct Settled {
  std::vector<Diagnostic> diagnostics;  ///< sorted by place, each cause once, with fingerprints
  std::vector<Suppression> unused;      ///< suppressions that silenced nothing
};

/// Sorts, keeps one finding of each cause (the surest, with the shortest explanation), drops those
/// that another finding's repair removes and keeps them as its related places, and applies
/// suppressions. The result does not depend on the order of `all`.
Settled settle(std::span<const Diagnostic* const> all, const std::vector<Suppression>& suppressions,
               const TextOf& text_of);

/// What stays the same of a finding while lines move: rule, file, function and the line's code.
/// Several findings may share it. `text` is the file's.
std::string identity_of(const Diagnostic& diagnostic, std::string_view text);

/// Gives each a hash of its identity, and of how many before it share that.
void add_fingerprints(std::vector<Diagnostic>& diagnostics, const TextOf& text_of);

}  // namespace querylint::diagnostics
