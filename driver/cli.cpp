#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "driver/options.h"
#include "driver/stages.h"
#include "driver/version.h"
#include "reports/report.h"

namespace querylint::driver {
namespace {

/// `full, concise or json`.
std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const reports::Format& format : reports::formats()) names.emplace_back(format.name);
  return names;
}

void add_fixes(CLI::App& check, CheckOptions& options) {
  check.add_flag("--fix", options.fix,
                 "Apply the fixes that surely change no result and cost nothing");
  check.add_flag("--unsafe-fixes", options.unsafe_fixes,
                 "Apply the others too, which are to be reviewed");
  check.add_flag("--diff-fixes", options.diff_fixes,
                 "Print what the fixes would change, and change nothing");
  check
      .add_flag("--add-ignore", options.add_ignore,
                "Silence each finding with a comment on its line")
      ->excludes("--fix")
      ->excludes("--unsafe-fixes");
  check.add_flag("--exit-non-zero-on-fix", options.exit_non_zero_on_fix,
                 "Exit with 1 when something was fixed, even if nothing is left");
  for (const char* option : {"--fix", "--unsafe-fixes", "--diff-fixes", "--add-ignore"})
    check.get_option(option)->excludes("--diff")->excludes("--write-baseline");
}

void add_run(CLI::App& command, RunOptions& options) {
  command
      .add_option("--threads", options.threads, "How many threads work; as many as there are cores")
      ->check(CLI::Range(1, 256));
  command.add_option("--cache-dir", options.cache_folder, "Where what was read is remembered");
  command.add_flag("--no-cache", options.no_cache, "Remember nothing");
}

void add_check(CLI::App& app, CheckOptions& options) {
  CLI::App* check = app.add_subcommand("check", "Find slow database access below the given paths");
  check->add_option(
      "paths", options.paths,
      "Files and folders; what is in them or explained by them is reported, and the project "
      "around them is always analysed");
  check->add_option("--output-format", options.format, list_of(format_names()))
      ->check(CLI::IsMember(format_names(), CLI::ignore_case).description(""));
  check->add_option("-o,--output-file", options.output_file, "Write the report there");
  CLI::Option* diff =
      check->add_option("--diff", options.diff,
                        "Only what is new since this git revision; REF... means since HEAD left "
                        "REF");
  CLI::Option* baseline =
      check->add_option("--baseline", options.baseline, "Not what this file knows");
  check->add_flag("--no-baseline", options.no_baseline, "Also what the configured baseline knows")
      ->excludes(baseline);
  check
      ->add_option("--write-baseline", options.write_baseline,
                   "Make this file know all problems of the project; report none")
      ->excludes(baseline)
      ->excludes(diff);
  check->add_option("--select", options.select, "Only these rules or families; ALL for every rule")
      ->delimiter(',')
      ->allow_extra_args(false);
  check->add_option("--ignore", options.ignore, "Not these rules or families")
      ->delimiter(',')
      ->allow_extra_args(false);
  check->add_flag("--include-tests", options.include_tests,
                  "Report tests, factories and old migrations too");
  check->add_flag("--force-exclude", options.force_exclude,
                  "Leave out what is excluded or ignored even when it is given by name");
  add_fixes(*check, options);
  check->add_flag("--exit-zero", options.exit_zero, "Exit with 0 even when there are findings");
  check->add_flag("--statistics", options.statistics, "Only count the findings of each rule");
  check->add_flag("--timings", options.timings, "Print how long each stage took");
  add_run(*check, options.run);
}

void add_server(CLI::App& app, ServerOptions& options) {
  CLI::App* server =
      app.add_subcommand("server", "Serve an editor over standard input and output (LSP 3.17)");
  server->add_flag("--stdio", options.uses_standard_streams, "Taken for granted; editors pass it");
  add_run(*server, options.run);
}

}  // namespace

int run(int count, char** arguments) {
  CLI::App app("querylint finds slow database access in Django code before it reaches production.");
  app.set_version_flag("--version", "querylint " + std::string(version));
  app.require_subcommand(1);
  CheckOptions check_options;
  add_check(app, check_options);
  ServerOptions server_options;
  add_server(app, server_options);
  std::string rule;
  CLI::App* explain = app.add_subcommand("explain", "Print the page of a rule");
  explain->add_option("rule", rule)->required();
  bool as_json = false;
  CLI::App* list = app.add_subcommand("rules", "List the rules");
  list->add_flag("--json", as_json, "As JSON");
  CLI::App* schema = app.add_subcommand("schema", "Print the JSON schema of the configuration");
  std::string stage;
  std::string path = ".";
  CLI::App* dump =
      app.add_subcommand("dump", "Print what a stage makes of a path: " + stage_list());
  dump->add_option("stage", stage)->required();
  dump->add_option("path", path);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_clean : exit_failure;
  }
  if (app.got_subcommand("server")) return run_server(server_options);
  if (explain->parsed()) return run_explain(rule);
  if (list->parsed()) return run_rules(as_json);
  if (schema->parsed()) return run_schema();
  if (dump->parsed()) return run_dump(stage, path);
  return run_check(check_options);
}

}  // namespace querylint::driver
