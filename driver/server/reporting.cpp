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

std::size_t hash_of(const Json& items) { return base::hash64(items.dump()); }

std::string result_id(const Json& items) { return std::to_string(hash_of(items)); }

Json report_of(Json items, const Json& previous) {
  std::string id = result_id(items);
  if (previous == id) return {{"kind", "unchanged"}, {"resultId", std::move(id)}};
  return {{"kind", "full"}, {"resultId", std::move(id)}, {"items", std::move(items)}};
}

}  // namespace

/// Open documents are called what the client calls them.
std::string Server::uri_of(const std::string& path) const {
  const std::string canonical = canonical_path(path);
  for (const auto& [uri, document] : documents_) {
    if (document.path == canonical) return uri;
  }
  return uri_of_path(path);
}

std::map<std::string, Json> Server::items_of(Root& root) {
  const reports::Sources::TextOf text_of = [&](const std::string& path) {
    return root.text_of(path);
  };
  reports::Sources sources(text_of);
  const Places places{[&](const std::string& path) { return uri_of(root.absolute(path)); },
                      sources};
  std::map<std::string, Json> items;
  for (const diagnostics::Diagnostic& finding : root.findings()) {
    const std::string& path = finding.place.path;
    const auto shown =
        root.shows(path) ? locate(canonical_path(root.absolute(path))) : std::nullopt;
    if (!shown || shown->root != &root) continue;
    Json& list = items.try_emplace(path, Json::array()).first->second;
    list.push_back(
        item_of(finding, client_, places, page_uri(finding.rule, options_.cache_folder)));
  }
  return items;
}

void Server::publish_root(Root& root, std::set<std::string>& published) {
  for (auto& [path, items] : items_of(root)) {
    const std::string absolute = root.absolute(path);
    const std::string uri = uri_of(absolute);
    published.insert(uri);
    Json params = {{"uri", uri}, {"diagnostics", std::move(items)}};
    const auto version = version_of(canonical_path(absolute));
    if (version) params["version"] = *version;
    const std::size_t hash = hash_of(params["diagnostics"]);
    const auto [known, is_new] = published_.try_emplace(uri, hash);
    if (!is_new && known->second == hash) continue;
    known->second = hash;
    if (!client_.pulls_diagnostics) notify("textDocument/publishDiagnostics", params);
  }
}

/// Tells the client of what is other than it was told last: by the files' diagnostics, or by asking
/// it to ask.
void Server::publish() {
  const auto before = published_;
  std::set<std::string> published;
  for (const auto& root : roots_) publish_root(*root, published);
  for (auto known = published_.begin(); known != published_.end();) {
    if (published.contains(known->first)) {
      ++known;
      continue;
    }
    if (!client_.pulls_diagnostics) {
      notify("textDocument/publishDiagnostics",
             {{"uri", known->first}, {"diagnostics", Json::array()}});
    }
    known = published_.erase(known);
  }
  const bool must_refresh = client_.pulls_diagnostics && client_.refreshes_diagnostics;
  if (must_refresh && before != published_) request("workspace/diagnostic/refresh", nullptr);
}

Json Server::document_diagnostics(const Json& params) {
  const std::string uri = required_string(params, {"textDocument", "uri"});
  Json items = Json::array();
  if (const auto found = locate_uri(uri)) {
    auto all = items_of(*found->root);
    const auto own = all.find(found->relative);
    if (own != all.end()) items = std::move(own->second);
  }
  published_[uri] = hash_of(items);
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
    for (auto& [path, items] : items_of(*root)) {
      const std::string uri = uri_of(root->absolute(path));
      published_[uri] = hash_of(items);
      add(uri, std::move(items));
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
