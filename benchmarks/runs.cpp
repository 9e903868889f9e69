#include "benchmarks/runs.h"

#include <memory>
#include <stdexcept>

#include "analyzer/syntax/tree.h"
#include "driver/pipeline.h"
#include "driver/project_files.h"
#include "driver/rule_infos.h"
#include "driver/source_text.h"
#include "driver/workspace.h"
#include "reports/report.h"

namespace querylint::benchmarks {
namespace {

driver::Selection all_rules() {
  std::string error;
  return driver::select_rules(std::vector<std::string>{"ALL"}, {}, error).value();
}

}  // namespace

std::size_t Sources::bytes() const {
  std::size_t sum = 0;
  for (const auto& [path, text] : files) sum += text.size();
  return sum;
}

Sources read_sources(const std::string& path) {
  const driver::Workspace workspace = driver::find_workspace({path});
  if (!workspace.error.empty()) throw std::runtime_error(workspace.error);
  driver::Folder folder(workspace.root);
  Sources sources;
  sources.config = workspace.config;
  for (const std::string& file : folder.list()) {
    if (!driver::is_python_path(file) || folder.size(file) > driver::largest_file) continue;
    driver::Content content = folder.read(file);
    if (!content.bytes) continue;
    auto text = driver::to_utf8(std::move(*content.bytes));
    if (text) sources.files.emplace(file, std::move(*text));
  }
  if (sources.files.empty()) throw std::runtime_error(path + ": there is no Python file");
  return sources;
}

Sources parsed_sources(const Sources& sources) {
  Sources parsed = sources;
  std::erase_if(parsed.files, [&](const auto& file) {
    return !driver::is_parsed(sources.config, file.first, file.second);
  });
  return parsed;
}

void parse_only(const Sources& sources) {
  syntax::PythonParser parser;
  for (const auto& [path, text] : sources.files) parser.parse_only(text);
}

std::string run(driver::Disk& disk, const driver::Config& config, const std::string& cache_folder) {
  std::unique_ptr<driver::Cache> cache;
  if (!cache_folder.empty()) cache = std::make_unique<driver::Cache>(cache_folder);
  driver::Input input;
  input.disk = &disk;
  input.config = config;
  input.selection = all_rules();
  input.cache = cache.get();
  const driver::Checked checked = driver::check(input);
  const auto infos = driver::rule_infos();
  reports::Run report;
  report.diagnostics = checked.outcome.diagnostics;
  report.rules = infos;
  report.text_of = [&](const std::string& path) { return checked.text_of(path); };
  return reports::json(report);
}

}  // namespace querylint::benchmarks
