// What a client can do, as it said when it introduced itself.
#pragma once

#include "driver/server/encoding.h"

namespace querylint::driver::server {

struct Client {
  Encoding encoding = Encoding::utf16;
  bool pulls_diagnostics = false;      ///< asks for diagnostics; else they are sent to it
  bool refreshes_diagnostics = false;  ///< can be told to ask again
  bool knows_related = false;
  bool knows_links = false;             ///< `codeDescription`
  bool knows_action_literals = false;   ///< code actions that are more than commands
  bool knows_document_changes = false;  ///< edits that say which version they are of
  bool knows_markdown = false;          ///< in hovers
  bool shows_progress = false;
  bool shows_documents = false;
  bool registers_watchers = false;
};

Client client_of(const Json& capabilities);

/// What the server can do for such a client.
Json server_capabilities(const Client& client);

/// The command that shows a rule's page; its argument is the rule's name.
constexpr std::string_view explain_command = "querylint.explain";

}  // namespace querylint::driver::server
