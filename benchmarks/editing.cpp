#include "benchmarks/editing.h"

#include <algorithm>
#include <ctime>
#include <stdexcept>

#include "driver/load.h"
#include "driver/project_files.h"

namespace querylint::benchmarks {
namespace {

using driver::server::Json;
using driver::server::Server;

const std::string folder = "/project";

std::string uri_of(const std::string& path) { return "file://" + folder + "/" + path; }

/// What this process has used of the processor; other work of the machine does not count.
double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

driver::server::RootOptions options_for(const Sources& sources) {
  driver::server::RootOptions options;
  options.find_workspace = [config = sources.config](const std::string& root) {
    driver::Workspace workspace;
    workspace.root = root;
    workspace.config = config;
    workspace.config.select = {{"ALL"}};
    return workspace;
  };
  options.open_disk = [&sources](const std::string&) {
    return std::make_unique<driver::MemoryDisk>(sources.files);
  };
  return options;
}

/// Whether a block is the body of a function: the node around it stands before it, the nearest one
/// that has not ended.
bool is_of_function(const syntax::Tree& tree, syntax::NodeIndex block) {
  syntax::NodeIndex around = block - 1;
  while (tree[around].subtree_end <= block) --around;
  return tree[around].kind == syntax::Kind::function_definition_;
}

/// The lines of the block's statements, where they share them with nothing else.
std::vector<base::ByteRange> statements_of(const syntax::Tree& tree, syntax::NodeIndex block,
                                           const std::string& text) {
  std::vector<base::ByteRange> found;
  for (syntax::NodeIndex node = block + 1; node < tree[block].subtree_end;
       node = tree.next_sibling(node)) {
    const base::ByteRange range = tree[node].range;
    const std::size_t line = text.rfind('\n', range.begin) + 1;
    const std::size_t code = text.find_first_not_of(" \t", line);
    const std::size_t rest = text.find_first_not_of(" \t", range.end);
    if (code != range.begin || rest == std::string::npos || text[rest] != '\n') continue;
    found.push_back({static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(rest + 1)});
  }
  return found;
}

}  // namespace

Editing::Editing(const Sources& sources)
    : sources_(sources),
      server_(std::make_unique<Server>(options_for(sources), [this](const std::string& body) {
        Json message = Json::parse(body);
        if (message.contains("result")) answer_ = std::move(message["result"]);
      })) {
  find_functions(sources);
  server_->receive(driver::server::request_message(
      1, "initialize",
      {{"workspaceFolders", Json::array({{{"uri", "file://" + folder}}})},
       {"capabilities",
        {{"workspace",
          {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}},
           {"diagnostics", {{"refreshSupport", true}}}}},
         {"textDocument", {{"diagnostic", Json::object()}}}}}}));
  notify("initialized", Json::object());
  work();
}

void Editing::find_functions(const Sources& sources) {
  for (const auto& [path, text] : sources.files) {
    if (driver::is_test_path(path) || !driver::is_parsed(sources.config, path, text)) continue;
    const syntax::Tree tree = parser_.parse(text);
    if (tree.has_errors) continue;
    for (syntax::NodeIndex node = 0; node < tree.nodes.size(); ++node) {
      const bool is_body = tree[node].kind == syntax::Kind::block_ && node > 0 &&
                           tree[node].field == syntax::Field::body_ && is_of_function(tree, node);
      if (!is_body) continue;
      Function function{path, statements_of(tree, node, text)};
      if (!function.statements.empty()) functions_.push_back(std::move(function));
    }
  }
  if (functions_.empty()) throw std::runtime_error("there is no function to edit");
}

std::size_t Editing::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
}

/// The statement with the last part of one of its names changed, as by typing.
std::string Editing::changed(std::string_view statement) {
  const syntax::Tree tree = parser_.parse(statement);
  std::vector<std::uint32_t> ends;
  for (const syntax::Node& node : tree.nodes) {
    if (node.kind == syntax::Kind::identifier_) ends.push_back(node.range.end);
  }
  std::string text(statement);
  if (!ends.empty()) text.insert(ends[below(ends.size())], "s");
  return text;
}

/// Nothing when the result would be no Python, or the same.
std::optional<Editing::Edit> Editing::draw() {
  const Function& function = functions_[below(functions_.size())];
  const std::string& text = sources_.files.at(function.path);
  const auto code_at = [&](std::size_t i) {
    const base::ByteRange range = function.statements[i];
    return text.substr(range.begin, range.end - range.begin);
  };
  const std::size_t at = below(function.statements.size());
  const base::ByteRange range = function.statements[at];
  Edit edit{function.path, 0, {}, {}};
  edit.line = static_cast<std::size_t>(std::count(text.begin(), text.begin() + range.begin, '\n'));
  switch (below(3)) {
    case 0:
      edit.after = code_at(below(function.statements.size()));
      break;
    case 1:
      edit.before = code_at(at);
      if (function.statements.size() == 1) {
        edit.after = edit.before.substr(0, edit.before.find_first_not_of(" \t")) + "pass\n";
      }
      break;
    default:
      edit.before = code_at(at);
      edit.after = changed(edit.before);
      break;
  }
  std::string result = text;
  result.replace(range.begin, edit.before.size(), edit.after);
  if (result == text || parser_.parse(result).has_errors) return std::nullopt;
  return edit;
}

void Editing::notify(std::string_view method, const Json& params) {
  server_->receive(driver::server::notification_message(method, params));
}

void Editing::work() {
  while (server_->step()) {
  }
}

/// Has the server work until it answers.
Json Editing::diagnostics_of(const std::string& uri) {
  answer_ = nullptr;
  server_->receive(driver::server::request_message(++version_, "textDocument/diagnostic",
                                                   {{"textDocument", {{"uri", uri}}}}));
  while (answer_.is_null() && server_->step()) {
  }
  return answer_.at("items");
}

void Editing::replace(const std::string& uri, std::size_t line, const std::string& from,
                      const std::string& to) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(from, '\n'));
  const Json begin = {{"line", line}, {"character", 0}};
  const Json end = {{"line", line + lines}, {"character", 0}};
  const double before = processor_seconds();
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri}, {"version", ++version_}}},
          {"contentChanges",
           Json::array({{{"range", {{"start", begin}, {"end", end}}}, {"text", to}}})}});
  const Json first = diagnostics_of(uri);
  const double known = processor_seconds() - before;
  work();
  const double settled = processor_seconds() - before;
  of_file_.push_back(diagnostics_of(uri) == first ? known : settled);
  of_project_.push_back(settled);
}

void Editing::edit() {
  if (made_) {
    const std::string uri = uri_of(made_->path);
    replace(uri, made_->line, made_->after, made_->before);
    notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}});
    work();
    made_.reset();
    return;
  }
  while (!made_) made_ = draw();
  const std::string uri = uri_of(made_->path);
  notify("textDocument/didOpen",
         {{"textDocument",
           {{"uri", uri}, {"version", ++version_}, {"text", sources_.files.at(made_->path)}}}});
  work();
  replace(uri, made_->line, made_->before, made_->after);
}

double percentile(std::vector<double> seconds, double share) {
  std::ranges::sort(seconds);
  const auto at = static_cast<std::size_t>(share * static_cast<double>(seconds.size()));
  return seconds[std::min(seconds.size() - 1, at)];
}

}  // namespace querylint::benchmarks
