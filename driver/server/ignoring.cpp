#include "driver/server/ignoring.h"

#include <algorithm>

#include "analyzer/diagnostics/settle.h"
#include "analyzer/lower/python.h"
#include "analyzer/syntax/tree.h"
#include "reports/positions.h"

namespace querylint::driver::server {
namespace {

using diagnostics::Suppression;

std::vector<Suppression> suppressions_of(const std::string& path, std::string_view text) {
  const ir::Module module = lower::lower_python(syntax::PythonParser().parse(text), text);
  return diagnostics::parse_suppressions(path, text, module.comments);
}

/// Where the names of a comment end that has some.
std::optional<std::uint32_t> end_of_names(const Suppression& suppression, std::string_view text) {
  if (suppression.whole_file || suppression.names.empty()) return std::nullopt;
  const std::size_t close = text.find(']', suppression.place.range.begin);
  if (close >= suppression.place.range.end) return std::nullopt;
  return static_cast<std::uint32_t>(close);
}

}  // namespace

std::optional<diagnostics::Edit> ignoring_edit(const diagnostics::Diagnostic& finding,
                                               std::string_view text) {
  const std::string& path = finding.place.path;
  const std::string rule(finding.rule);
  const reports::LineIndex index(text);
  const std::uint32_t line = index.line_of(finding.place.range.begin);
  const base::ByteRange range = index.line_range(line);
  diagnostics::Edit edit{{path, {range.end, range.end}}, "  # querylint: ignore[" + rule + "]"};
  for (const Suppression& known : suppressions_of(path, text)) {
    const auto end = end_of_names(known, text);
    if (!end || index.line_of(known.place.range.begin) != line) continue;
    edit = {{path, {*end, *end}}, ", " + rule};
  }
  std::string silenced(text);
  silenced.insert(edit.place.range.begin, edit.replacement);
  const std::vector<Suppression> after = suppressions_of(path, silenced);
  const reports::LineIndex lines_after(silenced);
  const bool holds = std::ranges::any_of(after, [&](const Suppression& suppression) {
    return lines_after.line_of(suppression.place.range.begin) == line &&
           std::ranges::find(suppression.names, rule) != suppression.names.end();
  });
  const bool is_behind_backslash = range.end > range.begin && text[range.end - 1] == '\\';
  return holds && !is_behind_backslash ? std::optional(edit) : std::nullopt;
}

}  // namespace querylint::driver::server
