#include <fmt/format.h>

#include <iterator>
#include <set>

#include "reports/frame.h"
#include "reports/report.h"
#include "reports/style.h"

namespace querylint::reports {
namespace {

using diagnostics::Certainty;
using diagnostics::Diagnostic;

std::string heading(const Diagnostic& diagnostic, const Painter& paint) {
  const std::string kind = fmt::format("{}[{}]", name_of(diagnostic.severity), diagnostic.rule);
  std::string certainty;
  if (diagnostic.certainty != Certainty::firm) {
    certainty = fmt::format(" ({})", name_of(diagnostic.certainty));
  }
  return fmt::format("{}{}{}\n", paint(style_of(diagnostic.severity), kind), certainty,
                     paint(Style::strong, ": " + printable(diagnostic.message)));
}

/// The fix that a run with the option in parentheses applies.
std::string offer(const Diagnostic& diagnostic) {
  if (diagnostic.fixes.empty()) return "";
  const diagnostics::Fix& fix = diagnostic.fixes.front();
  const std::string_view option =
      fix.safety == diagnostics::Safety::safe ? "--fix" : "--unsafe-fixes";
  return fmt::format("fix: {} ({})", printable(fix.title), option);
}

std::string summary(const Run& run) {
  std::set<std::string_view> paths;
  for (const Diagnostic& diagnostic : run.diagnostics) paths.insert(diagnostic.place.path);
  if (run.fixed > 0) {
    const std::string left = paths.empty() ? "none" : fmt::to_string(run.diagnostics.size());
    return fmt::format("Fixed {}, {} left.", counted(run.fixed, "problem"), left);
  }
  if (paths.empty()) return "No problems found.";
  return fmt::format("Found {} in {}.", counted(run.diagnostics.size(), "problem"),
                     counted(paths.size(), "file"));
}

}  // namespace

std::string full(const Run& run) {
  Sources sources(run.text_of);
  const Painter paint(run.use_colour);
  std::string out;
  for (const Diagnostic& diagnostic : run.diagnostics) {
    out.append(heading(diagnostic, paint));
    out.append(draw(frames_of(diagnostic, sources), style_of(diagnostic.severity), paint,
                    offer(diagnostic)));
    out.push_back('\n');
  }
  for (const std::string& notice : run.notices) {
    fmt::format_to(std::back_inserter(out), "{}: {}\n", paint(Style::advice, "note"),
                   printable(notice));
  }
  return out.append(paint(Style::strong, summary(run))).append("\n");
}

}  // namespace querylint::reports
