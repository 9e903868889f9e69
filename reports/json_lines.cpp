#include <nlohmann/json.hpp>

#include "reports/json_diagnostic.h"
#include "reports/report.h"

namespace querylint::reports {

using nlohmann::ordered_json;

std::string json_lines(const Run& run) {
  Sources sources(run.text_of);
  std::string out;
  for (const diagnostics::Diagnostic& diagnostic : run.diagnostics) {
    const ordered_json object = json_diagnostic(diagnostic, sources);
    out += object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + '\n';
  }
  return out;
}

}  // namespace querylint::reports
