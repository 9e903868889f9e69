#include "analyzer/diagnostics/settle.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "analyzer/base/hash.h"
#include "analyzer/base/interner.h"
#include "analyzer/diagnostics/fixes.h"

namespace querylint::diagnostics {
namespace {

/// Everything that tells two findings apart, best first.
auto order_of(const Diagnostic& diagnostic) {
  return std::tie(diagnostic.place.path, diagnostic.place.range.begin, diagnostic.rule,
                  diagnostic.certainty, diagnostic.severity);
}

/// The places that explain it, and how many there are.
const Related& explanation_of(const Diagnostic& diagnostic, std::size_t index) {
  const std::size_t first = diagnostic.related.size();
  return index < first ? diagnostic.related[index] : diagnostic.flow[index - first];
}

std::size_t size_of(const Diagnostic& diagnostic) {
  return diagnostic.related.size() + diagnostic.flow.size();
}

/// The same finding may be explained in several ways, and in which order they are found depends on
/// what else a thread has followed. Both have as many places.
std::strong_ordering compare_explanations(const Diagnostic& a, const Diagnostic& b) {
  const auto parts = [](const Related& related) {
    const auto& [place, message] = related;
    return std::tie(place.path, place.range.begin, place.range.end, message);
  };
  for (std::size_t i = 0; i < size_of(a); ++i) {
    const auto order = parts(explanation_of(a, i)) <=> parts(explanation_of(b, i));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

/// The same finding may also come with and without a fix.
std::vector<std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>>
repair_of(const Diagnostic& diagnostic) {
  std::vector<std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>> all;
  for (const Fix& fix : diagnostic.fixes) {
    for (const Edit& edit : fix.edits) {
      all.emplace_back(fix.title, edit.place.path, edit.place.range.begin, edit.replacement);
    }
  }
  return all;
}

bool comes_before(const Diagnostic& a, const Diagnostic& b) {
  if (order_of(a) != order_of(b)) return order_of(a) < order_of(b);
  if (size_of(a) != size_of(b)) return size_of(a) < size_of(b);
  const auto rest_of = [](const Diagnostic& diagnostic) {
    return std::tie(diagnostic.place.range.end, diagnostic.cause, diagnostic.message);
  };
  if (rest_of(a) != rest_of(b)) return rest_of(a) < rest_of(b);
  if (const auto order = compare_explanations(a, b); order != 0) return order < 0;
  return repair_of(a) < repair_of(b);
}

bool is_better(const Diagnostic& a, const Diagnostic& b) {
  if (a.certainty != b.certainty) return a.certainty < b.certainty;
  if (a.severity != b.severity) return a.severity < b.severity;
  return comes_before(a, b);
}

/// The best finding of each cause. There are many more before than after, since whatever leads to a
/// cause finds it: only the best are copied.
std::vector<Diagnostic> best_of_causes(std::span<const Diagnostic* const> all) {
  const auto hash = [](const Diagnostic* diagnostic) {
    const Cause& cause = diagnostic->cause;
    return base::Hasher(base::hash64(cause.rule), base::hash64(cause.place.path),
                        cause.place.range.begin, base::hash64(cause.detail))
        .take();
  };
  const auto is_same = [](const Diagnostic* a, const Diagnostic* b) {
    return a->cause == b->cause;
  };
  std::unordered_map<const Diagnostic*, const Diagnostic*, decltype(hash), decltype(is_same)> best(
      all.size(), hash, is_same);
  for (const Diagnostic* candidate : all) {
    const auto [known, is_new] = best.try_emplace(candidate, candidate);
    if (!is_new && is_better(*candidate, *known->second)) known->second = candidate;
  }
  std::vector<Diagnostic> kept;
  for (const auto& [cause, diagnostic] : best) kept.push_back(*diagnostic);
  std::ranges::sort(kept, comes_before);
  return kept;
}

/// Fixes of both findings, where each has one: half a repair would leave the finding there.
std::vector<Fix> joined(const std::vector<Fix>& a, const std::vector<Fix>& b) {
  std::vector<Fix> all;
  for (const Fix& first : a) {
    for (const Fix& second : b) {
      if (auto fix = both(first, second)) all.push_back(std::move(*fix));
    }
  }
  return all;
}

/// Two queries that lack the same, read at one place, are one finding that tells of both.
void merge_equal(std::vector<Diagnostic>& diagnostics) {
  std::map<std::tuple<std::string_view, std::string_view, std::uint32_t, std::string_view>,
           std::size_t>
      first;
  std::vector<bool> keep(diagnostics.size(), true);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const Diagnostic& found = diagnostics[i];
    const auto [known, added] = first.try_emplace(
        {found.rule, found.place.path, found.place.range.begin, found.message}, i);
    if (added) continue;
    std::vector<Related>& related = diagnostics[known->second].related;
    for (const Related& place : found.related) {
      if (std::ranges::find(related, place) == related.end()) related.push_back(place);
    }
    std::vector<Fix>& fixes = diagnostics[known->second].fixes;
    fixes = joined(fixes, found.fixes);
    keep[i] = false;
  }
  std::size_t position = 0;
  std::erase_if(diagnostics, [&](const Diagnostic&) { return !keep[position++]; });
}

/// A finding that another one's repair removes becomes a related place of that one.
void merge_moot(std::vector<Diagnostic>& diagnostics) {
  std::map<Cause, std::size_t> remover;
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    for (const Cause& cause : diagnostics[i].moot) remover.try_emplace(cause, i);
  }
  std::set<std::size_t> dropped;
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const auto found = remover.find(diagnostics[i].cause);
    if (found == remover.end() || found->second == i || dropped.contains(found->second)) continue;
    const Related also{diagnostics[i].place, diagnostics[i].message};
    diagnostics[found->second].related.push_back(also);
    dropped.insert(i);
  }
  std::size_t position = 0;
  std::erase_if(diagnostics, [&](const Diagnostic&) { return dropped.contains(position++); });
}

/// The line's text without its blanks: what stays the same when code moves or is indented.
std::string code_at(std::string_view text, base::ByteRange range) {
  const std::size_t at = std::min<std::size_t>(range.begin, text.size());
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string code;
  for (const char c : text.substr(begin, end - begin)) {
    if (c != ' ' && c != '\t' && c != '\r') code.push_back(c);
  }
  return code;
}

std::size_t line_start(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

bool names_rule(const Suppression& suppression, const Diagnostic& diagnostic) {
  return suppression.names.empty() ||
         std::ranges::any_of(suppression.names, [&](const std::string& name) {
           return name == diagnostic.rule || name == diagnostic.family;
         });
}

bool silences(const Suppression& suppression, const Diagnostic& diagnostic, const TextOf& text_of) {
  if (suppression.place.path != diagnostic.place.path) return false;
  if (!names_rule(suppression, diagnostic)) return false;
  if (suppression.whole_file) return true;
  const std::string_view text = text_of(diagnostic.place.path);
  return line_start(text, suppression.place.range.begin) ==
         line_start(text, diagnostic.place.range.begin);
}

std::vector<std::string> split_names(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

}  // namespace

std::vector<Suppression> parse_suppressions(std::string_view path, std::string_view text,
                                            const std::vector<base::ByteRange>& comments) {
  constexpr std::string_view mark = "querylint:";
  std::vector<Suppression> found;
  for (const base::ByteRange comment : comments) {
    std::string_view rest = text.substr(comment.begin, comment.end - comment.begin);
    const std::size_t at = rest.find(mark);
    if (at == std::string_view::npos) continue;
    rest.remove_prefix(at + mark.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    constexpr std::string_view ignore = "ignore";
    constexpr std::string_view file = "-file";
    if (!rest.starts_with(ignore)) continue;
    rest.remove_prefix(ignore.size());
    Suppression suppression{{std::string(path), comment}, rest.starts_with(file), {}};
    if (suppression.whole_file) rest.remove_prefix(file.size());
    const std::size_t close = rest.find(']');
    if (rest.starts_with('[') && close != std::string_view::npos) {
      suppression.names = split_names(rest.substr(1, close - 1));
    }
    found.push_back(std::move(suppression));
  }
  return found;
}

std::string identity_of(const Diagnostic& diagnostic, std::string_view text) {
  return fmt::format("{}\n{}\n{}\n{}", diagnostic.rule, diagnostic.place.path, diagnostic.function,
                     code_at(text, diagnostic.place.range));
}

void add_fingerprints(std::vector<Diagnostic>& diagnostics, const TextOf& text_of) {
  std::map<std::string, int> seen;
  for (Diagnostic& diagnostic : diagnostics) {
    std::string identity = identity_of(diagnostic, text_of(diagnostic.place.path));
    const int repeat = seen[identity]++;
    if (repeat > 0) identity += fmt::format("\n{}", repeat);
    diagnostic.fingerprint = fmt::format("{:016x}", base::hash64(identity));
  }
}

Settled settle(std::span<const Diagnostic* const> all, const std::vector<Suppression>& suppressions,
               const TextOf& text_of) {
  std::vector<Diagnostic> diagnostics = best_of_causes(all);
  merge_equal(diagnostics);
  merge_moot(diagnostics);
  add_fingerprints(diagnostics, text_of);
  fit_fixes(diagnostics, text_of);
  std::vector<bool> used(suppressions.size());
  Settled result;
  for (Diagnostic& diagnostic : diagnostics) {
    bool silenced = false;
    for (std::size_t i = 0; i < suppressions.size(); ++i) {
      if (!silences(suppressions[i], diagnostic, text_of)) continue;
      used[i] = true;
      silenced = true;
    }
    if (!silenced) result.diagnostics.push_back(std::move(diagnostic));
  }
  for (std::size_t i = 0; i < suppressions.size(); ++i) {
    if (!used[i]) result.unused.push_back(suppressions[i]);
  }
  return result;
}

}  // namespace querylint::diagnostics
