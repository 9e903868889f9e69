#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include "analyzer/frameworks/django/django.h"
#include "analyzer/frameworks/python.h"
#include "analyzer/ir/serialize.h"
#include "analyzer/lower/python.h"
#include "analyzer/schema/map.h"
#include "analyzer/syntax/tree.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/project_files.h"
#include "driver/source_text.h"
#include "driver/stopwatch.h"

namespace querylint::driver {
namespace {

/// One file on its way through parse and lower.
struct Loaded {
  std::shared_ptr<const ir::Module> module;
  std::string text;
  std::string notice;
  std::string cache_entry;  ///< what to add to the cache; empty when it was there
  base::ContentHash key;
  bool was_read = false;
};

bool is_excluded(const Config& config, const std::string& path) {
  return std::ranges::any_of(config.exclude,
                             [&](const std::string& pattern) { return matches(pattern, path); });
}

/// Everything a lowered module depends on besides the text.
std::uint64_t cache_seed(lower::Depth depth) {
  return std::uint64_t{ir::format_version} << 8 | static_cast<std::uint64_t>(depth);
}

class Loader {
 public:
  Loader(const Input& input, std::vector<std::string> paths)
      : input_(input), paths_(std::move(paths)), files_(paths_.size()), parsers_(input.threads) {
    nothing_ = std::make_shared<const ir::Module>(lower::lower_python(parsers_[0].parse({}), {}));
  }

  /// Largest files first, so that no thread is left with one at the end.
  void run() {
    std::vector<std::uint64_t> sizes;
    for (const std::string& path : paths_) sizes.push_back(input_.disk->size(path));
    std::vector<std::size_t> order(paths_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    std::atomic<std::size_t> done = 0;
    parallel_for(order.size(), input_.threads, [&](std::size_t index, std::size_t worker) {
      load(order[index], sizes[order[index]], worker);
      if (input_.progress) input_.progress("reading", ++done, order.size());
    });
  }

  void fill_cache() {
    if (input_.cache == nullptr) return;
    std::vector<std::pair<base::ContentHash, std::string>> entries;
    for (Loaded& file : files_) {
      if (!file.cache_entry.empty()) entries.emplace_back(file.key, std::move(file.cache_entry));
    }
    std::ranges::sort(entries, {}, [](const auto& entry) {
      return std::pair(entry.first.high, entry.first.low);
    });
    input_.cache->add(entries);
  }

  std::vector<std::string>& paths() { return paths_; }
  std::vector<Loaded>& files() { return files_; }

 private:
  void load(std::size_t index, std::uint64_t size, std::size_t worker) {
    const std::string& path = paths_[index];
    Loaded& file = files_[index];
    if (size > largest_file) {
      file.notice = fmt::format("{}: not analysed: {:.1f} MB is more than the {} MB that code needs", path,
                                static_cast<double>(size) / 1e6, largest_file / 1024 / 1024);
      return;
    }
    Content content = input_.disk->read(path);
    if (!content.bytes) {
      if (!content.error.empty()) file.notice = fmt::format("{}: not analysed: {}", path, content.error);
      return;
    }
    std::optional<std::string> text = to_utf8(std::move(*content.bytes));
    if (!text) {
      file.notice = fmt::format("{}: not analysed: it is neither UTF-8 nor an 8-bit encoding", path);
      return;
    }
    file.text = std::move(*text);
    file.was_read = true;
    lower(path, file, worker);
  }

  void lower(const std::string& path, Loaded& file, std::size_t worker) {
    const bool declarations_only = is_test_path(path) && !input_.config.include_tests;
    const auto depth = declarations_only ? lower::Depth::declarations : lower::Depth::everything;
    if (declarations_only && !schema::may_declare(file.text)) {
      file.module = nothing_;
      return;
    }
    file.key = base::content_hash(file.text, cache_seed(depth));
    if (input_.cache != nullptr) {
      if (const auto bytes = input_.cache->find(file.key)) {
        if (auto module = ir::deserialize(*bytes)) {
          file.module = std::make_shared<const ir::Module>(std::move(*module));
          return;
        }
      }
    }
    const syntax::Tree tree = parsers_[worker].parse(file.text);
    file.module = std::make_shared<const ir::Module>(lower::lower_python(tree, file.text, depth));
    if (input_.cache != nullptr) file.cache_entry = ir::serialize(*file.module);
    if (!file.module->cut.empty()) {
      file.notice = fmt::format("{}: {} places are nested too deeply to be analysed, the first at byte {}",
                                path, file.module->cut.size(), file.module->cut.front().begin);
    }
    ++parsed_;
  }

 public:
  std::size_t parsed() const { return parsed_; }

 private:
  const Input& input_;
  std::vector<std::string> paths_;
  std::vector<Loaded> files_;
  std::vector<syntax::PythonParser> parsers_;
  std::shared_ptr<const ir::Module> nothing_;  ///< of files that are not parsed
  std::atomic<std::size_t> parsed_ = 0;
};

std::vector<std::string> python_files(const Input& input) {
  std::vector<std::string> paths = input.disk->list();
  std::erase_if(paths, [&](const std::string& path) {
    return !is_python_path(path) || is_excluded(input.config, path);
  });
  return paths;
}

}  // namespace

std::string_view Project::text_of(const std::string& path) const {
  const auto found = std::ranges::lower_bound(texts, path, {}, &SourceText::path);
  return found != texts.end() && found->path == path ? std::string_view(found->text)
                                                     : std::string_view();
}

Project load(const Input& input) {
  Project project;
  Stopwatch watch(project.timings);
  Loader loader(input, python_files(input));
  watch.lap("list");
  loader.run();
  watch.lap("parse and lower");
  loader.fill_cache();
  watch.lap("cache");
  std::vector<program::Source> sources;
  for (std::size_t i = 0; i < loader.files().size(); ++i) {
    Loaded& file = loader.files()[i];
    if (!file.notice.empty()) project.notices.push_back(file.notice);
    if (!file.was_read) {
      const bool is_gone = file.notice.empty();
      project.was_complete = project.was_complete && is_gone;
      continue;
    }
    const std::string& path = loader.paths()[i];
    sources.push_back({path, std::move(file.module)});
    project.texts.push_back({path, std::move(file.text)});
  }
  project.parsed = loader.parsed();
  project.program = program::link(std::move(sources), {input.config.source_roots});
  watch.lap("link");
  project.schema = schema::map(project.program);
  watch.lap("map");
  project.frameworks.push_back(frameworks::make_python(project.program));
  project.frameworks.push_back(frameworks::django::make_django(project.program, project.schema));
  const std::vector<bool> old = old_migrations(project.program);
  for (std::size_t i = 0; i < project.program.units.size(); ++i) {
    const bool is_test = is_test_path(project.program.units[i].path);
    project.is_judged.push_back(input.config.include_tests || (!is_test && !old[i]));
  }
  return project;
}

}  // namespace querylint::driver
