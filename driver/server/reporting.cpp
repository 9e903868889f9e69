// What the client gets to see: diagnostics, hovers, code actions, messages.
#include <algorithm>

#include "analyzer/base/hash.h"
#include "driver/server/actions.h"
#include "driver/server/hover.h"
#include "driver/server/items.h"
#include "driver/server/pages.h"
#include "driver/server/server.h"
#include "driver/server/uri.h"

namespace querylint::driver::server {
namespace {

Json report_of(Json items, const Json& previous) {
  std::string id = std::to_string(base::hash64(items.dump()));
  if (previous == id) return {{"kind", "unchanged"}, {"resultId", std::move(id)}};
  return {{"kind", "full"}, {"resultId", std::move(id)}, {"items", std::move(items)}};
}

}  // namespace

/// Open documents are called what the client calls them.
std::string Server::uri_of(const std::string& path) const {
  for (const auto& [uri, document] : documents_) {
    if (document.path == path) return uri;
  }
  return uri_of_path(path);
}

/// Of files that this root shows and no other holds.
std::map<std::string, Server::OfFile> Server::findings_by_file(Root& root) {
  std::map<std::string, OfFile> files;
  std::set<std::string_view> hidden;
  for (const diagnostics::Diagnostic& finding : root.findings()) {
    const std::string& path = finding.place.path;
    if (hidden.contains(path)) continue;
    const auto [file, is_new] = files.try_emplace(path);
    if (is_new) {
      const std::string absolute = root.absolute(path);
      const auto holder = locate(canonical_path(absolute));
      if (!holder || holder->root != &root) {
        files.erase(file);
        hidden.insert(path);
        continue;
      }
      file->second.uri = uri_of(absolute);
    }
    file->second.findings.push_back(&finding);
  }
  return files;
}

Json Server::items_of(Root& root, const OfFile& file) const {
  const reports::Sources::TextOf text_of = [&](const std::string& path) {
    return root.text_of(path);
  };
  reports::Sources sources(text_of);
  const Places places{[&](const std::string& path) { return uri_of(root.absolute(path)); },
                      sources};
  Json items = Json::array();
  for (const diagnostics::Diagnostic* finding : file.findings) {
    items.push_back(
        item_of(*finding, client_, places, page_uri(finding->rule, options_.cache_folder)));
  }
  return items;
}

/// Of all that a file's items are made of. Making them takes much longer.
std::uint64_t Server::signature_of(Root& root, const OfFile& file, TextHashes& hashes) {
  std::string parts;
  const auto add = [&](const diagnostics::Place& place, std::string_view text) {
    const auto [known, is_new] = hashes.try_emplace(place.path, 0);
    if (is_new) known->second = base::hash64(root.text_of(place.path));
    const std::uint64_t of_text = known->second;
    parts.append(place.path).push_back('\0');
    parts.append(text).push_back('\0');
    parts.append(reinterpret_cast<const char*>(&place.range), sizeof place.range);
    parts.append(reinterpret_cast<const char*>(&of_text), sizeof of_text);
  };
  for (const diagnostics::Diagnostic* finding : file.findings) {
    add(finding->place, finding->rule);
    parts.append(finding->message).append(finding->fingerprint);
    for (const auto& [place, message] : finding->related) add(place, message);
  }
  return base::hash64(parts);
}

void Server::publish_file(Root& root, const OfFile& file, TextHashes& hashes) {
  const std::uint64_t signature = signature_of(root, file, hashes);
  const auto [known, is_new] = published_.try_emplace(file.uri, signature);
  if (!is_new && known->second == signature) return;
  known->second = signature;
  if (client_.pulls_diagnostics) return;
  Json params = {{"uri", file.uri}, {"diagnostics", items_of(root, file)}};
  const auto open = documents_.find(file.uri);
  if (open != documents_.end()) params["version"] = open->second.version;
  notify("textDocument/publishDiagnostics", params);
}

void Server::publish_root(Root& root, std::set<std::string>& published) {
  TextHashes hashes;
  for (const auto& [path, file] : findings_by_file(root)) {
    published.insert(file.uri);
    publish_file(root, file, hashes);
  }
}

/// Of the open documents, while other files are still worked at. Who pulls asks by itself.
void Server::publish_known(Root& root) {
  if (client_.pulls_diagnostics || root.is_current()) return;
  TextHashes hashes;
  const auto files = findings_by_file(root);
  for (const auto& [uri, document] : documents_) {
    const auto found = locate(document.path);
    if (!found || found->root != &root || !root.knows(found->relative)) continue;
    const auto file = files.find(found->relative);
    if (file != files.end()) {
      publish_file(root, file->second, hashes);
    } else {
      withdraw(uri);
    }
  }
}

/// The file has no findings any more.
void Server::withdraw(const std::string& uri) {
  if (published_.erase(uri) == 0 || client_.pulls_diagnostics) return;
  notify("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", Json::array()}});
}

