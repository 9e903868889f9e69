#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include "reports/code_points.h"
#include "reports/positions.h"
#include "reports/report.h"
#include "reports/style.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Related;

/// On one line and escaped, with nothing that XML has no place for.
std::string xml(std::string_view given) {
  const std::string text = printable(given);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.value == U'&') {
      out += "&amp;";
    } else if (point.value == U'<') {
      out += "&lt;";
    } else if (point.value == U'>') {
      out += "&gt;";
    } else if (point.value == U'"') {
      out += "&quot;";
    } else if (point.value == 0xFFFE || point.value == 0xFFFF) {
      out += "\uFFFD";
    } else {
      out.append(text, at, point.length);
    }
    at += point.length;
  }
  return out;
}

std::string placed(std::string_view path, const Position& position, std::string_view message) {
  return xml(fmt::format("{}:{}:{}: {}", path, position.line, position.column, message)) + '\n';
}

std::string failure_of(const Diagnostic& diagnostic, Sources& sources, const Position& position) {
  std::string out = fmt::format(R"(      <failure type="{}" message="{}">)",
                                name_of(diagnostic.severity), xml(diagnostic.message));
  out += placed(diagnostic.place.path, position, diagnostic.message);
  for (const Related& related : diagnostic.related) {
    const Position at = sources.of(related.place.path).position(related.place.range.begin);
    out += placed(related.place.path, at, related.message);
  }
  return out + "</failure>\n";
}

/// Servers know a test again by its name, so that no line stands in it.
class TestNames {
 public:
  std::string name(const Diagnostic& diagnostic) {
    std::string name(diagnostic.rule);
    if (!diagnostic.function.empty()) name += " in " + diagnostic.function;
    const int repeat = ++seen_[name];
    return repeat == 1 ? name : fmt::format("{} ({})", name, repeat);
  }

 private:
  std::map<std::string, int> seen_;
};

using Found = std::vector<const Diagnostic*>;

std::string suite_of(std::string_view path, const Found& found, Sources& sources) {
  std::string out = fmt::format("  <testsuite name=\"{0}\" tests=\"{1}\" failures=\"{1}\">\n",
                                xml(path), found.size());
  TestNames names;
  for (const Diagnostic* diagnostic : found) {
    const diagnostics::Place& place = diagnostic->place;
    const Position position = sources.of(place.path).position(place.range.begin);
    fmt::format_to(
        std::back_inserter(out),
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" column=\"{}\">\n",
        xml(names.name(*diagnostic)), xml(path), xml(path), position.line, position.column);
    out += failure_of(*diagnostic, sources, position) + "    </testcase>\n";
  }
  return out + "  </testsuite>\n";
}

constexpr std::string_view clean_suite =
    "  <testsuite name=\"querylint\" tests=\"1\" failures=\"0\">\n"
    "    <testcase name=\"No problems found\" classname=\"querylint\"/>\n"
    "  </testsuite>\n";

}  // namespace

std::string junit(const Run& run) {
  Sources sources(run.text_of);
  std::map<std::string_view, Found> found;
  for (const Diagnostic& diagnostic : run.diagnostics) {
    found[diagnostic.place.path].push_back(&diagnostic);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  fmt::format_to(std::back_inserter(out),
                 "<testsuites name=\"querylint\" tests=\"{}\" failures=\"{}\">\n",
                 std::max<std::size_t>(run.diagnostics.size(), 1), run.diagnostics.size());
  for (const auto& [path, of_path] : found) out += suite_of(path, of_path, sources);
  if (found.empty()) out += clean_suite;
  return out + "</testsuites>\n";
}

}  // namespace querylint::reports
