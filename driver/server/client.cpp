#include "driver/server/client.h"

#include <algorithm>

namespace querylint::driver::server {
namespace {

bool lists(const Json& list, std::string_view wanted) {
  return list.is_array() &&
         std::ranges::any_of(list, [&](const Json& one) { return one == wanted; });
}

}  // namespace

Client client_of(const Json& capabilities) {
  Client client;
  client.encoding = agreed_encoding(capabilities);
  client.pulls_diagnostics = part(capabilities, {"textDocument", "diagnostic"}).is_object();
  client.refreshes_diagnostics =
      flag_of(capabilities, {"workspace", "diagnostics", "refreshSupport"});
  client.knows_related =
      flag_of(capabilities, {"textDocument", "publishDiagnostics", "relatedInformation"}) ||
      flag_of(capabilities, {"textDocument", "diagnostic", "relatedInformation"});
  client.knows_links =
      flag_of(capabilities, {"textDocument", "publishDiagnostics", "codeDescriptionSupport"}) ||
      flag_of(capabilities, {"textDocument", "diagnostic", "codeDescriptionSupport"});
  client.knows_action_literals =
      part(capabilities, {"textDocument", "codeAction", "codeActionLiteralSupport"}).is_object();
  client.knows_document_changes =
      flag_of(capabilities, {"workspace", "workspaceEdit", "documentChanges"});
  client.knows_markdown =
      lists(part(capabilities, {"textDocument", "hover", "contentFormat"}), "markdown");
  client.shows_progress = flag_of(capabilities, {"window", "workDoneProgress"});
  client.shows_documents = flag_of(capabilities, {"window", "showDocument", "support"});
  client.registers_watchers =
      flag_of(capabilities, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  return client;
}

Json server_capabilities(const Client& client) {
  Json capabilities = {
      {"positionEncoding", name_of(client.encoding)},
      {"textDocumentSync",
       {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
      {"hoverProvider", true},
      {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
      {"executeCommandProvider", {{"commands", {explain_command}}}},
      {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}}};
  if (client.pulls_diagnostics) {
    capabilities["diagnosticProvider"] = {{"identifier", "querylint"},
                                          {"interFileDependencies", true},
                                          {"workspaceDiagnostics", true}};
  }
  return capabilities;
}

}  // namespace querylint::driver::server
