#include "tests/support/cases.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace querylint::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* models = "shop/models.py";
constexpr const char* default_path = "shop/views.py";

/// What stands between two `##` headings, before the shared files are added.
struct Section {
  Case content;
  bool has_fence = false;
};

/// The words behind the mark of an opening fence.
struct FenceInfo {
  std::string language;
  std::map<std::string, std::string> settings;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

/// The ``` or ~~~ that a line begins with; empty for other lines.
std::string fence_mark(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string::npos || begin > 3) return {};
  const char c = line[begin];
  if (c != '`' && c != '~') return {};
  const std::size_t end = std::min(line.find_first_not_of(c, begin), line.size());
  const bool is_inline = c == '`' && line.find('`', end) != std::string::npos;
  return end - begin < 3 || is_inline ? std::string() : line.substr(begin, end - begin);
}

bool closes(const std::string& line, const std::string& mark) {
  const std::size_t last = line.find_last_not_of(" \r");
  const std::string found = fence_mark(line);
  return found.size() >= mark.size() && found.front() == mark.front() && line[last] == mark.front();
}

FenceInfo parse_info(const std::string& line, const std::string& mark) {
  std::istringstream words(line.substr(line.find(mark) + mark.size()));
  FenceInfo info;
  words >> info.language;
  for (std::string word; words >> word;) {
    const std::size_t equals = std::min(word.find('='), word.size());
    info.settings[word.substr(0, equals)] = word.substr(std::min(equals + 1, word.size()));
  }
  return info;
}

/// The expectations at the end of a line of code.
std::vector<Expectation> expectations_in(const std::string& line) {
  constexpr std::string_view mark = "error: [";
  std::vector<Expectation> found;
  for (std::size_t at = line.find(mark); at != std::string::npos; at = line.find(mark, at + 1)) {
    const std::size_t before = line.find_last_not_of(' ', at == 0 ? 0 : at - 1);
    const std::size_t begin = at + mark.size();
    const std::size_t close = line.find(']', begin);
    if (before == std::string::npos || line[before] != '#' || close == std::string::npos) continue;
    Expectation expectation;
    expectation.rule = line.substr(begin, close - begin);
    if (line.compare(close, 3, "] \"") == 0) {
      const std::size_t end = line.find('"', close + 3);
      expectation.part = line.substr(close + 3, end - close - 3);
    }
    found.push_back(std::move(expectation));
  }
  return found;
}

std::vector<Expectation> expectations_of(const Files& files) {
  std::vector<Expectation> all;
  for (const auto& [path, text] : files) {
    const std::vector<std::string> lines = split_lines(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (Expectation& expectation : expectations_in(lines[i])) {
        expectation.path = path;
        expectation.line = i + 1;
        all.push_back(std::move(expectation));
      }
    }
  }
  return all;
}

class PageReader {
 public:
  PageReader(std::string path, const std::string& text)
      : path_(std::move(path)), lines_(split_lines(text)), sections_(1) {}

  Page read() {
    skip_front_matter();
    while (at_ < lines_.size()) read_line();
    Page page{path_, {}};
    const Section& shared = sections_.front();
    for (std::size_t i = 1; i < sections_.size(); ++i) {
      if (sections_[i].has_fence)
        page.cases.push_back(finish(shared.content, sections_[i].content));
    }
    return page;
  }

