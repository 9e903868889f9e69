#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include "analyzer/frameworks/django/django.h"
#include "analyzer/frameworks/lancedb/lancedb.h"
#include "analyzer/frameworks/pandas/pandas.h"
#include "analyzer/frameworks/python.h"
#include "analyzer/frameworks/remote.h"
#include "analyzer/frameworks/sqlalchemy/sqlalchemy.h"
#include "analyzer/ir/serialize.h"
#include "analyzer/lower/python.h"
#include "analyzer/schema/map.h"
#include "analyzer/syntax/tree.h"
#include "driver/load.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/project_files.h"
#include "driver/source_text.h"
#include "driver/stopwatch.h"

namespace querylint::driver {
namespace {

/// What a file adds to the cache; no bytes when it was there, or is not parsed.
struct CacheEntry {
  base::ContentHash key;
  std::string bytes;
};

bool is_excluded(const Config& config, const std::string& path) {
  return std::ranges::any_of(config.exclude,
                             [&](const std::string& pattern) { return matches(pattern, path); });
}

/// Calls `work(index, worker)` for each size, the largest first, so that no thread is left with one
/// at the end.
template <typename Work>
void for_largest_first(const std::vector<std::uint64_t>& sizes, std::size_t threads, Work work) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  parallel_for(order.size(), threads,
               [&](std::size_t index, std::size_t worker) { work(order[index], worker); });
}

class Loader {
 public:
  Loader(const Input& input, const std::vector<SourceText>& texts, Modules& modules)
      : input_(input),
        texts_(texts),
        modules_(modules),
        files_(texts.size()),
        parsers_(input.threads) {
    nothing_ = std::make_shared<const ir::Module>(lower::lower_python(parsers_[0].parse({}), {}));
  }

  void run() {
    std::vector<std::uint64_t> sizes;
    for (const SourceText& file : texts_) sizes.push_back(file.text.size());
    std::atomic<std::size_t> done = 0;
    for_largest_first(sizes, input_.threads, [&](std::size_t index, std::size_t worker) {
      if (modules_[index] == nullptr) {
        modules_[index] = lower(texts_[index], files_[index], worker);
      }
      if (input_.progress) input_.progress("reading", ++done, sizes.size());
    });
  }

  void fill_cache() {
    if (input_.cache == nullptr) return;
    std::vector<std::pair<base::ContentHash, std::string>> entries;
    for (CacheEntry& entry : files_) {
      if (!entry.bytes.empty()) entries.emplace_back(entry.key, std::move(entry.bytes));
    }
    std::ranges::sort(entries, {}, [](const auto& entry) {
      return std::pair(entry.first.high, entry.first.low);
    });
    input_.cache->add(entries);
  }

  std::size_t parsed() const { return parsed_; }

 private:
  std::shared_ptr<const ir::Module> lower(const SourceText& source, CacheEntry& entry,
                                          std::size_t worker) {
    if (!is_parsed(input_.config, source.path, source.text)) return nothing_;
    const bool declarations_only = is_test_path(source.path) && !input_.config.include_tests;
    const auto depth = declarations_only ? lower::Depth::declarations : lower::Depth::everything;
    entry.key = base::content_hash(source.text, static_cast<std::uint64_t>(depth));
    if (input_.cache != nullptr) {
      if (const auto bytes = input_.cache->find(entry.key)) {
        if (auto module = ir::deserialize(*bytes)) {
          return std::make_shared<const ir::Module>(std::move(*module));
        }
      }
    }
    const syntax::Tree tree = parsers_[worker].parse(source.text);
    auto module = std::make_shared<const ir::Module>(lower::lower_python(tree, source.text, depth));
    if (input_.cache != nullptr) entry.bytes = ir::serialize(*module);
    ++parsed_;
    return module;
  }

  const Input& input_;
  const std::vector<SourceText>& texts_;
  Modules& modules_;
  std::vector<CacheEntry> files_;
  std::vector<syntax::PythonParser> parsers_;
  std::shared_ptr<const ir::Module> nothing_;  ///< of files that are not parsed
  std::atomic<std::size_t> parsed_ = 0;
};

/// Sorted.
std::vector<std::string> python_files(const Input& input) {
  std::vector<std::string> paths = input.disk->list();
  std::erase_if(paths, [&](const std::string& path) { return is_excluded(input.config, path); });
  paths.insert(paths.end(), input.named.begin(), input.named.end());
  std::erase_if(paths, [](const std::string& path) { return !is_python_path(path); });
  std::ranges::sort(paths);
  const auto repeated = std::ranges::unique(paths);
  paths.erase(repeated.begin(), repeated.end());
  return paths;
}

}  // namespace

