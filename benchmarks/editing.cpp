#include "benchmarks/editing.h"

#include <algorithm>
#include <ctime>
#include <random>
#include <stdexcept>

#include "analyzer/lower/python.h"
#include "analyzer/syntax/tree.h"
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

}  // namespace

Editing::Editing(const Sources& sources)
    : sources_(sources),
      server_(std::make_unique<Server>(options_for(sources), [](const std::string&) {})) {
  find_places(sources);
  server_->receive(driver::server::request_message(
      1, "initialize",
      {{"workspaceFolders", Json::array({{{"uri", "file://" + folder}}})},
       {"capabilities",
        {{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}}}}));
  notify("initialized", Json::object());
  work();
}

/// All functions with a body of files that are judged, in an order that is always the same.
void Editing::find_places(const Sources& sources) {
  syntax::PythonParser parser;
  for (const auto& [path, text] : sources.files) {
    if (driver::is_test_path(path)) continue;
    const ir::Module module = lower::lower_python(parser.parse(text), text);
    for (const ir::Function& function : module.functions) {
      if (function.kind != ir::FunctionKind::function || function.instruction_count == 0) continue;
      const std::size_t at = module.body(function).front().range.begin;
      const std::size_t line = text.rfind('\n', at) + 1;
      const std::size_t code = text.find_first_not_of(' ', line);
      const bool is_statement = line > function.range.begin && code == at;
      if (!is_statement) continue;
      const auto number =
          std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line), '\n');
      places_.push_back({path, static_cast<std::size_t>(number), std::string(code - line, ' ')});
    }
  }
  if (places_.empty()) throw std::runtime_error("there is no function to edit");
  std::shuffle(places_.begin(), places_.end(), std::mt19937(1));
}

void Editing::notify(std::string_view method, const Json& params) {
  server_->receive(driver::server::notification_message(method, params));
}

void Editing::work() {
  while (server_->step()) {
  }
}

void Editing::edit() {
  const Place& place = places_[next_ % places_.size()];
  const std::string uri = uri_of(place.path);
  if (!is_edited_) {
    notify("textDocument/didOpen",
           {{"textDocument",
             {{"uri", uri}, {"version", ++version_}, {"text", sources_.files.at(place.path)}}}});
    work();
  }
  const Json begin = {{"line", place.line}, {"character", 0}};
  const Json end = {{"line", place.line + (is_edited_ ? 1 : 0)}, {"character", 0}};
  const double before = processor_seconds();
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", uri}, {"version", ++version_}}},
          {"contentChanges",
           Json::array({{{"range", {{"start", begin}, {"end", end}}},
                         {"text", is_edited_ ? "" : place.indent + "edited = None\n"}}})}});
  work();
  seconds_.push_back(processor_seconds() - before);
  if (is_edited_) {
    notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}});
    work();
    ++next_;
  }
  is_edited_ = !is_edited_;
}

double Editing::percentile(double share) const {
  std::vector<double> sorted = seconds_;
  std::ranges::sort(sorted);
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

}  // namespace querylint::benchmarks
