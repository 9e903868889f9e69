// Turns rule pages into C++: the table of all rules, and for each rule a header with its message
// type and the declaration of its function.
//
// Usage: generate_rules OUTPUT_FOLDER PAGE...
//
// A page is Markdown behind a front matter of `key: value` lines between two `---` lines:
//   severity  error, warning or advice
//   default   on or off
//   wants     `execution CAUSE...`, `fold KIND...`, `step KIND...` or `trace`
//   message   the text of a finding; each {name} becomes a field that the rule has to fill
// The page's file name is the rule's name, its folder the family.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Page {
  std::string file_stem;  ///< snake_case, as file and function are called
  std::string family;     ///< likewise
  std::map<std::string, std::string> keys;
  std::string text;
  std::string summary;
};

std::string hyphenated(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string pascal_case(const std::string& snake) {
  std::string out;
  bool starts_word = true;
  for (const char c : snake) {
    if (c == '_') {
      starts_word = true;
    } else {
      out += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      starts_word = false;
    }
  }
  return out;
}

[[noreturn]] void fail(const fs::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

/// The first paragraph behind the title.
std::string summary_of(const std::string& text, const fs::path& path) {
  std::istringstream lines(text);
  std::string line;
  std::string summary;
  bool after_title = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("# ")) {
      after_title = true;
    } else if (after_title && (line.empty() || line.starts_with("#"))) {
      if (!summary.empty() || !line.empty()) break;
    } else if (after_title) {
      summary += (summary.empty() ? "" : " ") + line;
    }
  }
  if (summary.empty()) fail(path, "no summary behind the title");
  return summary;
}

/// What the compiler would not notice: a rule that nothing calls, or that is off by a slip.
void check_values(const Page& page, const fs::path& path) {
  const std::string& state = page.keys.at("default");
  if (state != "on" && state != "off") fail(path, "default is neither on nor off: " + state);
  const std::string& wants = page.keys.at("wants");
  const std::string kind = wants.substr(0, wants.find(' '));
  const bool wants_events = kind == "execution" || kind == "fold" || kind == "step";
  if (wants_events ? kind == wants : wants != "trace")
    fail(path, "wants nothing that there is: " + wants);
}

/// What follows the front matter, without the comments that speak to the tests.
std::string rest_of(std::istream& file) {
  std::string text;
  std::string line;
  bool was_comment = false;
  while (std::getline(file, line)) {
    const bool is_comment = line.starts_with("<!-- ");
    const bool is_needless_blank = line.empty() && (was_comment || text.empty());
    if (!is_comment && !is_needless_blank) text.append(line).append("\n");
    was_comment = is_comment;
  }
  return text;
}

Page read_page(const fs::path& path) {
  std::ifstream file(path);
  if (!file) fail(path, "cannot be read");
  Page page;
  page.file_stem = path.stem().string();
  page.family = path.parent_path().filename().string();
  std::string line;
  if (!std::getline(file, line) || line != "---") fail(path, "does not begin with ---");
  while (std::getline(file, line) && line != "---") {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) fail(path, "not a `key: value` line: " + line);
    page.keys[line.substr(0, colon)] = line.substr(colon + 2);
  }
  page.text = rest_of(file);
  for (const char* key : {"severity", "default", "wants", "message"}) {
    if (!page.keys.contains(key)) fail(path, std::string("lacks the key ") + key);
  }
  check_values(page, path);
  if (!page.text.starts_with("# " + hyphenated(page.file_stem) + "\n")) {
    fail(path, "the title is not the rule's name");
  }
  page.summary = summary_of(page.text, path);
  return page;
}

/// The names in braces, each once, in order.
std::vector<std::string> fields_of(const std::string& message) {
  std::vector<std::string> fields;
  for (std::size_t at = message.find('{'); at != std::string::npos;
       at = message.find('{', at + 1)) {
    const std::string name = message.substr(at + 1, message.find('}', at) - at - 1);
    if (std::find(fields.begin(), fields.end(), name) == fields.end()) fields.push_back(name);
  }
  return fields;
}

std::string quoted(const std::string& text) { return "R\"page(" + text + ")page\""; }

