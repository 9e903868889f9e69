#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "driver/options.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/progress.h"
#include "driver/project_files.h"
#include "driver/rule_infos.h"
#include "driver/version.h"
#include "driver/workspace.h"
#include "reports/report.h"

namespace querylint::driver {
namespace {

int fail(const std::string& message) {
  fmt::print(stderr, "querylint: {}\n", message);
  return exit_failure;
}

bool wants_colour(const CheckOptions& options) {
  const char* none = std::getenv("NO_COLOR");
  return options.output_file.empty() && isatty(STDOUT_FILENO) != 0 &&
         (none == nullptr || *none == '\0');
}

std::string render(const reports::Run& run, Format format) {
  switch (format) {
    case Format::full:
      return reports::full(run);
    case Format::concise:
      return reports::concise(run);
    case Format::json:
      return reports::json(run);
    case Format::sarif:
      return reports::sarif(run);
  }
  return {};
}

/// Paths of findings as seen from the working folder, and back for their texts.
class ShownPaths {
 public:
  ShownPaths(const Workspace& workspace, const Reading& reading)
      : workspace_(workspace), reading_(reading) {}

  void show(diagnostics::Diagnostic& diagnostic) {
    show(diagnostic.place.path);
    for (auto& related : diagnostic.related) show(related.place.path);
    for (auto& step : diagnostic.flow) show(step.place.path);
    for (auto& fix : diagnostic.fixes) {
      for (auto& edit : fix.edits) show(edit.place.path);
    }
  }

  std::string_view original_text(const std::string& path) const { return reading_.text_of(path); }
  std::string_view text_of(const std::string& shown) const {
    const auto found = originals_.find(shown);
    return found == originals_.end() ? std::string_view() : reading_.text_of(found->second);
  }

 private:
  void show(std::string& path) {
    std::string shown = workspace_.shown(path);
    originals_.emplace(shown, path);
    path = std::move(shown);
  }

  const Workspace& workspace_;
  const Reading& reading_;
  std::map<std::string, std::string> originals_;
};

std::string statistics(const std::vector<diagnostics::Diagnostic>& diagnostics) {
  std::map<std::string_view, std::size_t> counts;
  for (const diagnostics::Diagnostic& diagnostic : diagnostics) ++counts[diagnostic.rule];
  std::vector<std::pair<std::string_view, std::size_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater<>(),
                           &std::pair<std::string_view, std::size_t>::second);
  std::string out;
  for (const auto& [rule, count] : sorted) out += fmt::format("{:6} {}\n", count, rule);
  return out;
}

void print_timings(const Checked& checked) {
  for (const auto* timings : {&checked.timings, &checked.outcome.timings}) {
    for (const Timing& timing : *timings) {
      fmt::print(stderr, "{:9.1f} ms  {}\n", 1000 * timing.seconds.count(), timing.name);
    }
  }
  fmt::print(stderr,
             "{} files, {} parsed, {} functions followed, {} of them cut short by their budget\n",
             checked.texts.size(), checked.parsed, checked.outcome.followed, checked.outcome.cut);
}

void add_unused_suppressions(const Workspace& workspace, const Outcome& outcome, ShownPaths& paths,
                             std::vector<diagnostics::Diagnostic>& shown) {
  std::vector<diagnostics::Diagnostic> unused;
  for (const diagnostics::Suppression& suppression : outcome.unused_suppressions) {
    if (!workspace.wants(suppression.place.path)) continue;
    diagnostics::Diagnostic diagnostic;
    diagnostic.rule = unused_suppression.name;
    diagnostic.family = unused_suppression.family;
    diagnostic.message = "This comment silences nothing: there is no such finding here. Remove it.";
    diagnostic.place = suppression.place;
    unused.push_back(std::move(diagnostic));
  }
  diagnostics::add_fingerprints(unused,
                                [&](const std::string& path) { return paths.original_text(path); });
  for (diagnostics::Diagnostic& diagnostic : unused) {
    paths.show(diagnostic);
    shown.push_back(std::move(diagnostic));
  }
}

/// Says what was given and is no part of the analysis.
void print_left_out(const Workspace& workspace) {
  for (const std::string& path : workspace.missing) fmt::print(stderr, "querylint: {}\n", path);
  std::vector<std::string> others;
  for (const std::string& path : workspace.files) {
    if (!is_python_path(path)) others.push_back(workspace.shown(path));
  }
  if (others.empty()) return;
  constexpr std::size_t most_named = 5;
  const std::size_t named = std::min(others.size(), most_named);
  const std::string more =
      others.size() > named ? fmt::format(" and {} more", others.size() - named) : "";
  others.resize(named);
  fmt::print(stderr, "querylint: not analysed, as their names do not end in .py: {}{}\n",
             fmt::join(others, ", "), more);
}

}  // namespace

