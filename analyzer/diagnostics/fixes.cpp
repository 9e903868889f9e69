#include "analyzer/diagnostics/fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace querylint::diagnostics {
namespace {

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.find_last_of("\r\n", at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

/// `\n`, `\r\n` or `\r`, as the first line has it.
std::string_view newline_of(std::string_view text) {
  const std::size_t end = line_end(text, 0);
  if (text.substr(end, 2) == "\r\n") return "\r\n";
  return text.substr(end, 1) == "\r" ? "\r" : "\n";
}

/// What Python code a text has: whether a byte is code, or in a string or comment.
enum class Part : std::uint8_t { code, string, comment };

/// Reads a file from its beginning on, a piece of code, a string or a comment at a time.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  struct Piece {
    Part part = Part::code;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// The next piece; it is empty at the end. Code comes a character at a time.
  Piece next() {
    const std::size_t begin = at_;
    if (begin == text_.size()) return {Part::code, begin, begin};
    const char first = text_[begin];
    if (first == '#') {
      at_ = line_end(text_, begin);
      return {Part::comment, begin, at_};
    }
    if (first == '"' || first == '\'') {
      skip_string(first);
      return {Part::string, begin, at_};
    }
    ++at_;
    return {Part::code, begin, at_};
  }

 private:
  /// A raw string may hold an escaped quote as well. A string of one line that is not closed ends
  /// with the line.
  void skip_string(char quote) {
    const std::string triple(3, quote);
    const bool is_long = text_.substr(at_).starts_with(triple);
    at_ += is_long ? 3 : 1;
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        at_ += at_ + 1 < text_.size() ? 2 : 1;
        continue;
      }
      if (is_long && text_.substr(at_).starts_with(triple)) {
        at_ += 3;
        return;
      }
      if (!is_long && (text_[at_] == quote || text_[at_] == '\n')) {
        ++at_;
        return;
      }
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The comment that ends the line at `end`; an empty range at `end` where code does; nothing where
/// the line ends inside a string.
std::optional<base::ByteRange> comment_at_end(std::string_view text, std::size_t end) {
  Reader reader(text);
  for (auto piece = reader.next(); piece.begin < piece.end; piece = reader.next()) {
    if (piece.end < end) continue;
    if (piece.part == Part::string && piece.end > end) return std::nullopt;
    const std::size_t begin = piece.part == Part::comment ? piece.begin : end;
    return base::ByteRange{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  return base::ByteRange{static_cast<std::uint32_t>(end), static_cast<std::uint32_t>(end)};
}

/// Whether a piece of code closes no bracket that it did not open, and has no comment.
bool can_be_taken_away(std::string_view code) {
  std::string open;
  for (const char c : code) {
    const std::size_t kind = std::string_view("([{").find(c);
    if (kind != std::string_view::npos) open.push_back(")]}"[kind]);
    if (c == ')' || c == ']' || c == '}') {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
    }
    if (c == '#') return false;
  }
  return open.empty();
}

/// A chain that begins each call on its own line goes on like this. The line must stand in
/// brackets: it is not continued by a backslash.
std::string in_chain(std::string_view text, const Edit& edit) {
  const std::size_t begin = line_begin(text, edit.place.range.begin);
  const std::size_t code = text.find_first_not_of(" \t", begin);
  const bool is_chained = code != std::string_view::npos && text[code] == '.' &&
                          code < edit.place.range.begin && begin > 0;
  if (!is_chained) return edit.replacement;
  const std::size_t before = text.find_last_not_of("\r\n", begin - 1);
  const bool is_continued = before != std::string_view::npos && text[before] == '\\';
  if (is_continued || !can_be_taken_away(text.substr(code, edit.place.range.begin - code))) {
    return edit.replacement;
  }
  return fmt::format("\n{}{}", text.substr(begin, code - begin), edit.replacement);
}

bool has_comma_outside_brackets(std::string_view code) {
  int depth = 0;
  return std::ranges::any_of(code, [&](char c) {
    if (std::string_view("([{").find(c) != std::string_view::npos) ++depth;
    if (std::string_view(")]}").find(c) != std::string_view::npos) --depth;
    return c == ',' && depth == 0;
  });
}

/// A list that begins each element on its own line goes on like this.
std::string in_list(std::string_view text, const Edit& edit) {
  const std::size_t begin = line_begin(text, edit.place.range.begin);
  const std::size_t code = text.find_first_not_of(" \t", begin);
  if (begin == 0 || code == std::string_view::npos || code >= edit.place.range.begin)
    return edit.replacement;
  const std::size_t before = text.find_last_not_of(" \t\r\n", begin - 1);
  const bool is_first =
      before != std::string_view::npos && (text[before] == '(' || text[before] == ',');
  const std::string_view element = text.substr(code, edit.place.range.begin - code);
  if (!is_first || !can_be_taken_away(element) || has_comma_outside_brackets(element))
    return edit.replacement;
  return fmt::format(",\n{}{}", text.substr(begin, code - begin),
                     std::string_view(edit.replacement).substr(2));
}

/// The end of the statement without an indentation that `at` is in. The statement is an import: it
/// has no strings.
std::size_t statement_end(std::string_view text, std::size_t at) {
  std::size_t begin = line_begin(text, at);
  while (begin > 0 && (text[begin] == ' ' || text[begin] == '\t' || text[begin] == ')')) {
    begin = line_begin(text, begin - 1);
  }
  int depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '#') i = line_end(text, i);
    if (i == text.size()) break;
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    const bool ends = text[i] == '\n' || text[i] == '\r';
    if (ends && depth == 0 && (i == 0 || text[i - 1] != '\\')) return i;
  }
  return text.size();
}

/// Python before 3.12 knows no quotes of the same kind and no backslashes in an f-string.
bool can_stand_in_string(std::string_view code) {
  return code.find_first_of("\"'\\\n") == std::string_view::npos;
}

/// Where the strings of files are, each file read once.
class Strings {
 public:
  explicit Strings(const TextOf& text_of) : text_of_(text_of) {}

  /// Whether an insertion there stands in a string: in an expression of an f-string.
  bool are_around(const Place& place) {
    const std::vector<base::ByteRange>& strings = of(place.path);
    const std::uint32_t at = place.range.begin;
    const auto behind = std::ranges::upper_bound(strings, at, {}, &base::ByteRange::begin);
    return behind != strings.begin() && at < (behind - 1)->end && at > (behind - 1)->begin;
  }

  /// Whether most strings of the file are in single quotes.
  bool are_in_single_quotes(const std::string& path) {
    const std::vector<base::ByteRange>& strings = of(path);
    const std::string_view text = text_of_(path);
    const auto count = std::ranges::count_if(
        strings, [&](const base::ByteRange& string) { return text[string.begin] == '\''; });
    return 2 * static_cast<std::size_t>(count) > strings.size();
  }

 private:
  const std::vector<base::ByteRange>& of(const std::string& path) {
    const auto [known, is_new] = by_path_.try_emplace(path);
    if (is_new) known->second = strings_in(text_of_(path));
    return known->second;
  }

  static std::vector<base::ByteRange> strings_in(std::string_view text) {
    std::vector<base::ByteRange> strings;
    Reader reader(text);
    for (auto piece = reader.next(); piece.begin < piece.end; piece = reader.next()) {
      if (piece.part != Part::string) continue;
      strings.push_back(
          {static_cast<std::uint32_t>(piece.begin), static_cast<std::uint32_t>(piece.end)});
    }
    return strings;
  }

  const TextOf& text_of_;
  std::map<std::string, std::vector<base::ByteRange>> by_path_;
};

void lay_out(Edit& edit, std::string_view text) {
  if (edit.layout == Layout::in_chain) edit.replacement = in_chain(text, edit);
  if (edit.layout == Layout::in_list) edit.replacement = in_list(text, edit);
  if (edit.layout == Layout::behind_statement) {
    const auto end = static_cast<std::uint32_t>(statement_end(text, edit.place.range.begin));
    edit.place.range = {end, end};
    edit.replacement = "\n" + edit.replacement;
  }
  edit.layout = Layout::as_it_is;
}

bool comes_before(const Edit& a, const Edit& b) {
  return std::tie(a.place.path, a.place.range.begin, a.place.range.end) <
         std::tie(b.place.path, b.place.range.begin, b.place.range.end);
}

/// Whether a list of arguments has that one.
bool has_argument(std::string_view list, std::string_view argument) {
  for (std::size_t at = list.find(argument); at != std::string_view::npos;
       at = list.find(argument, at + 1)) {
    const std::size_t end = at + argument.size();
    const bool begins =
        at == 0 || std::string_view(" (\n").find(list[at - 1]) != std::string_view::npos;
    if (begins && (end == list.size() || list[end] == ',')) return true;
  }
  return false;
}

/// What one insertion says for two at the same place; nothing where they do not go together.
std::optional<std::string> joined(const std::string& a, const std::string& b) {
  if (a == b) return a;
  const auto adds_argument = [](const std::string& text) { return text.starts_with(','); };
  if (adds_argument(a) && adds_argument(b)) {
    const std::size_t argument = b.find_first_not_of(", \n");
    return has_argument(a, std::string_view(b).substr(argument)) ? a : a + b;
  }
  const std::size_t open = a.find('(') + 1;
  const bool are_calls = open > 0 && a.ends_with(')') && b.ends_with(')') &&
                         b.starts_with(std::string_view(a).substr(0, open));
  if (!are_calls) return std::nullopt;
  const std::string_view list = std::string_view(a).substr(0, a.size() - 1);
  const std::string_view argument = std::string_view(b).substr(open, b.size() - 1 - open);
  return has_argument(list.substr(open), argument) ? a : fmt::format("{}, {})", list, argument);
}

bool is_insertion(const Edit& edit) { return edit.place.range.begin == edit.place.range.end; }

bool has_clash(const std::vector<Edit>& edits) {
  return std::ranges::adjacent_find(edits, clash) != edits.end();
}

/// Lays the fix out; false where it cannot be applied.
bool fit(Fix& fix, const TextOf& text_of, Strings& strings) {
  std::string taken;
  for (Edit& edit : fix.edits) {
    const std::string_view text = text_of(edit.place.path);
    const base::ByteRange range = edit.place.range;
    if (range.begin > range.end || range.end > text.size()) return false;
    lay_out(edit, text);
    if (!can_stand_in_string(edit.replacement) && strings.are_around(edit.place)) return false;
    const bool has_single = edit.replacement.find('\'') != std::string::npos;
    if (!has_single && strings.are_in_single_quotes(edit.place.path))
      std::ranges::replace(edit.replacement, '"', '\'');
    taken.append(text.substr(range.begin, range.end - range.begin));
  }
  std::ranges::sort(fix.edits, comes_before);
  return can_be_taken_away(taken) && !has_clash(fix.edits);
}

}  // namespace

std::string apply(std::string_view text, const std::vector<Edit>& edits) {
  const std::string_view newline = newline_of(text);
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    out.append(text.substr(done, edit.place.range.begin - done));
    for (const char c : edit.replacement) {
      if (c == '\n') {
        out.append(newline);
      } else {
        out.push_back(c);
      }
    }
    done = edit.place.range.end;
  }
  return out.append(text.substr(done));
}

