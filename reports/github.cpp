#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "reports/positions.h"
#include "reports/report.h"
#include "reports/severity_words.h"
#include "reports/style.h"
#include "reports/worst_first.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Related;

// What GitHub shows of more is not ours to choose, and a summary of more than 1 MiB it refuses.
constexpr std::size_t most_annotations = 10;  // of each level, in a step
constexpr std::size_t longest_summary = 1'000'000;

constexpr SeverityWords command_of = {"error", "warning", "notice"};

/// What would end a value of a command, as the runner decodes it again.
std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string data_text(std::string_view text) { return escaped(text, "%\r\n"); }
std::string property_text(std::string_view text) { return escaped(text, "%\r\n:,"); }

/// Columns of different lines make the runner drop the whole annotation.
std::string region_of(const LineIndex& index, base::ByteRange range) {
  const Position begin = index.position(range.begin);
  const Position end = index.position(std::max(range.begin, range.end));
  if (begin.line != end.line) return fmt::format("line={},endLine={}", begin.line, end.line);
  return fmt::format("line={},endLine={},col={},endColumn={}", begin.line, end.line, begin.column,
                     end.column);
}

std::string message_of(const Diagnostic& diagnostic, Sources& sources) {
  std::string message = printable(diagnostic.message);
  for (const Related& related : diagnostic.related) {
    const std::uint32_t line = sources.of(related.place.path).line_of(related.place.range.begin);
    message +=
        fmt::format("\n{}:{}: {}", printable(related.place.path), line, printable(related.message));
  }
  return message;
}

std::string annotation(const Diagnostic& diagnostic, Sources& sources) {
  const diagnostics::Place& place = diagnostic.place;
  return fmt::format("::{} title={},file={},{}::{}\n", command_of(diagnostic.severity),
                     property_text(fmt::format("querylint ({})", diagnostic.rule)),
                     property_text(place.path), region_of(sources.of(place.path), place.range),
                     data_text(message_of(diagnostic, sources)));
}

/// A cell of a Markdown table. Code between backticks stays code; all else is taken literally.
std::string cell(std::string_view given) {
  const std::string text = printable(given);
  const bool has_code = std::ranges::count(text, '`') % 2 == 0;
  const std::string_view special = has_code ? "\\*_[]<>&~#|" : "\\*_[]<>&~#|`";
  bool is_code = false;
  std::string out;
  for (const char c : text) {
    if (has_code && c == '`') is_code = !is_code;
    const bool is_special = is_code ? c == '|' : special.find(c) != std::string_view::npos;
    if (is_special) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string row_of(const Diagnostic& diagnostic, Sources& sources) {
  const diagnostics::Place& place = diagnostic.place;
  return fmt::format("| {} | {}:{} | {} | {} |\n", name_of(diagnostic.severity), cell(place.path),
                     sources.of(place.path).line_of(place.range.begin), diagnostic.rule,
                     cell(diagnostic.message));
}

/// The findings as a step can show them, worst first.
struct Shares {
  std::vector<const Diagnostic*> annotated;
  std::vector<const Diagnostic*> left_out;
};

Shares shares_of(const Run& run) {
  Shares shares;
  std::array<std::size_t, 3> counts{};
  counts[static_cast<std::size_t>(diagnostics::Severity::advice)] =
      1;  // a notice tells of what is left out
  for (const Diagnostic* diagnostic : worst_first(run.diagnostics)) {
    std::size_t& count = counts[static_cast<std::size_t>(diagnostic->severity)];
    (++count <= most_annotations ? shares.annotated : shares.left_out).push_back(diagnostic);
  }
  return shares;
}

}  // namespace

std::string github(const Run& run) {
  Sources sources(run.text_of);
  const Shares shares = shares_of(run);
  std::string out;
  for (const Diagnostic* diagnostic : shares.annotated) out += annotation(*diagnostic, sources);
  if (shares.left_out.empty()) return out;
  const std::string text =
      fmt::format("{}: a step shows {} of each level. Its summary lists the others.",
                  counted(shares.left_out.size(), "more problem"), most_annotations);
  return out + fmt::format("::notice title=querylint::{}\n", text);
}

std::string github_summary(const Run& run) {
  const Shares shares = shares_of(run);
  if (shares.left_out.empty()) return {};
  Sources sources(run.text_of);
  std::string out = fmt::format(
      "\n### querylint: {}\n\nThe worst {} of each level are annotated.\n\n"
      "| Level | Place | Rule | Problem |\n| --- | --- | --- | --- |\n",
      counted(shares.left_out.size(), "more problem"), most_annotations);
  std::size_t shown = 0;
  for (const Diagnostic* diagnostic : shares.left_out) {
    const std::string row = row_of(*diagnostic, sources);
    if (out.size() + row.size() > longest_summary) break;
    out += row;
    ++shown;
  }
  const std::size_t hidden = shares.left_out.size() - shown;
  if (hidden == 0) return out;
  return out + fmt::format("\nA summary has no room for {}.\n", counted(hidden, "more problem"));
}

}  // namespace querylint::reports