/// Tells the client of what is other than it was told last: by the files' diagnostics, or by asking
/// it to ask.
void Server::publish() {
  const auto before = published_;
  std::set<std::string> published;
  for (const auto& root : roots_) publish_root(*root, published);
  for (const auto& [uri, signature] : before) {
    if (!published.contains(uri)) withdraw(uri);
  }
  const bool must_refresh = client_.pulls_diagnostics && client_.refreshes_diagnostics;
  if (must_refresh && before != published_) request("workspace/diagnostic/refresh", nullptr);
}

Json Server::document_diagnostics(const Json& params) {
  const std::string uri = required_string(params, {"textDocument", "uri"});
  Json items = Json::array();
  published_.erase(uri);
  if (const auto found = locate_uri(uri)) {
    const auto files = findings_by_file(*found->root);
    const auto own = files.find(found->relative);
    if (own != files.end()) {
      TextHashes hashes;
      published_[uri] = signature_of(*found->root, own->second, hashes);
      items = items_of(*found->root, own->second);
    }
  }
  return report_of(std::move(items), part(params, "previousResultId"));
}

Json Server::workspace_diagnostics(const Json& params) {
  std::map<std::string, Json> previous;  // by URI
  for (const Json& known : part(params, "previousResultIds")) {
    previous[required_string(known, {"uri"})] = part(known, "value");
  }
  Json reports = Json::array();
  const auto add = [&](const std::string& uri, Json items) {
    const auto known = previous.find(uri);
    Json report = report_of(std::move(items), known == previous.end() ? Json() : known->second);
    if (known != previous.end()) previous.erase(known);
    const auto open = documents_.find(uri);
    report["uri"] = uri;
    report["version"] = open == documents_.end() ? Json() : Json(open->second.version);
    reports.push_back(std::move(report));
  };
  for (const auto& root : roots_) {
    TextHashes hashes;
    for (const auto& [path, file] : findings_by_file(*root)) {
      published_[file.uri] = signature_of(*root, file, hashes);
      add(file.uri, items_of(*root, file));
    }
  }
  const auto cleared = previous;
  for (const auto& [uri, id] : cleared) add(uri, Json::array());
  return {{"items", std::move(reports)}};
}

Json Server::hover(const Json& params) {
  const auto found = locate_uri(required_string(params, {"textDocument", "uri"}));
  if (!found) return nullptr;
  const reports::LineIndex index(found->root->text_of(found->relative));
  const std::uint32_t offset = offset_of(index, part(params, "position"), client_.encoding);
  return hover_at(found->root->findings(), found->relative, index, offset, client_);
}

Json Server::actions(const Json& params) {
  const std::string uri = required_string(params, {"textDocument", "uri"});
  const auto found = locate_uri(uri);
  if (!found) return Json::array();
  Root& root = *found->root;
  const reports::Sources::TextOf text_of = [&](const std::string& path) {
    return root.text_of(path);
  };
  reports::Sources sources(text_of);
  const Places places{[&](const std::string& path) { return uri_of(root.absolute(path)); },
                      sources};
  ActionTarget target;
  target.path = found->relative;
  target.uri = uri;
  target.range = bytes_of(sources.of(found->relative), part(params, "range"), client_.encoding);
  const Json& only = part(params, {"context", "only"});
  if (only.is_array()) {
    target.kinds.emplace();
    for (const Json& kind : only) {
      if (kind.is_string()) target.kinds->push_back(kind.get<std::string>());
    }
  }
  target.version_of = [&](const std::string& path) {
    return version_of(canonical_path(root.absolute(path)));
  };
  return actions_at(root.findings(), target, client_, places);
}

void Server::say(int kind, const std::string& text) {
  notify("window/showMessage", {{"type", kind}, {"message", text}});
}

/// `details` are for those who asked for them.
void Server::log(const std::string& text, const std::string& details) {
  if (trace_ == "off") return;
  Json params = {{"message", text}};
  if (trace_ == "verbose" && !details.empty()) params["verbose"] = details;
  notify("$/logTrace", params);
}

void Server::notify(std::string_view method, const Json& params) {
  send_(notification_message(method, params));
}

void Server::request(std::string_view method, const Json& params) {
  send_(request_message(++last_request_, method, params));
}

}  // namespace querylint::driver::server