int run_check(const CheckOptions& options) {
  Workspace workspace =
      find_workspace(options.paths.empty() ? std::vector<std::string>{"."} : options.paths);
  if (!workspace.error.empty()) return fail(workspace.error);
  Input input;
  input.config = workspace.config;
  input.config.include_tests = input.config.include_tests || options.include_tests;
  if (!options.force_exclude) input.named = workspace.files;
  std::vector<std::string> ignore = workspace.config.ignore;
  ignore.insert(ignore.end(), options.ignore.begin(), options.ignore.end());
  std::string error;
  auto selection =
      select_rules(options.select ? options.select : workspace.config.select, ignore, error);
  if (!selection) return fail(error);
  input.selection = std::move(*selection);
  input.threads = options.threads == 0 ? default_threads() : options.threads;
  input.time_rules = options.timings;

  Folder folder(workspace.root);
  input.disk = &folder;
  std::unique_ptr<Cache> cache;
  const std::string cache_folder =
      options.cache_folder.empty() ? Cache::default_folder() : options.cache_folder;
  if (!options.no_cache && !cache_folder.empty()) cache = std::make_unique<Cache>(cache_folder);
  input.cache = cache.get();

  auto progress = std::make_unique<Progress>();
  input.progress = [&](std::string_view stage, std::size_t done, std::size_t of) {
    progress->report(stage, done, of);
  };
  const Checked checked = check(input);
  progress.reset();
  print_left_out(workspace);

  ShownPaths paths(workspace, checked);
  std::vector<diagnostics::Diagnostic> shown;
  for (const diagnostics::Diagnostic& diagnostic : checked.outcome.diagnostics) {
    if (!workspace.wants(diagnostic)) continue;
    shown.push_back(diagnostic);
    paths.show(shown.back());
  }
  add_unused_suppressions(workspace, checked.outcome, paths, shown);

  reports::Run run;
  const std::vector<reports::RuleInfo> infos = rule_infos();
  run.diagnostics = shown;
  run.rules = infos;
  run.text_of = [&](const std::string& path) { return paths.text_of(path); };
  run.version = version;
  run.use_colour = wants_colour(options);
  run.was_successful = checked.was_complete;
  run.notices = checked.notices;
  const bool report_has_notices = options.format == Format::full && !options.statistics;
  if (!report_has_notices) {
    for (const std::string& notice : checked.notices) fmt::print(stderr, "querylint: {}\n", notice);
  }
  if (cache != nullptr && !cache->trouble().empty()) {
    fmt::print(stderr, "querylint: {}\n", cache->trouble());
  }
  const std::string report = options.statistics ? statistics(shown) : render(run, options.format);
  if (options.output_file.empty()) {
    const bool written = std::fwrite(report.data(), 1, report.size(), stdout) == report.size() &&
                         std::fflush(stdout) == 0;
    if (!written) return fail("the report cannot be written to standard output");
  } else if (const auto trouble = write_file(options.output_file, report)) {
    return fail(options.output_file + ": " + *trouble);
  }
  if (options.timings) print_timings(checked);
  if (checked.texts.empty() && !checked.notices.empty()) return exit_failure;
  if (!workspace.missing.empty()) return exit_failure;
  return shown.empty() || options.exit_zero ? exit_clean : exit_findings;
}

}  // namespace querylint::driver
