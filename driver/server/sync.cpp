// What the server knows of the client's documents, files and folders.
#include <algorithm>

#include "driver/server/server.h"
#include "driver/server/uri.h"

namespace querylint::driver::server {
namespace {

bool is_configuration(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name == "querylint.toml" || name == "pyproject.toml";
}

}  // namespace

void Server::add_folder(const Json& folder) {
  const auto path = path_of_uri(required_string(folder, {"uri"}));
  if (!path) return;  // of another kind than files: nothing to read there
  const auto is_known = [&](const auto& root) { return root->folder() == *path; };
  if (std::ranges::any_of(roots_, is_known)) return;
  Root& root = *roots_.emplace_back(std::make_unique<Root>(*path, options_));
  if (!root.trouble().empty()) say(1, "querylint: " + root.trouble());
  for (const auto& [uri, document] : documents_) {
    if (const auto relative = root.relative(document.path)) root.open(*relative, document.text);
  }
  must_publish_ = true;
}

void Server::change_folders(const Json& params) {
  for (const Json& folder : part(params, {"event", "removed"})) {
    const auto path = path_of_uri(required_string(folder, {"uri"}));
    std::erase_if(roots_, [&](const auto& root) { return path && root->folder() == *path; });
  }
  for (const Json& folder : part(params, {"event", "added"})) add_folder(folder);
  must_publish_ = true;
}

/// Of nested roots the innermost one holds a file.
std::optional<Server::Located> Server::locate(const std::string& path) {
  std::optional<Located> best;
  for (const auto& root : roots_) {
    auto relative = root->relative(path);
    if (!relative || !root->shows(*relative)) continue;
    if (!best || root->folder().size() > best->root->folder().size()) {
      best = {root.get(), std::move(*relative)};
    }
  }
  return best;
}

std::optional<Server::Located> Server::locate_uri(const std::string& uri) {
  const auto path = path_of_uri(uri);
  return path ? locate(canonical_path(*path)) : std::nullopt;
}

Document& Server::document(const Json& params) {
  const std::string uri = required_string(params, {"textDocument", "uri"});
  const auto found = documents_.find(uri);
  if (found != documents_.end()) return found->second;
  throw ProtocolError(ErrorCode::invalid_params, uri + " is not open");
}

std::optional<std::int64_t> Server::version_of(const std::string& path) const {
  for (const auto& [uri, document] : documents_) {
    if (document.path == path) return document.version;
  }
  return std::nullopt;
}

/// Every root that reads the file gets its text, also one that does not show it.
void Server::open(const Json& params) {
  Document opened;
  opened.uri = required_string(params, {"textDocument", "uri"});
  opened.text = required_string(params, {"textDocument", "text"});
  const Json& version = part(params, {"textDocument", "version"});
  if (version.is_number_integer()) opened.version = version.get<std::int64_t>();
  const auto path = path_of_uri(opened.uri);
  if (!path) return;
  opened.path = canonical_path(*path);
  if (roots_.empty()) add_folder({{"uri", uri_of_path(path->substr(0, path->rfind('/')))}});
  for (const auto& root : roots_) {
    if (const auto relative = root->relative(opened.path)) root->open(*relative, opened.text);
  }
  documents_.insert_or_assign(opened.uri, std::move(opened));
  must_publish_ = true;
}

void Server::change(const Json& params) {
  Document& changed = document(params);
  const Json& version = part(params, {"textDocument", "version"});
  if (version.is_number_integer()) changed.version = version.get<std::int64_t>();
  for (const Json& edit : part(params, "contentChanges")) {
    apply_change(changed.text, edit, client_.encoding);
  }
  for (const auto& root : roots_) {
    if (const auto relative = root->relative(changed.path)) root->open(*relative, changed.text);
  }
  must_publish_ = true;
}

void Server::close(const Json& params) {
  const Document closed = document(params);
  documents_.erase(closed.uri);
  for (const auto& root : roots_) {
    if (const auto relative = root->relative(closed.path)) root->close(*relative);
  }
  must_publish_ = true;
}

/// Where nobody tells of changes on the disk, a save is when to look.
void Server::save(const Json& params) {
  const auto path = path_of_uri(required_string(params, {"textDocument", "uri"}));
  if (path && is_configuration(*path)) reload();
  if (client_.registers_watchers) return;
  for (const auto& root : roots_) root->note_disk_changes();
  must_publish_ = true;
}

void Server::change_files(const Json& params) {
  bool is_configured_anew = false;
  for (const Json& event : part(params, "changes")) {
    const auto path = path_of_uri(required_string(event, {"uri"}));
    if (!path) continue;
    is_configured_anew = is_configured_anew || is_configuration(*path);
    constexpr int changed = 2;
    for (const auto& root : roots_) {
      const auto relative = root->relative(canonical_path(*path));
      if (!relative) continue;
      if (part(event, "type") == changed) {
        root->note_disk_change(*relative);
      } else {
        root->note_disk_changes();
      }
    }
  }
  if (is_configured_anew) reload();
  must_publish_ = true;
}

void Server::reload() {
  for (const auto& root : roots_) {
    const std::string trouble = root->trouble();
    root->configure();
    if (root->trouble() != trouble && !root->trouble().empty()) {
      say(1, "querylint: " + root->trouble());
    }
  }
  must_publish_ = true;
}

void Server::watch_files() {
  Json watchers = Json::array();
  for (const char* pattern : {"**/*.py", "**/querylint.toml", "**/pyproject.toml"}) {
    watchers.push_back({{"globPattern", pattern}});
  }
  Json registration = {{"id", "querylint-files"},
                       {"method", "workspace/didChangeWatchedFiles"},
                       {"registerOptions", {{"watchers", std::move(watchers)}}}};
  request("client/registerCapability", {{"registrations", Json::array({std::move(registration)})}});
}

}  // namespace querylint::driver::server
