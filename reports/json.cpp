#include <nlohmann/json.hpp>

#include "reports/json_diagnostic.h"
#include "reports/report.h"

namespace querylint::reports {

using nlohmann::ordered_json;

std::string json(const Run& run) {
  Sources sources(run.text_of);
  ordered_json all = ordered_json::array();
  for (const diagnostics::Diagnostic& diagnostic : run.diagnostics) {
    all.push_back(json_diagnostic(diagnostic, sources));
  }
  const ordered_json report = {{"diagnostics", std::move(all)}};
  return report.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace querylint::reports
