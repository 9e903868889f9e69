// How conditions stand in the arguments of a step. A comparison is an argument with a name, in the
// words of lookups: `author__name__ilike=x`, and of a table that is joined by hand
// `Author.name__ilike=x`. What combines comparisons is a term without a name: one of these, whose
// arguments are comparisons and further terms, or a term of the framework's own with comparisons as
// its keywords. What a framework cannot say so stands as it is, without a name.
#pragma once

#include <string_view>

namespace querylint::flow::condition {

constexpr std::string_view any_of = "condition.any_of";
constexpr std::string_view all_of = "condition.all_of";
constexpr std::string_view none_of = "condition.none_of";

inline bool is_combined(std::string_view callee) { return callee.starts_with("condition."); }

}  // namespace querylint::flow::condition
