#include "tests/support/project.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "analyzer/base/hash.h"
#include "driver/findings.h"
#include "driver/fixing.h"
#include "driver/rule_infos.h"
#include "reports/report.h"

namespace querylint::tests {
namespace {

/// Files are read largest first, so lying about sizes shuffles them.
class ShuffledDisk : public driver::MemoryDisk {
 public:
  using MemoryDisk::MemoryDisk;

  std::uint64_t size(const std::string& path) override { return base::hash64(path) % 1000; }
};

driver::Input input_for(driver::Disk& disk, const driver::Config& config) {
  driver::Input input;
  std::string error;
  input.disk = &disk;
  input.config = config;
  input.selection = *driver::select_rules(std::vector<std::string>{"ALL"}, {}, error);
  return input;
}

}  // namespace

Findings check(const Files& files, const Way& way, const driver::Config& config) {
  driver::MemoryDisk plain(files);
  ShuffledDisk shuffled(files);
  driver::Input input = input_for(plain, config);
  if (way.shuffled) input.disk = &shuffled;
  input.threads = way.threads;
  input.cache = way.cache;
  input.time_rules = way.timed;
  const driver::Checked checked = driver::check(input);
  Findings findings;
  findings.diagnostics = driver::findings_of(checked.outcome, checked);
  findings.notices = checked.notices;
  findings.parsed = checked.parsed;
  const std::vector<reports::RuleInfo> rules = driver::rule_infos();
  reports::Run run;
  run.diagnostics = findings.diagnostics;
  run.rules = rules;
  run.text_of = [&](const std::string& path) { return checked.text_of(path); };
  findings.json = reports::json(run);
  findings.sarif = reports::sarif(run);
  return findings;
}

Fixes fix(const Files& files) {
  driver::MemoryDisk disk(files);
  const driver::Fixed fixed = driver::fix(
      input_for(disk, {}), [](const diagnostics::Diagnostic& diagnostic, std::string_view) {
        return driver::chosen_fix(diagnostic, true);
      });
  Fixes result{files, fixed.count, fixed.notices};
  for (const driver::Change& change : fixed.changes) result.files[change.path] = change.after;
  return result;
}

std::string as_lines(const Files& files, const Findings& findings) {
  std::string out;
  for (const diagnostics::Diagnostic& diagnostic : findings.diagnostics) {
    const diagnostics::Place& place = diagnostic.place;
    out += place.path + ":" + std::to_string(line_at(files.at(place.path), place.range.begin)) +
           ": [" + std::string(diagnostic.rule) + "] " + diagnostic.message + "\n";
  }
  return out;
}

std::string dump(driver::Stage stage, const Files& files, const driver::Wanted& wants) {
  driver::MemoryDisk disk(files);
  const driver::Input input = input_for(disk, {});
  return driver::dump_stage(stage, driver::load(input), input, wants);
}

std::size_t line_at(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte);
  return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::string read_repository_file(const std::string& path) {
  std::ifstream file(std::string(QUERYLINT_SOURCE_DIR) + "/" + path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace querylint::tests
