#include <fmt/format.h>

#include <iterator>

#include "reports/positions.h"
#include "reports/report.h"
#include "reports/style.h"

namespace querylint::reports {

std::string concise(const Run& run) {
  Sources sources(run.text_of);
  const Painter paint(run.use_colour);
  std::string out;
  for (const diagnostics::Diagnostic& diagnostic : run.diagnostics) {
    const diagnostics::Place& place = diagnostic.place;
    const Position position = sources.of(place.path).position(place.range.begin);
    fmt::format_to(std::back_inserter(out), "{}:{}:{}: {} [{}] {}\n",
                   paint(Style::strong, printable(place.path)), position.line, position.column,
                   paint(style_of(diagnostic.severity), name_of(diagnostic.severity)),
                   diagnostic.rule, printable(diagnostic.message));
  }
  return out;
}

}  // namespace querylint::reports