/// `a + " of " + b`, as a chain of appends.
std::string render(const std::string& message) {
  std::string out = "    std::string text;\n";
  std::size_t at = 0;
  while (at < message.size()) {
    const std::size_t open = std::min(message.find('{', at), message.size());
    if (open > at) out += "    text.append(" + quoted(message.substr(at, open - at)) + ");\n";
    if (open == message.size()) break;
    const std::size_t close = message.find('}', open);
    out +=
        "    text.append(std::string_view(" + message.substr(open + 1, close - open - 1) + "));\n";
    at = close + 1;
  }
  return out + "    return text;\n";
}

bool wants_trace(const Page& page) { return page.keys.at("wants") == "trace"; }

void write_header(const fs::path& folder, const Page& page) {
  std::ofstream out(folder / (page.file_stem + ".h"));
  out << "// Generated from rules/" << page.family << "/" << page.file_stem << ".md.\n"
      << "#pragma once\n\n#include \"rules/engine/rule.h\"\n\n"
      << "namespace querylint::rules::" << page.family << " {\n\n"
      << "struct " << pascal_case(page.file_stem) << " {\n";
  for (const std::string& field : fields_of(page.keys.at("message")))
    out << "  Text " << field << ";\n";
  out << "\n  std::string message() const {\n"
      << render(page.keys.at("message")) << "  }\n};\n\n"
      << "void " << page.file_stem
      << (wants_trace(page) ? "(const Evidence&, Findings&);\n\n"
                            : "(const Evidence&, const Event&, Findings&);\n\n")
      << "}  // namespace querylint::rules::" << page.family << "\n";
}

/// `wants: execution saved created` as an expression of bits.
std::string bits(const Page& page, const std::string& kind, const std::string& type) {
  std::istringstream words(page.keys.at("wants"));
  std::string word;
  words >> word;
  if (word != kind) return "0";
  std::string out;
  while (words >> word) {
    out += (out.empty() ? "" : " | ") + ("bit(flow::" + type + "::" + word + ")");
  }
  return out;
}

void write_table(const fs::path& folder, const std::vector<Page>& pages) {
  std::ofstream out(folder / "all_rules.cpp");
  out << "// Generated from the rule pages.\n#include <array>\n\n";
  for (const Page& page : pages) out << "#include \"rules/generated/" << page.file_stem << ".h\"\n";
  out << "\nnamespace querylint::rules {\nnamespace {\n\n"
      << "template <typename Enum>\nconstexpr std::uint64_t bit(Enum value) {\n"
      << "  return std::uint64_t{1} << static_cast<std::uint32_t>(value);\n}\n\n"
      << "constexpr std::array<Rule, " << pages.size() << "> table = {{\n";
  for (const Page& page : pages) {
    const std::string function = page.family + "::" + page.file_stem;
    out << "    {\"" << hyphenated(page.file_stem) << "\", \"" << hyphenated(page.family)
        << "\", diagnostics::Severity::" << page.keys.at("severity") << ", "
        << (page.keys.at("default") == "on" ? "true" : "false") << ",\n     "
        << quoted(page.summary) << ",\n     " << quoted(page.text) << ",\n     "
        << bits(page, "execution", "Cause") << ", " << bits(page, "fold", "FoldKind") << ", "
        << bits(page, "step", "StepKind") << ", "
        << (wants_trace(page) ? "nullptr, " + function : function + ", nullptr") << "},\n";
  }
  out << "}};\n\n}  // namespace\n\nstd::span<const Rule> all_rules() { return table; }\n\n"
      << "}  // namespace querylint::rules\n";
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count < 3) throw std::runtime_error("usage: generate_rules OUTPUT_FOLDER PAGE...");
    const fs::path folder = arguments[1];
    fs::create_directories(folder);
    std::vector<Page> pages;
    for (int i = 2; i < count; ++i) pages.push_back(read_page(arguments[i]));
    std::sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) {
      return std::tie(a.family, a.file_stem) < std::tie(b.family, b.file_stem);
    });
    for (const Page& page : pages) write_header(folder, page);
    write_table(folder, pages);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "generate_rules: " << error.what() << "\n";
    return 1;
  }
}
