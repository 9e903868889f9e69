// Runs the cases of all pages (see tests/support/cases.h), each as a test of its own.
//
// QUERYLINT_BLESS=1 build/release/tests/cases_test writes what the stages print into the pages'
// dumps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "driver/rule_infos.h"
#include "tests/support/cases.h"
#include "tests/support/editor.h"
#include "tests/support/scratch.h"

namespace querylint::tests {
namespace {

/// Letters, digits and single underscores: what every test runner can quote.
std::string identifier(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

bool counts(const Case& test, const diagnostics::Diagnostic& diagnostic) {
  return test.counts_guesses || diagnostic.certainty != diagnostics::Certainty::possible;
}

/// A page in a family's folder is about this family: what others find there needs no announcement.
bool is_of_other_family(const std::string& page, const diagnostics::Diagnostic& diagnostic) {
  std::string folder = std::filesystem::path(page).parent_path().filename().string();
  std::ranges::replace(folder, '_', '-');
  const std::vector<reports::RuleInfo> rules = driver::rule_infos();
  const bool is_family =
      std::ranges::find(rules, folder, &reports::RuleInfo::family) != rules.end();
  return is_family && folder != diagnostic.family;
}

/// What is announced is part of the message, or of the certainty behind it: "(likely)".
bool meets(const diagnostics::Diagnostic& diagnostic, std::size_t line,
           const Expectation& expectation) {
  const std::string said =
      diagnostic.message + " (" + std::string(name_of(diagnostic.certainty)) + ")";
  return diagnostic.rule == expectation.rule && diagnostic.place.path == expectation.path &&
         line == expectation.line && said.find(expectation.part) != std::string::npos;
}

/// Where a line of a file stands in the page, if it does, for the messages of failures.
std::string place_of(const std::string& page, const Case& test, const std::string& path,
                     std::size_t line) {
  const auto first = test.first_lines.find(path);
  if (first == test.first_lines.end()) return path + ":" + std::to_string(line);
  return page + ":" + std::to_string(first->second + line - 1) + " (" + path + ")";
}

/// What is wrong with the findings: announced but not there, or there but not announced.
std::string compare(const std::string& page, const Case& test, const Findings& findings) {
  std::vector<Expectation> unmet = test.expectations;
  std::string out;
  for (const diagnostics::Diagnostic& diagnostic : findings.diagnostics) {
    if (!counts(test, diagnostic)) continue;
    const diagnostics::Place& place = diagnostic.place;
    const std::size_t line = line_at(test.files.at(place.path), place.range.begin);
    const auto met = std::ranges::find_if(unmet, [&](const Expectation& expectation) {
      return meets(diagnostic, line, expectation);
    });
    if (met != unmet.end()) {
      unmet.erase(met);
    } else if (!is_of_other_family(page, diagnostic)) {
      out += place_of(page, test, place.path, line) + ": not announced: [" +
             std::string(diagnostic.rule) + "] " + diagnostic.message + "\n";
    }
  }
  for (const Expectation& expectation : unmet) {
    out += place_of(page, test, expectation.path, expectation.line) + ": not reported: [" +
           expectation.rule + "] " + expectation.part + "\n";
  }
  return out;
}

/// Writes `text` into a page instead of its lines `begin` to `end`, counted from 0.
void write_lines(const std::string& page, std::size_t begin, std::size_t end,
                 const std::string& text) {
  const std::string old = read_repository_file(page);
  std::ofstream out(std::string(QUERYLINT_SOURCE_DIR) + "/" + page, std::ios::binary);
  std::istringstream lines(old);
  std::string line;
  for (std::size_t number = 0; std::getline(lines, line); ++number) {
    if (number == end) out << text;
    if (number < begin || number >= end) out << line << "\n";
  }
}

void write_dump(const std::string& page, const std::string& heading, std::size_t index,
                const std::string& text) {
  const Page parsed = parse_page(page, read_repository_file(page));
  const auto test = std::ranges::find(parsed.cases, heading, &Case::heading);
  const ExpectedDump& dump = test->dumps.at(index);
  write_lines(page, dump.first_line, dump.end_line, text);
}

void write_fixed(const std::string& page, const std::string& heading, const std::string& path,
                 const std::string& text) {
  const Page parsed = parse_page(page, read_repository_file(page));
  const auto test = std::ranges::find(parsed.cases, heading, &Case::heading);
  const FixedFile& file = test->fixed.at(path);
  write_lines(page, file.first_line, file.end_line, text);
}

class CaseTest : public testing::Test {
 public:
  CaseTest(std::string page, Case test) : page_(std::move(page)), case_(std::move(test)) {}

  void TestBody() override {
    check_rules_exist();
    const Findings once = check(case_.files);
    EXPECT_EQ(compare(page_, case_, once), "");
    check_other_ways(once);
    check_server(once);
    check_fixes(once);
    check_dumps();
  }

 private:
  void check_rules_exist() const {
    const std::vector<reports::RuleInfo> rules = driver::rule_infos();
    for (const Expectation& expectation : case_.expectations) {
      EXPECT_TRUE(std::ranges::find(rules, expectation.rule, &reports::RuleInfo::name) !=
                  rules.end())
          << place_of(page_, case_, expectation.path, expectation.line) << ": there is no rule "
          << expectation.rule;
    }
  }

  void check_other_ways(const Findings& once) const {
    const Findings many = check(case_.files, {.threads = 8, .shuffled = true});
    EXPECT_EQ(once.json, many.json) << "on many threads";
    EXPECT_EQ(once.sarif, many.sarif) << "on many threads";
    const ScratchFolder scratch;
    const auto check_cached = [&](const char* how, std::size_t parsed, bool timed) {
      driver::Cache cache(scratch.path());
      const Findings cached = check(case_.files, {.cache = &cache, .timed = timed});
      EXPECT_EQ(cache.trouble(), "");
      EXPECT_EQ(cached.parsed, parsed) << how;
      EXPECT_EQ(once.json, cached.json) << how;
      EXPECT_EQ(once.notices, cached.notices) << how;
    };
    check_cached("while the cache is filled", once.parsed, false);
    check_cached("from a whole run in the cache", 0, false);
    check_cached("from modules in the cache", 0, true);
  }

  /// Each file is changed and changed back, so that all parts of the analysis are made again.
  void check_server(const Findings& once) const {
    Editor editor(case_.files);
    editor.settle();
    EXPECT_EQ(once.json, editor.json()) << "in the server";
    for (const std::string& path : case_.own_paths) {
      const std::string& text = case_.files.at(path);
      editor.open(path, text);
      editor.edit(path, 0, 0, "\n\n");
      editor.settle();
      const std::size_t middle = 2 + text.find('\n', text.size() / 2);
      editor.edit(path, middle, text.size() + 2, "");
      editor.settle();
      editor.replace_all(path, text);
      editor.settle();
    }
    EXPECT_EQ(once.json, editor.json()) << "in the server, with edits undone";
  }

  /// Everything that has a fix is fixed: then it is gone, nothing is new, and nothing is left to
  /// do. But what is done with rows may come to light when a query for each of them has gone.
  void check_fixes(const Findings& once) const {
    const Fixes all = fix(case_.files);
    EXPECT_TRUE(all.notices.empty()) << all.notices.front();
    std::map<std::string_view, int> allowed;
    for (const diagnostics::Diagnostic& diagnostic : once.diagnostics) {
      if (counts(case_, diagnostic) && diagnostic.fixes.empty()) ++allowed[diagnostic.rule];
    }
    const Findings after = check(all.files);
    for (const diagnostics::Diagnostic& diagnostic : after.diagnostics) {
      EXPECT_TRUE(diagnostic.fixes.empty()) << "not fixed: " << as_lines(all.files, after);
      if (!counts(case_, diagnostic)) continue;
      const bool may_be_new = diagnostic.family == "loading" || diagnostic.family == "python-work";
      if (may_be_new && allowed[diagnostic.rule] == 0) continue;
      EXPECT_GE(--allowed[diagnostic.rule], 0) << "new: " << as_lines(all.files, after);
    }
    EXPECT_EQ(fix(all.files).files, all.files);
    if (!case_.fixed.empty()) check_fixed_code(all);
  }

  void check_fixed_code(const Fixes& all) const {
    const Case expected = fixed_case(case_);
    for (const auto& [path, text] : all.files) {
      const auto fence = case_.fixed.find(path);
      const std::string code = without_expectations(text);
      if (code == without_expectations(expected.files.at(path))) continue;
      const char* bless = std::getenv("QUERYLINT_BLESS");
      if (fence != case_.fixed.end() && bless != nullptr && *bless == '1') {
        write_fixed(page_, case_.heading, path, code);
      } else {
        EXPECT_EQ(without_expectations(expected.files.at(path)), code)
            << place_of(page_, expected, path, 1);
      }
    }
    EXPECT_EQ(compare(page_, expected, check(expected.files)), "") << "of the fixed code";
  }

  void check_dumps() const {
    for (std::size_t i = 0; i < case_.dumps.size(); ++i) {
      const ExpectedDump& expected = case_.dumps[i];
      const std::string text = dump(expected.stage, case_.files, [&](const std::string& path) {
        return expected.path.empty()
                   ? std::ranges::find(case_.own_paths, path) != case_.own_paths.end()
                   : path == expected.path;
      });
      const char* bless = std::getenv("QUERYLINT_BLESS");
      if (text != expected.text && bless != nullptr && *bless == '1') {
        write_dump(page_, case_.heading, i, text);
      } else {
        EXPECT_EQ(expected.text, text) << page_ << ":" << expected.first_line;
      }
    }
  }

  std::string page_;
  Case case_;
};

/// Stands in for a page that breaks the format.
class BrokenPage : public testing::Test {
 public:
  explicit BrokenPage(std::string what) : what_(std::move(what)) {}
  void TestBody() override { FAIL() << what_; }

 private:
  std::string what_;
};

/// Registers the cases of one page. Headings that are told apart by punctuation only get numbers.
void register_page(const std::string& path) {
  const std::string suite = identifier(path.substr(0, path.size() - 3));
  try {
    std::map<std::string, int> seen;
    for (const Case& test : parse_page(path, read_repository_file(path)).cases) {
      std::string name = identifier(test.heading);
      if (const int repeat = seen[name]++; repeat > 0) name += "_" + std::to_string(repeat + 1);
      testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, path.c_str(),
                            static_cast<int>(test.line),
                            [path, test]() -> testing::Test* { return new CaseTest(path, test); });
    }
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    testing::RegisterTest(suite.c_str(), "is_well_formed", nullptr, nullptr, path.c_str(), 1,
                          [what]() -> testing::Test* { return new BrokenPage(what); });
  }
}

}  // namespace
}  // namespace querylint::tests

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  for (const std::string& page : querylint::tests::case_pages())
    querylint::tests::register_page(page);
  return RUN_ALL_TESTS();
}
