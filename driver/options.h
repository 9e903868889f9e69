// What the user typed.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace querylint::driver {

/// How a run goes, whatever it reports.
struct RunOptions {
  std::string cache_folder;
  bool no_cache = false;
  std::size_t threads = 0;  ///< 0: as many as the machine has
};

struct CheckOptions {
  RunOptions run;
  std::vector<std::string> paths;
  std::string format = "full";  ///< a name of `reports::formats`
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore;
  std::string output_file;
  std::optional<std::string> diff;  ///< a revision: only what it does not have is reported
  std::string baseline;             ///< a file; empty: the configuration's
  std::string write_baseline;       ///< a file; empty: nothing is written
  bool no_baseline = false;
  bool exit_zero = false;
  bool statistics = false;
  bool timings = false;
  bool include_tests = false;
  bool force_exclude = false;
  bool fix = false;
  bool unsafe_fixes = false;
  bool diff_fixes = false;
  bool add_ignore = false;
  bool exit_non_zero_on_fix = false;
};

struct ServerOptions {
  RunOptions run;
  bool uses_standard_streams = true;  ///< there is no other way
};

/// How many threads work.
std::size_t threads_of(const RunOptions& options);
/// Where is kept what was computed; empty: nothing is.
std::string cache_folder_of(const RunOptions& options);

/// Exit codes.
constexpr int exit_clean = 0;
constexpr int exit_findings = 1;
constexpr int exit_failure = 2;  ///< querylint could not do its work

int run_check(const CheckOptions& options);
int run_server(const ServerOptions& options);
int run_explain(const std::string& rule);
int run_rules(bool as_json);
int run_schema();
int run_dump(const std::string& stage, const std::string& path);

/// Parses the command line and runs what it asks for; returns the exit code.
int run(int count, char** arguments);

}  // namespace querylint::driver
