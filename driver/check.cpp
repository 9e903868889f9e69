#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "driver/baseline_file.h"
#include "driver/compare.h"
#include "driver/findings.h"
#include "driver/fix_options.h"
#include "driver/options.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/progress.h"
#include "driver/project_files.h"
#include "driver/revision.h"
#include "driver/rule_infos.h"
#include "driver/shown_paths.h"
#include "driver/version.h"
#include "reports/report.h"
#include "reports/style.h"

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

/// The command line has seen to it that there is one.
const reports::Format& format_named(const std::string& name) {
  return *std::ranges::find(reports::formats(), name, &reports::Format::name);
}

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

/// The rules and settings of a run, of the configuration and the command line. Nothing and `error`
/// when they name a rule that is none.
std::optional<Input> input_of(const CheckOptions& options, const Config& configured,
                              std::string& error) {
  Input input;
  Config& config = input.config;
  config = configured;
  config.include_tests = config.include_tests || options.include_tests;
  if (options.select) config.select = options.select;
  config.ignore.insert(config.ignore.end(), options.ignore.begin(), options.ignore.end());
  auto selection = select_rules(config.select, config.ignore, error);
  if (!selection) return std::nullopt;
  input.selection = std::move(*selection);
  input.threads = threads_of(options.run);
  input.time_rules = options.timings;
  return input;
}

std::unique_ptr<Cache> open_cache(const RunOptions& options) {
  const std::string folder = cache_folder_of(options);
  return folder.empty() ? nullptr : std::make_unique<Cache>(folder);
}

Fixed check_with_progress(const CheckOptions& options, const Workspace& workspace, Input input) {
  Progress progress;
  input.progress = [&](std::string_view stage, std::size_t done, std::size_t of) {
    progress.report(stage, done, of);
  };
  return check_and_fix(options, workspace, input);
}

/// The same run on a revision, or `error`.
std::optional<Checked> check_revision(const std::string& name, const std::string& root, Input input,
                                      std::string& error) {
  Revision revision = read_revision(root, name, is_python_path);
  error = revision.error;
  if (!error.empty()) return std::nullopt;
  MemoryDisk disk(std::move(revision.files));
  input.disk = &disk;
  input.name = "revision";
  return check(input);
}

/// What is to be reported, and what the user should know of it.
struct Selected {
  std::vector<diagnostics::Diagnostic> findings;
  std::vector<std::string> notices;
};

/// Leaves what the revision does not have, and says of how much that is not all.
void keep_new(Selected& selected, const Checked& now, const Checked& before,
              const std::string& revision) {
  const std::size_t all = selected.findings.size();
  selected.findings =
      new_findings({std::move(selected.findings), &now}, {findings_of(before), &before});
  const std::size_t old = all - selected.findings.size();
  if (old > 0) {
    selected.notices.push_back(fmt::format("{} that {} has too: not reported",
                                           reports::counted(old, "problem"), revision));
  }
  for (const std::string& notice : before.notices) {
    const bool is_known = std::ranges::find(now.notices, notice) != now.notices.end();
    if (!is_known) selected.notices.push_back(fmt::format("in {}: {}", revision, notice));
  }
}

/// The file of the baseline as seen from the working folder; empty: there is none.
std::string baseline_file(const CheckOptions& options, const Workspace& workspace) {
  if (options.no_baseline) return {};
  if (!options.baseline.empty()) return options.baseline;
  if (workspace.config.baseline.empty()) return {};
  std::error_code error;
  return (std::filesystem::path(workspace.root) / workspace.config.baseline)
      .lexically_relative(std::filesystem::canonical(".", error))
      .generic_string();
}

/// Of all that was found, what is wanted, unknown to the baseline and new. Nothing and `error` when
/// the baseline is of no use.
std::optional<Selected> select_findings(const CheckOptions& options, const Workspace& workspace,
                                        const Config& config, const Checked& checked,
                                        const std::optional<Checked>& before, std::string& error) {
  Selected selected{findings_of(checked), checked.notices};
  std::erase_if(selected.findings, [&](const diagnostics::Diagnostic& diagnostic) {
    return !workspace.wants(diagnostic);
  });
  const std::string file = baseline_file(options, workspace);
  if (!file.empty()) {
    const bool is_whole = workspace.wanted.empty() && !options.select && options.ignore.empty();
    const auto trouble =
        hide_known(file, checked, config, is_whole, selected.findings, selected.notices);
    if (trouble) {
      error = *trouble;
      return std::nullopt;
    }
  }
  if (before) keep_new(selected, checked, *before, *options.diff);
  return selected;
}

/// What is there to say beside the report.
void print_notices(const reports::Run& run, const Cache* cache, bool are_reported) {
  if (!are_reported) {
    for (const std::string& notice : run.notices) fmt::print(stderr, "querylint: {}\n", notice);
    if (run.fixed > 0)
      fmt::print(stderr, "querylint: fixed {}, {} left\n", reports::counted(run.fixed, "problem"),
                 run.diagnostics.size());
  }
  if (cache != nullptr && !cache->trouble().empty()) {
    fmt::print(stderr, "querylint: {}\n", cache->trouble());
  }
}

