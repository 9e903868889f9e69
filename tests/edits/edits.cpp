#include "tests/edits/edits.h"

#include <algorithm>
#include <array>

#include "analyzer/syntax/tree.h"

namespace querylint::tests {
namespace {

/// Statements that make queries, use rows, and define what others may use.
const std::vector<std::string> lines = {
    "x = 1",
    "pass",
    "# nothing",
    "# querylint: ignore",
    "return None",
    "for row in rows:\n    row.save()",
    "self.value = 1",
    "value = self.value",
    "helper(request.user)",
    "def helper(row):\n    return row.author.name",
    "class Added:\n    name = 'added'",
    "from django.db import models",
    "books = list(Book.objects.all())",
    "for book in Book.objects.all():\n    print(book.author.name)",
    "total = sum(order.total for order in Order.objects.all())",
    "key = lambda row: row.id",
    "if x:\n    x = 2",
    "ä = 'ß😀'",
};

bool is_broken(const std::string& text) { return syntax::PythonParser().parse(text).has_errors; }

bool is_python(const std::string& path) { return path.ends_with(".py"); }

}  // namespace

Edits::Edits(Editor& editor, std::uint64_t seed)
    : editor_(editor), random_(seed), original_(editor.disk()) {}

std::size_t Edits::below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

const std::string& Edits::any(const std::vector<std::string>& of) { return of[below(of.size())]; }

std::vector<std::string> Edits::open_paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, text] : editor_.opened()) paths.push_back(path);
  return paths;
}

std::vector<std::string> Edits::closed_paths() const {
  std::vector<std::string> paths;
  for (const auto& [path, text] : editor_.disk()) {
    if (is_python(path) && !editor_.opened().contains(path)) paths.push_back(path);
  }
  return paths;
}

std::size_t Edits::line_begin(const std::string& text) {
  if (text.empty()) return 0;
  return text.rfind('\n', below(text.size())) + 1;  // npos + 1 is 0
}

void Edits::remember(const std::string& path) {
  constexpr std::size_t longest_past = 20;
  auto& past = past_[path];
  past.push_back(editor_.opened().at(path));
  if (past.size() > longest_past) past.erase(past.begin());
}

std::string Edits::make() {
  constexpr std::array<std::pair<Step, std::size_t>, 12> steps = {{{&Edits::type, 30},
                                                                   {&Edits::insert_line, 20},
                                                                   {&Edits::delete_line, 12},
                                                                   {&Edits::copy_lines, 5},
                                                                   {&Edits::delete_anything, 4},
                                                                   {&Edits::undo, 10},
                                                                   {&Edits::close, 3},
                                                                   {&Edits::save, 3},
                                                                   {&Edits::save_elsewhere, 2},
                                                                   {&Edits::rename, 1},
                                                                   {&Edits::remove, 1},
                                                                   {&Edits::restore, 5}}};
  constexpr std::size_t most_open = 6;
  const std::size_t opened = editor_.opened().size();
  if (opened == 0 || (opened < most_open && below(15) == 0)) return open();
  std::size_t choice = below(96);
  for (const auto& [step, weight] : steps) {
    if (choice < weight) return (this->*step)();
    choice -= weight;
  }
  return undo();
}

void Edits::repair() {
  for (const std::string& path : open_paths()) {
    auto& past = past_[path];
    while (is_broken(editor_.opened().at(path)) && !past.empty()) {
      editor_.replace_all(path, past.back());
      past.pop_back();
    }
    if (is_broken(editor_.opened().at(path))) editor_.close(path);
  }
}

std::string Edits::open() {
  const std::vector<std::string> closed = closed_paths();
  if (closed.empty()) return "nothing to open";
  const std::string path = any(closed);
  past_[path].clear();
  editor_.open(path, editor_.disk().at(path));
  return "open " + path;
}

/// A word or two, letter by letter as one change each would be: here at once.
std::string Edits::type() {
  const std::string path = any(open_paths());
  remember(path);
  const std::string& text = editor_.opened().at(path);
  std::size_t at = text.find_first_of(" \n().,", below(text.size() + 1));
  at = std::min(at, text.size());
  static const std::vector<std::string> words = {".name",   ".author", "_x",       " ",    "(",
                                                 ")",       ".all()",  ".count()", "😀",   "0",
                                                 ".save()", "\n",      "\"",       "self."};
  editor_.edit(path, at, at, any(words));
  return "type in " + path;
}

