#include "tests/support/editor.h"

#include <algorithm>

#include "driver/rule_infos.h"
#include "reports/report.h"

namespace querylint::tests {
namespace {

using driver::server::RootOptions;
using driver::server::Server;

/// Files that somebody else changes.
class SharedDisk : public driver::Disk {
 public:
  explicit SharedDisk(std::shared_ptr<const Files> files) : files_(std::move(files)) {}

  std::vector<std::string> list() override {
    std::vector<std::string> paths;
    for (const auto& [path, text] : *files_) paths.push_back(path);
    return paths;
  }
  driver::Content read(const std::string& path) override {
    const auto found = files_->find(path);
    if (found == files_->end()) return {};
    return {found->second, {}};
  }
  std::uint64_t size(const std::string& path) override {
    const auto found = files_->find(path);
    return found == files_->end() ? 0 : found->second.size();
  }

 private:
  std::shared_ptr<const Files> files_;
};

Json capabilities_of(const Abilities& abilities) {
  Json text = {{"publishDiagnostics", {{"relatedInformation", true}}},
               {"codeAction", {{"codeActionLiteralSupport", Json::object()}}},
               {"hover", {{"contentFormat", Json::array({"markdown"})}}}};
  Json workspace = {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}};
  if (abilities.pulls) {
    text["diagnostic"] = Json::object();
    workspace["diagnostics"] = {{"refreshSupport", true}};
  }
  return {{"general", {{"positionEncodings", Json::array({abilities.encoding})}}},
          {"textDocument", std::move(text)},
          {"workspace", std::move(workspace)}};
}

Json position_in(const std::string& text, std::size_t byte) {
  const std::string_view before = std::string_view(text).substr(0, byte);
  const std::size_t line_begin = before.rfind('\n') + 1;
  return {{"line", std::ranges::count(before, '\n')}, {"character", before.size() - line_begin}};
}

}  // namespace

Editor::Editor(const Files& files, const Abilities& abilities, const driver::Config& config)
    : disk_(std::make_shared<Files>(files)) {
  RootOptions options;
  options.find_workspace = [config](const std::string& folder) {
    driver::Workspace workspace;
    workspace.root = folder;
    workspace.config = config;
    if (!config.select) workspace.config.select = {{"ALL"}};
    return workspace;
  };
  options.open_disk = [disk = disk_](const std::string&) {
    return std::make_unique<SharedDisk>(disk);
  };
  server_ = std::make_unique<Server>(options, [this](const std::string& body) { note(body); });
  request("initialize",
          {{"processId", nullptr},
           {"workspaceFolders", Json::array({{{"uri", "file:///project"}, {"name", "project"}}})},
           {"capabilities", capabilities_of(abilities)}});
  notify("initialized", Json::object());
}

void Editor::note(const std::string& body) {
  Json message = Json::parse(body);
  if (message.value("method", "") == "textDocument/publishDiagnostics") {
    published_[message["params"]["uri"]] = message["params"]["diagnostics"];
  }
  if (!message.contains("method") && message.contains("id")) answer_ = message;
  messages_.push_back(std::move(message));
}

Json Editor::request(const std::string& method, const Json& params) {
  answer_ = nullptr;
  server_->receive(driver::server::request_message(++last_id_, method, params));
  while (answer_.is_null() && server_->step()) {
  }
  return answer_;
}

void Editor::notify(const std::string& method, const Json& params) {
  server_->receive(driver::server::notification_message(method, params));
}

void Editor::settle() {
  while (server_->step()) {
  }
}

void Editor::open(const std::string& path, const std::string& text) {
  open_[path] = text;
  notify("textDocument/didOpen", {{"textDocument",
                                   {{"uri", uri(path)},
                                    {"languageId", "python"},
                                    {"version", ++last_version_},
                                    {"text", text}}}});
}

void Editor::edit(const std::string& path, std::size_t begin, std::size_t end,
                  const std::string& text) {
  std::string& document = open_.at(path);
  const Json range = {{"start", position_in(document, begin)}, {"end", position_in(document, end)}};
  document.replace(begin, end - begin, text);
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri(path)}, {"version", ++last_version_}}},
          {"contentChanges", Json::array({{{"range", range}, {"text", text}}})}});
}

void Editor::replace_all(const std::string& path, const std::string& text) {
  open_.at(path) = text;
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri(path)}, {"version", ++last_version_}}},
          {"contentChanges", Json::array({{{"text", text}}})}});
}

void Editor::close(const std::string& path) {
  open_.erase(path);
  notify("textDocument/didClose", {{"textDocument", {{"uri", uri(path)}}}});
}

void Editor::write(const std::string& path, const std::optional<std::string>& text) {
  const int kind = !text ? 3 : (disk_->contains(path) ? 2 : 1);  // deleted, changed, created
  if (text) {
    (*disk_)[path] = *text;
  } else {
    disk_->erase(path);
  }
  notify("workspace/didChangeWatchedFiles",
         {{"changes", Json::array({{{"uri", uri(path)}, {"type", kind}}})}});
}

const std::vector<diagnostics::Diagnostic>& Editor::findings() const {
  return server_->roots().front()->findings();
}

std::string Editor::json() const {
  const driver::server::Root& root = *server_->roots().front();
  const std::vector<reports::RuleInfo> rules = driver::rule_infos();
  reports::Run run;
  run.diagnostics = root.findings();
  run.rules = rules;
  run.text_of = [&](const std::string& path) { return root.text_of(path); };
  return reports::json(run);
}

Json Editor::published(const std::string& path) const {
  const auto found = published_.find(uri(path));
  return found == published_.end() ? Json::array() : found->second;
}

Files Editor::files() const {
  Files all = *disk_;
  for (const auto& [path, text] : open_) all[path] = text;
  return all;
}

}  // namespace querylint::tests