ReadFile read_file(Disk& disk, const std::string& path, std::uint64_t size) {
  if (size > largest_file) {
    return {std::nullopt,
            fmt::format("{}: not analysed: {:.1f} MB is more than the {} MB that code needs", path,
                        static_cast<double>(size) / 1e6, largest_file / 1024 / 1024)};
  }
  Content content = disk.read(path);
  if (!content.bytes && content.error.empty()) return {};
  if (!content.bytes)
    return {std::nullopt, fmt::format("{}: not analysed: {}", path, content.error)};
  std::optional<std::string> text = to_utf8(std::move(*content.bytes));
  if (text) return {std::move(text), {}};
  return {std::nullopt,
          fmt::format("{}: not analysed: it is neither UTF-8 nor an 8-bit encoding", path)};
}

std::string_view Reading::text_of(const std::string& path) const {
  const auto found = std::ranges::lower_bound(texts, path, {}, &SourceText::path);
  return found != texts.end() && found->path == path ? std::string_view(found->text)
                                                     : std::string_view();
}

Reading read(const Input& input) {
  Reading reading;
  Stopwatch watch(reading.timings);
  std::vector<std::string> paths = python_files(input);
  std::vector<std::uint64_t> sizes;
  for (const std::string& path : paths) sizes.push_back(input.disk->size(path));
  watch.lap("list");
  std::vector<ReadFile> files(paths.size());
  for_largest_first(sizes, input.threads, [&](std::size_t index, std::size_t) {
    files[index] = read_file(*input.disk, paths[index], sizes[index]);
  });
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (files[i].text) reading.texts.push_back({std::move(paths[i]), std::move(*files[i].text)});
    if (files[i].notice.empty()) continue;
    reading.notices.push_back(std::move(files[i].notice));
    reading.was_complete = false;
  }
  watch.lap("read");
  return reading;
}

std::shared_ptr<const ir::Module> lower_file(const Input& input, const SourceText& file) {
  Input alone = input;
  alone.cache = nullptr;
  alone.threads = 1;
  alone.progress = nullptr;
  const std::vector<SourceText> texts = {file};
  Modules modules(1);
  Loader(alone, texts, modules).run();
  return modules.front();
}

Project load(const Input& input, Reading reading, Modules modules) {
  Project project{std::move(reading), {}, {}, {}, {}, 0};
  Stopwatch watch(project.timings);
  Loader loader(input, project.texts, modules);
  loader.run();
  watch.lap("parse and lower");
  loader.fill_cache();
  watch.lap("cache");
  std::vector<program::Source> sources;
  for (std::size_t i = 0; i < project.texts.size(); ++i) {
    const std::string& path = project.texts[i].path;
    const auto& module = modules[i];
    if (!module->cut.empty()) {
      project.notices.push_back(
          fmt::format("{}: {} places are nested too deeply to be analysed, the first at byte {}",
                      path, module->cut.size(), module->cut.front().begin));
    }
    sources.push_back({path, module});
  }
  project.parsed = loader.parsed();
  project.program = program::link(std::move(sources), {input.config.source_roots});
  watch.lap("link");
  project.schema = schema::map(project.program);
  watch.lap("map");
  project.frameworks.push_back(frameworks::make_remote(project.program));
  project.frameworks.push_back(frameworks::make_python(project.program));
  project.frameworks.push_back(frameworks::pandas::make_pandas());
  project.frameworks.push_back(frameworks::lancedb::make_lancedb(project.program));
  project.frameworks.push_back(
      frameworks::sqlalchemy::make_sqlalchemy(project.program, project.schema));
  project.frameworks.push_back(frameworks::django::make_django(project.program, project.schema));
  const std::vector<bool> old = old_migrations(project.program);
  for (std::size_t i = 0; i < project.program.units.size(); ++i) {
    const bool is_test = is_test_path(project.program.units[i].path);
    project.is_judged.push_back(input.config.include_tests || (!is_test && !old[i]));
  }
  return project;
}

Project load(const Input& input, Reading reading) {
  Modules none(reading.texts.size());
  return load(input, std::move(reading), std::move(none));
}

Project load(const Input& input) { return load(input, read(input)); }

}  // namespace querylint::driver