bool clash(const Edit& a, const Edit& b) {
  if (a.place.path != b.place.path) return false;
  const base::ByteRange x = a.place.range;
  const base::ByteRange y = b.place.range;
  if (x.begin == y.begin) return true;
  return x.begin < y.begin ? y.begin < x.end : x.begin < y.end;
}

std::size_t moved(std::string_view text, const std::vector<Edit>& edits, std::size_t at) {
  std::vector<Edit> before;
  for (const Edit& edit : edits) {
    const base::ByteRange range = edit.place.range;
    if (range.begin < at && at < range.end) at = range.begin;
    if (range.end <= at) before.push_back(edit);
  }
  return diagnostics::apply(text.substr(0, at), before).size();
}

bool add(const Edit& edit, std::vector<Edit>& edits) {
  const auto other =
      std::ranges::find_if(edits, [&](const Edit& known) { return clash(known, edit); });
  if (other == edits.end()) {
    edits.insert(std::ranges::upper_bound(edits, edit, comes_before), edit);
    return true;
  }
  if (!is_insertion(edit) || !is_insertion(*other)) return false;
  auto text = joined(other->replacement, edit.replacement);
  if (text) other->replacement = std::move(*text);
  return text.has_value();
}

std::optional<Fix> both(const Fix& a, const Fix& b) {
  if (a.title != b.title) return std::nullopt;
  Fix fix = a;
  fix.safety = std::max(a.safety, b.safety);
  for (const Edit& edit : b.edits) {
    if (std::ranges::find(fix.edits, edit) == fix.edits.end()) fix.edits.push_back(edit);
  }
  std::ranges::sort(fix.edits, comes_before);
  if (has_clash(fix.edits)) return std::nullopt;
  return fix;
}

