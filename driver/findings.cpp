#include "driver/findings.h"

#include "driver/rule_infos.h"

namespace querylint::driver {
namespace {

std::vector<diagnostics::Diagnostic> unused_suppressions(const Outcome& outcome,
                                                         const Reading& reading) {
  std::vector<diagnostics::Diagnostic> unused;
  for (const diagnostics::Suppression& suppression : outcome.unused_suppressions) {
    diagnostics::Diagnostic diagnostic;
    diagnostic.rule = unused_suppression.name;
    diagnostic.family = unused_suppression.family;
    diagnostic.message = "This comment silences nothing: there is no such finding here. Remove it.";
    diagnostic.place = suppression.place;
    unused.push_back(std::move(diagnostic));
  }
  diagnostics::add_fingerprints(unused,
                                [&](const std::string& path) { return reading.text_of(path); });
  return unused;
}

}  // namespace

std::vector<diagnostics::Diagnostic> findings_of(const Outcome& outcome, const Reading& reading) {
  std::vector<diagnostics::Diagnostic> all = outcome.diagnostics;
  for (diagnostics::Diagnostic& diagnostic : unused_suppressions(outcome, reading)) {
    all.push_back(std::move(diagnostic));
  }
  return all;
}

}  // namespace querylint::driver
