#include "driver/server/items.h"

namespace querylint::driver::server {
namespace {

int severity_of(diagnostics::Severity severity) {
  switch (severity) {
    case diagnostics::Severity::error:
      return 1;
    case diagnostics::Severity::warning:
      return 2;
    case diagnostics::Severity::advice:
      break;
  }
  return 3;
}

Json range_of(const diagnostics::Place& place, const Client& client, const Places& places) {
  return range_of(places.sources.of(place.path), place.range, client.encoding);
}

}  // namespace

Json item_of(const diagnostics::Diagnostic& diagnostic, const Client& client, const Places& places,
             const std::string& page_uri) {
  Json item = {{"range", range_of(diagnostic.place, client, places)},
               {"severity", severity_of(diagnostic.severity)},
               {"code", diagnostic.rule},
               {"source", "querylint"},
               {"message", diagnostic.message},
               {"data", {{"fingerprint", diagnostic.fingerprint}}}};
  if (client.knows_links && !page_uri.empty()) item["codeDescription"] = {{"href", page_uri}};
  if (client.knows_related && !diagnostic.related.empty()) {
    Json related = Json::array();
    for (const auto& [place, message] : diagnostic.related) {
      related.push_back(
          {{"location",
            {{"uri", places.uri_of(place.path)}, {"range", range_of(place, client, places)}}},
           {"message", message}});
    }
    item["relatedInformation"] = std::move(related);
  }
  return item;
}

}  // namespace querylint::driver::server
