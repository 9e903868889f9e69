// Fixes as text: how edits meet the files that they change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/settle.h"

namespace querylint::diagnostics {

/// The text with the edits of one file, which are sorted and do not clash. Line ends of
/// replacements become those of the text.
std::string apply(std::string_view text, const std::vector<Edit>& edits);

/// Where a byte of the text that no edit replaces is afterwards; one that is replaced is taken for
/// the first of its replacement.
std::size_t moved(std::string_view text, const std::vector<Edit>& edits, std::size_t at);

/// Whether two edits change the same bytes, or insert at one place.
bool clash(const Edit& a, const Edit& b);

/// Adds an edit to sorted ones of the same file. Insertions at one place that add arguments to one
/// call, or calls of one name, become one: `.load("a")` and `.load("b")` are `.load("a", "b")`.
/// False where it clashes; then nothing is added.
bool add(const Edit& edit, std::vector<Edit>& edits);

/// One fix for a finding that stands for two; nothing where they cannot be applied together.
std::optional<Fix> both(const Fix& a, const Fix& b);

/// The comment that silences a finding, at the end of the line where it begins, or added to the
/// comment of that kind that is there. `text` is the finding's file. Nothing where no comment can
/// stand: in a string, before a line that is continued, or in a file that is no Python.
std::optional<Fix> ignore_comment(const Diagnostic& diagnostic, std::string_view text);

/// Gives the edits of all fixes their final places. Fixes that do not fit the text are dropped:
/// those that would take away a comment, or a bracket without its other half.
void fit_fixes(std::vector<Diagnostic>& diagnostics, const TextOf& text_of);

}  // namespace querylint::diagnostics