 private:
  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw std::invalid_argument(path_ + ":" + std::to_string(line + 1) + ": " + what);
  }

  void skip_front_matter() {
    if (lines_.empty() || lines_.front() != "---") return;
    const auto end = std::find(lines_.begin() + 1, lines_.end(), "---");
    if (end != lines_.end()) at_ = static_cast<std::size_t>(end - lines_.begin()) + 1;
  }

  void read_line() {
    const std::string& line = lines_[at_];
    const std::string mark = fence_mark(line);
    if (!mark.empty()) {
      read_fence(mark);
      return;
    }
    if (line.starts_with("## ")) {
      sections_.emplace_back();
      sections_.back().content.heading = line.substr(3);
      sections_.back().content.line = at_ + 1;
    } else if (line.find("<!-- guesses: on -->") != std::string::npos) {
      sections_.back().content.counts_guesses = true;
    } else if (line.starts_with("<!-- orm: sqlalchemy")) {
      sections_.back().content.is_sqlalchemy = true;
    }
    ++at_;
  }

  void read_fence(const std::string& mark) {
    const std::size_t open = at_++;
    const FenceInfo info = parse_info(lines_[open], mark);
    const std::size_t begin = at_;
    std::string body;
    for (; at_ < lines_.size() && !closes(lines_[at_], mark); ++at_) body += lines_[at_] + "\n";
    if (at_ == lines_.size()) fail(open, "this fence is never closed");
    const std::size_t end = at_++;
    if (const auto stage = info.settings.find("dump"); stage != info.settings.end()) {
      add_dump(info, stage->second, body, begin, end);
    } else {
      add_file(info, body, begin);
    }
  }

  void add_dump(const FenceInfo& info, const std::string& name, const std::string& body,
                std::size_t begin, std::size_t end) {
    const auto stage = driver::stage_named(name);
    if (!stage)
      fail(begin - 1, "there is no stage `" + name + "`; there are " + driver::stage_list());
    if (sections_.size() == 1) fail(begin - 1, "a dump belongs to a section");
    const auto path = info.settings.find("path");
    Section& section = sections_.back();
    section.has_fence = true;
    section.content.dumps.push_back(
        {*stage, path == info.settings.end() ? std::string() : path->second, body, begin, end});
  }

  void add_fixed(const FenceInfo& info, const std::string& body, std::size_t begin) {
    const auto path = info.settings.find("path");
    Case& content = sections_.back().content;
    if (path == info.settings.end() || !content.files.contains(path->second))
      fail(begin - 1, "fixed code needs the path of a file of its section");
    content.fixed[path->second] = {body, begin, at_ - 1};
  }

  void add_file(const FenceInfo& info, const std::string& body, std::size_t begin) {
    Section& section = sections_.back();
    const bool is_shared = sections_.size() == 1;
    if (info.settings.contains("fixed")) {
      add_fixed(info, body, begin);
      return;
    }
    const auto given = info.settings.find("path");
    const bool has_path = given != info.settings.end();
    if (!has_path && (info.language != "python" || is_shared)) return;
    const std::string path = has_path ? given->second : default_path;
    if (section.content.files.contains(path)) fail(begin - 1, "a second fence for " + path);
    section.has_fence = true;
    section.content.files[path] = body;
    section.content.first_lines[path] = begin + 1;
    section.content.own_paths.push_back(path);
  }

  static Case finish(const Case& shared, Case section) {
    section.files.insert(shared.files.begin(), shared.files.end());
    section.first_lines.insert(shared.first_lines.begin(), shared.first_lines.end());
    section.counts_guesses = section.counts_guesses || shared.counts_guesses;
    section.is_sqlalchemy = section.is_sqlalchemy || shared.is_sqlalchemy;
    section.expectations = expectations_of(section.files);
    const std::string example =
        section.is_sqlalchemy ? "examples/bookservice/" : "examples/bookshop/";
    section.files.try_emplace(models, read_repository_file(example + models));
    return section;
  }

  std::string path_;
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  std::vector<Section> sections_;  ///< the first is what stands before all headings
};

}  // namespace

Case fixed_case(Case test) {
  for (const auto& [path, file] : test.fixed) {
    test.files[path] = file.text;
    test.first_lines[path] = file.first_line + 1;
  }
  test.expectations = expectations_of(test.files);
  return test;
}

std::string without_expectations(const std::string& text) {
  std::string out;
  for (std::string line : split_lines(text)) {
    const std::size_t mark = line.find("# error: [");
    if (mark != std::string::npos) {
      line.resize(mark);
      line.resize(line.find_last_not_of(' ') + 1);
    }
    out += line + "\n";
  }
  return out;
}

Page parse_page(const std::string& path, const std::string& text) {
  return PageReader(path, text).read();
}

std::vector<std::string> case_pages() {
  std::vector<std::string> pages = {"docs/architecture.md"};
  const fs::path repository = QUERYLINT_SOURCE_DIR;
  for (const char* folder : {"rules", "tests/cases"}) {
    for (const auto& entry : fs::recursive_directory_iterator(repository / folder)) {
      if (entry.path().extension() == ".md") {
        pages.push_back(entry.path().lexically_relative(repository).generic_string());
      }
    }
  }
  std::ranges::sort(pages);
  return pages;
}

}  // namespace querylint::tests
