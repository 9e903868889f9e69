// Measures querylint on a project and prints the ratios that it promises to keep.
// Usage: benchmarks PATH [GOOGLE BENCHMARK OPTION...]
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>

#include "benchmarks/editing.h"
#include "benchmarks/peak_memory.h"
#include "benchmarks/runs.h"

namespace querylint::benchmarks {
namespace {

constexpr int edits_of_a_round = 200;

/// A cache folder that is gone afterwards.
class CacheFolder {
 public:
  CacheFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "querylint-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + " cannot be made");
    path_ = name;
  }
  ~CacheFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A project in memory with the cache that its runs have filled.
class Warm {
 public:
  explicit Warm(const Sources& sources) : sources_(sources), disk_(sources.files) { run(); }

  void run() { benchmark::DoNotOptimize(benchmarks::run(disk_, sources_.config, cache_.path())); }

  /// Gives the file in the middle of the list a text that no run has seen.
  void change_one_file() {
    auto files = sources_.files;
    const auto middle = std::next(files.begin(), static_cast<std::ptrdiff_t>(files.size() / 2));
    middle->second += fmt::format("\n# version {}\n", ++version_);
    disk_ = driver::MemoryDisk(std::move(files));
  }

 private:
  const Sources& sources_;
  CacheFolder cache_;
  driver::MemoryDisk disk_;
  int version_ = 0;
};

void measure_parse(benchmark::State& state, const Sources& sources) {
  for ([[maybe_unused]] auto round : state) parse_only(sources);
}

void measure_cold(benchmark::State& state, const Sources& sources) {
  driver::MemoryDisk disk(sources.files);
  for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(run(disk, sources.config));
}

void measure_warm(benchmark::State& state, Warm& warm) {
  for ([[maybe_unused]] auto round : state) warm.run();
}

void measure_one_change(benchmark::State& state, Warm& warm) {
  for ([[maybe_unused]] auto round : state) {
    state.PauseTiming();
    warm.change_one_file();
    state.ResumeTiming();
    warm.run();
  }
}

void measure_edit(benchmark::State& state, Editing& editing) {
  for ([[maybe_unused]] auto round : state) editing.edit();
}

/// Keeps each benchmark's median of the processor time, which other work of the machine disturbs
/// least; where it runs once, that run's.
class Medians : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.repetitions > 1 && run.aggregate_name != "median") continue;
      const double seconds =
          run.GetAdjustedCPUTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
      times_[run.run_name.function_name] = seconds;
      fmt::print("{:<48} {:10.1f} ms\n", run.run_name.function_name, 1000 * seconds);
    }
  }

  /// Nothing for what was filtered out.
  std::optional<double> seconds(const std::string& name) const {
    const auto found = times_.find(name);
    return found == times_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, double> times_;
};

/// Nothing where one of the two was not measured.
void print_ratio(std::string_view what, std::optional<double> part, std::optional<double> whole,
                 std::optional<double> most = std::nullopt) {
  if (!part || !whole) return;
  const double ratio = *part / *whole;
  fmt::print("{:<48} {:10.2f}", what, ratio);
  if (most) fmt::print("   {} {:.2f}", ratio <= *most ? "at most" : "MORE THAN", *most);
  fmt::print("\n");
}

void print_spread(std::string_view what, const std::vector<double>& seconds) {
  fmt::print("{:<48} {:10.1f} ms for half of them, {:.1f} ms for 95 %, {:.1f} ms for 99 %\n", what,
             1000 * percentile(seconds, 0.5), 1000 * percentile(seconds, 0.95),
             1000 * percentile(seconds, 0.99));
}

void print_edits(const Editing& editing, std::optional<double> run) {
  if (editing.of_file().empty()) return;
  fmt::print(
      "{} edits in the server: a statement of a function's body put in, taken out or changed, and "
      "that undone; drawn from {} functions\n",
      editing.of_file().size(), editing.functions());
  print_spread("until the file's diagnostics are what they stay", editing.of_file());
  print_spread("until those of all files are", editing.of_project());
  print_ratio("an edit to its file, 95th percentile : run (*)", percentile(editing.of_file(), 0.95),
              run, 0.05);
  fmt::print(
      "(*) a check in this process on one thread, of which the cache has all modules but one\n");
}

int measure(const std::string& path, int count, char** arguments) {
  const std::size_t memory = peak_memory(path);
  const Sources sources = read_sources(path);
  const Sources parsed = parsed_sources(sources);
  Warm same(sources);
  Warm changing(sources);
  benchmark::RegisterBenchmark("parse", measure_parse, sources);
  benchmark::RegisterBenchmark("parse of what is parsed", measure_parse, parsed);
  benchmark::RegisterBenchmark("cold", measure_cold, sources);
  benchmark::RegisterBenchmark("warm", [&](benchmark::State& state) { measure_warm(state, same); });
  benchmark::RegisterBenchmark(
      "one file changed", [&](benchmark::State& state) { measure_one_change(state, changing); });
  Editing editing(sources);
  benchmark::RegisterBenchmark("edit of a function body in the server",
                               [&](benchmark::State& state) { measure_edit(state, editing); })
      ->Iterations(edits_of_a_round);
  benchmark::Initialize(&count, arguments);
  const auto bytes = static_cast<double>(sources.bytes());
  fmt::print("{}: {} Python files, {:.2f} MB; {} of them, {:.2f} MB, are parsed\n", path,
             sources.files.size(), bytes / 1e6, parsed.files.size(),
             static_cast<double>(parsed.bytes()) / 1e6);
  Medians medians;
  benchmark::RunSpecifiedBenchmarks(&medians);
  const std::optional<double> cold = medians.seconds("cold");
  const std::optional<double> changed = medians.seconds("one file changed");
  print_ratio("cold run : bare parse", cold, medians.seconds("parse"), 2.0);
  print_ratio("cold run : bare parse of what is parsed", cold,
              medians.seconds("parse of what is parsed"));
  print_ratio("warm run : cold run", medians.seconds("warm"), cold, 0.25);
  print_ratio("warm run after a change to one file : cold run", changed, cold);
  print_edits(editing, changed);
  print_ratio("peak memory : source", static_cast<double>(memory), bytes, 12.0);
  if (bytes < 1e6)
    fmt::print("So small a project says little: the fixed costs of a run weigh the most.\n");
  return 0;
}

}  // namespace
}  // namespace querylint::benchmarks

int main(int count, char** arguments) try {
  if (count < 2) throw std::runtime_error("usage: benchmarks PATH [OPTION...]");
  return querylint::benchmarks::measure(arguments[1], count - 1, arguments + 1);
} catch (const std::exception& error) {
  fmt::print(stderr, "benchmarks: {}\n", error.what());
  return 2;
}