std::string Edits::insert_line() {
  const std::string path = any(open_paths());
  remember(path);
  const std::string& text = editor_.opened().at(path);
  const std::size_t at = line_begin(text);
  const std::size_t code = std::min(text.find_first_not_of(' ', at), text.size());
  const std::string indent(code - at, ' ');
  std::string line = indent;
  for (const char c : any(lines)) line += c == '\n' ? "\n" + indent : std::string(1, c);
  editor_.edit(path, at, at, line + "\n");
  return "insert a line in " + path;
}

std::string Edits::delete_line() {
  const std::string path = any(open_paths());
  remember(path);
  const std::string& text = editor_.opened().at(path);
  const std::size_t at = line_begin(text);
  editor_.edit(path, at, std::min(text.find('\n', at), text.size() - 1) + 1, "");
  return "delete a line of " + path;
}

std::string Edits::copy_lines() {
  const std::string path = any(open_paths());
  remember(path);
  const std::string& text = editor_.opened().at(path);
  const std::size_t from = line_begin(text);
  const std::size_t end = std::min(text.find("\n\n", from), text.size());
  const std::string piece = text.substr(from, end - from) + "\n";
  const std::size_t to = line_begin(text);
  editor_.edit(path, to, to, piece);
  return "copy lines of " + path;
}

std::string Edits::delete_anything() {
  const std::string path = any(open_paths());
  remember(path);
  const std::string& text = editor_.opened().at(path);
  std::size_t begin = line_begin(text);
  const std::size_t end = std::min(text.size(), begin + below(400));
  editor_.edit(path, begin, std::max(begin, std::min(text.find('\n', end), text.size())), "");
  return "delete something of " + path;
}

std::string Edits::undo() {
  const std::string path = any(open_paths());
  auto& past = past_[path];
  if (past.empty()) return "nothing to undo in " + path;
  const std::size_t steps = 1 + below(std::min<std::size_t>(past.size(), 8));
  const std::string text = past[past.size() - steps];
  past.resize(past.size() - steps);
  editor_.replace_all(path, text);
  return "undo in " + path;
}

std::string Edits::close() {
  const std::string path = any(open_paths());
  past_.erase(path);
  editor_.close(path);
  return "close " + path;
}

std::string Edits::save() {
  const std::string path = any(open_paths());
  if (is_broken(editor_.opened().at(path))) return "nothing to save";
  editor_.write(path, editor_.opened().at(path));
  return "save " + path;
}

/// As a switch to another branch does, or a formatter.
std::string Edits::save_elsewhere() {
  const std::vector<std::string> closed = closed_paths();
  if (closed.empty()) return "nothing to save elsewhere";
  const std::string path = any(closed);
  std::string text = editor_.disk().at(path);
  const std::size_t at = line_begin(text);
  text.insert(at, "# saved by somebody else\n");
  editor_.write(path, text);
  return "save " + path + " elsewhere";
}

std::string Edits::rename() {
  const std::vector<std::string> closed = closed_paths();
  if (closed.empty()) return "nothing to rename";
  const std::string path = any(closed);
  const std::string text = editor_.disk().at(path);
  editor_.write(path, std::nullopt);
  editor_.write(path.substr(0, path.size() - 3) + "_renamed.py", text);
  return "rename " + path;
}

std::string Edits::remove() {
  const std::vector<std::string> closed = closed_paths();
  if (closed.size() < 3) return "nothing to remove";
  const std::string path = any(closed);
  editor_.write(path, std::nullopt);
  return "remove " + path;
}

/// Without it, random edits would leave a small project with nothing to find.
std::string Edits::restore() {
  std::vector<std::string> changed;
  for (const auto& [path, text] : original_) {
    const auto now = editor_.disk().find(path);
    const bool is_same = now != editor_.disk().end() && now->second == text;
    if (!is_same || editor_.opened().contains(path)) changed.push_back(path);
  }
  if (changed.empty()) return "nothing to restore";
  const std::string path = any(changed);
  if (editor_.opened().contains(path)) editor_.close(path);
  past_.erase(path);
  editor_.write(path, original_.at(path));
  return "restore " + path;
}

}  // namespace querylint::tests