/// Says what was given and is no part of the analysis.
void print_left_out(const Workspace& workspace, const ShownPaths& paths) {
  for (const std::string& path : workspace.missing) fmt::print(stderr, "querylint: {}\n", path);
  std::vector<std::string> others;
  for (const std::string& path : workspace.files) {
    if (!is_python_path(path)) others.push_back(paths.shown(path));
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

/// Returns what went wrong, or nothing.
std::optional<std::string> write_report(const std::string& file, const std::string& report) {
  if (!file.empty()) {
    const auto trouble = write_file(file, report);
    return trouble ? std::optional(file + ": " + *trouble) : std::nullopt;
  }
  const bool is_written = std::fwrite(report.data(), 1, report.size(), stdout) == report.size() &&
                          std::fflush(stdout) == 0;
  if (is_written) return std::nullopt;
  return "the report cannot be written to standard output";
}

/// To the file that a step of GitHub Actions shows when it is over. Other tools write there too.
void add_summary(const reports::Format& format, const reports::Run& run) {
  const char* file = std::getenv("GITHUB_STEP_SUMMARY");
  if (format.summary == nullptr || file == nullptr || *file == '\0') return;
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out << format.summary(run);
  if (!out.flush()) fmt::print(stderr, "querylint: {}: cannot be written\n", file);
}

/// Writes the report of a run; what is left to say goes to standard error. Returns the exit code.
int report(const CheckOptions& options, const Workspace& workspace, const Fixed& fixed,
           Selected selected, const Cache* cache) {
  const Checked& checked = fixed.checked;
  const reports::Format& format = format_named(options.format);
  ShownPaths paths(base_of(format, workspace.root), workspace, checked);
  for (diagnostics::Diagnostic& diagnostic : selected.findings) paths.show(diagnostic);
  print_left_out(workspace, paths);
  const std::vector<reports::RuleInfo> infos = rule_infos();
  const reports::Run run = {
      .diagnostics = selected.findings,
      .rules = infos,
      .text_of = [&](const std::string& path) { return paths.text_of(path); },
      .version = version,
      .use_colour = wants_colour(options),
      .was_successful = checked.was_complete,
      .notices = selected.notices,
      .fixed = fixed.count,
  };
  print_notices(run, cache, format.has_notices && !options.statistics);
  const std::string text = options.statistics ? statistics(selected.findings) : format.render(run);
  if (const auto trouble = write_report(options.output_file, text)) return fail(*trouble);
  if (!options.statistics) add_summary(format, run);
  if (options.timings) print_timings(checked);
  if (checked.texts.empty() && !checked.notices.empty()) return exit_failure;
  if (!workspace.missing.empty()) return exit_failure;
  const bool is_clean =
      selected.findings.empty() && (fixed.count == 0 || !options.exit_non_zero_on_fix);
  return is_clean || options.exit_zero ? exit_clean : exit_findings;
}

/// `--diff-fixes`: prints what would change, and says how much that is. Returns the exit code.
int write_diff(const CheckOptions& options, const Workspace& workspace, const Fixed& fixed) {
  const ShownPaths paths(base_of(format_named(options.format), workspace.root), workspace,
                         fixed.checked);
  const auto trouble = write_report(options.output_file, diff_of(fixed, paths));
  if (trouble) return fail(*trouble);
  fmt::print(stderr, "querylint: would fix {}\n", reports::counted(fixed.count, "problem"));
  return fixed.changes.empty() || options.exit_zero ? exit_clean : exit_findings;
}

/// Makes all findings of the project its baseline. Returns the exit code.
int begin_baseline(const std::string& file, const Checked& checked, const Config& config) {
  for (const std::string& notice : checked.notices) fmt::print(stderr, "querylint: {}\n", notice);
  const std::vector<diagnostics::Diagnostic> all = findings_of(checked);
  if (const auto trouble = write_baseline(file, all, checked, config)) return fail(*trouble);
  fmt::print("Wrote {} to {}.\n", reports::counted(all.size(), "problem"), file);
  return exit_clean;
}

}  // namespace

int run_check(const CheckOptions& options) {
  const Workspace workspace =
      find_workspace(options.paths.empty() ? std::vector<std::string>{"."} : options.paths);
  if (!workspace.error.empty()) return fail(workspace.error);
  std::string error;
  std::optional<Input> input = input_of(options, workspace.config, error);
  if (!input) return fail(error);
  if (!options.force_exclude) input->named = workspace.files;
  Folder folder(workspace.root);
  input->disk = &folder;
  const std::unique_ptr<Cache> cache = open_cache(options.run);
  input->cache = cache.get();
  std::optional<Checked> before;
  if (options.diff) {
    before = check_revision(*options.diff, workspace.root, *input, error);
    if (!before) return fail(error);
  }
  Fixed fixed = check_with_progress(options, workspace, *input);
  if (!options.diff_fixes) keep_changes(workspace.root, *input, fixed);
  for (const std::string& notice : fixed.notices) fmt::print(stderr, "querylint: {}\n", notice);
  if (options.diff_fixes) return write_diff(options, workspace, fixed);
  if (!options.write_baseline.empty()) {
    return begin_baseline(options.write_baseline, fixed.checked, input->config);
  }
  auto selected = select_findings(options, workspace, input->config, fixed.checked, before, error);
  if (!selected) return fail(error);
  return report(options, workspace, fixed, std::move(*selected), cache.get());
}

}  // namespace querylint::driver
