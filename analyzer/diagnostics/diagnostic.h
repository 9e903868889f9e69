// What querylint says: one finding, in terms of files and bytes.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyzer/base/byte_range.h"

namespace querylint::diagnostics {

/// `advice` is never shown unless its rule is asked for.
enum class Severity : std::uint8_t { error, warning, advice };

/// How sure the finding is.
enum class Certainty : std::uint8_t {
  firm,      ///< every link was resolved, and the repair is plain; shown by default
  likely,    ///< rests on a type hint, on rows of unknown number, or on a repair with a caveat
  possible,  ///< rests on a guess, or on code far away
};

std::string_view name_of(Severity severity);
std::string_view name_of(Certainty certainty);

struct Place {
  std::string path;  ///< relative to the project, with forward slashes
  base::ByteRange range;

  bool operator==(const Place&) const = default;
};

struct Related {
  Place place;
  std::string message;

  bool operator==(const Related&) const = default;
};

/// What a rule's findings are about. Those about the same are one finding.
struct Cause {
  std::string_view rule;  ///< of a table that lives as long as the program
  Place place;            ///< told from others by where it begins; nowhere for what has no place
  std::string detail;     ///< what is meant of the place
};

inline auto parts_of(const Cause& cause) {
  return std::tie(cause.rule, cause.place.path, cause.place.range.begin, cause.detail);
}
inline auto operator<=>(const Cause& a, const Cause& b) { return parts_of(a) <=> parts_of(b); }
inline bool operator==(const Cause& a, const Cause& b) { return parts_of(a) == parts_of(b); }

/// Where exactly an insertion goes: rules know the places of code, but do not see texts.
enum class Layout : std::uint8_t {
  as_it_is,
  in_chain,          ///< a further call of a chain: on a line of its own where the others are
  in_list,           ///< a further argument or name, beginning with a comma: likewise
  behind_statement,  ///< a statement of its own, behind the one at the place
};

/// Text that stands in place of other text; an empty range inserts.
struct Edit {
  Place place;
  std::string replacement;           ///< with `\n` as line end, whatever the file has
  Layout layout = Layout::as_it_is;  ///< the only one that is left when findings are settled

  bool operator==(const Edit&) const = default;
};

/// What is known of the program with a fix applied.
enum class Safety : std::uint8_t {
  safe,    ///< every result is the same, and nothing costs more
  unsafe,  ///< results or costs may differ in cases that the rule's page names
};

/// A repair that can be applied by itself: afterwards the finding is gone.
struct Fix {
  std::string title;  ///< what is done, as an order: `Add .select_related("author")`
  Safety safety = Safety::unsafe;
  std::vector<Edit> edits;  ///< sorted by path and place; they do not overlap

  bool operator==(const Fix&) const = default;
};

std::string_view name_of(Safety safety);

struct Diagnostic {
  std::string_view rule;    ///< of a table that lives as long as the program
  std::string_view family;  ///< likewise
  Severity severity = Severity::warning;
  Certainty certainty = Certainty::firm;
  std::string message;
  Place place;
  std::vector<Related> related;  ///< what explains it: loop, query, relation
  std::vector<Related> flow;     ///< the way from the query to the place, in order
  std::vector<Fix> fixes;        ///< each repairs the finding; the best comes first

  std::string function;  ///< qualified name of the function around; part of the fingerprint
  Cause cause;
  std::vector<Cause> moot;          ///< of whatever rules: what this finding's repair removes
  std::string fingerprint;          ///< given when settling
  bool rests_on_parameter = false;  ///< on a parameter's type hint or name; see `driver::judge`
};

}  // namespace querylint::diagnostics