std::optional<Fix> ignore_comment(const Diagnostic& diagnostic, std::string_view text) {
  constexpr std::string_view mark = "querylint: ignore";
  const std::size_t end =
      line_end(text, std::min<std::size_t>(diagnostic.place.range.begin, text.size()));
  if (!diagnostic.place.path.ends_with(".py") || (end > 0 && text[end - 1] == '\\')) {
    return std::nullopt;
  }
  const auto comment = comment_at_end(text, end);
  if (!comment) return std::nullopt;
  const std::string_view said = text.substr(comment->begin, comment->end - comment->begin);
  const std::size_t marked = said.find(mark);
  std::size_t at = end;
  std::string added = fmt::format("  # {}[{}]", mark, diagnostic.rule);
  if (marked != std::string_view::npos) {
    const std::size_t close = said.find(']', marked);
    const bool is_list = said.substr(marked + mark.size()).starts_with('[');
    if (!is_list || close == std::string_view::npos) return std::nullopt;
    at = comment->begin + close;
    added = fmt::format(", {}", diagnostic.rule);
  }
  const auto place = static_cast<std::uint32_t>(at);
  Edit edit{{diagnostic.place.path, {place, place}}, std::move(added), Layout::as_it_is};
  return Fix{fmt::format("Ignore {} on this line", diagnostic.rule), Safety::safe, {edit}};
}

void fit_fixes(std::vector<Diagnostic>& diagnostics, const TextOf& text_of) {
  Strings strings(text_of);
  for (Diagnostic& diagnostic : diagnostics) {
    std::erase_if(diagnostic.fixes, [&](Fix& fix) { return !fit(fix, text_of, strings); });
  }
}

}  // namespace querylint::diagnostics
