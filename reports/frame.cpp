#include "reports/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "reports/shown_line.h"

namespace querylint::reports {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Related;

/// A mark in the columns of its line as it is shown.
struct Underline {
  Span span;
  const Mark* mark;
};

/// The frame for a file, added when there is none yet.
Frame& frame_for(const std::string& path, std::vector<Frame>& frames, Sources& sources) {
  const auto found = std::ranges::find(frames, path, &Frame::path);
  if (found != frames.end()) return *found;
  return frames.emplace_back(Frame{path, &sources.of(path), {}});
}

void add_related(const Related& related, Frame& frame) {
  Mark& first = frame.marks.front();
  if (first.is_primary && first.label.empty() && first.range == related.place.range) {
    first.label = related.message;
    return;
  }
  const Mark mark{related.place.range, related.message};
  if (std::ranges::find(frame.marks, mark) == frame.marks.end()) frame.marks.push_back(mark);
}

/// Draws the frames of one finding, which share the width of their line numbers.
class Artist {
 public:
  Artist(std::size_t gutter, Style style, const Painter& paint)
      : gutter_(gutter), style_(style), paint_(paint) {}

  std::string run(const std::vector<Frame>& frames, std::string_view note) {
    std::string_view arrow = "-->";
    for (const Frame& frame : frames) {
      draw(frame, arrow);
      if (&frame != &frames.back()) line("", "|", "");
      arrow = ":::";
    }
    if (!note.empty()) line("", "=", note);
    return std::move(out_);
  }

 private:
  void draw(const Frame& frame, std::string_view arrow) {
    const Position position = frame.index->position(frame.marks.front().range.begin);
    fmt::format_to(std::back_inserter(out_), "{:{}}{} {}:{}:{}\n", "", gutter_,
                   paint_(Style::frame, arrow), printable(frame.path), position.line,
                   position.column);
    if (frame.index->text().empty()) {
      for (const Mark& mark : frame.marks) {
        if (!mark.label.empty()) line("", "=", printable(mark.label));
      }
    } else {
      line("", "|", "");
      draw_lines(frame);
    }
  }

  void draw_lines(const Frame& frame) {
    std::map<std::uint32_t, std::vector<const Mark*>> lines;
    for (const Mark& mark : frame.marks) {
      lines[frame.index->line_of(mark.range.begin)].push_back(&mark);
    }
    std::uint32_t previous = lines.begin()->first;
    for (auto& [number, marks] : lines) {
      if (number == previous + 2) draw_line(*frame.index, number - 1, {});
      if (number > previous + 2) out_.append(paint_(Style::frame, "...")).push_back('\n');
      draw_line(*frame.index, number, std::move(marks));
      previous = number;
    }
  }

  void draw_line(const LineIndex& index, std::uint32_t number, std::vector<const Mark*> marks) {
    std::ranges::stable_sort(marks, {}, [](const Mark* mark) {
      return std::pair(!mark->is_primary, mark->range.begin);
    });
    const std::uint32_t begin = index.line_range(number).begin;
    std::vector<base::ByteRange> ranges;
    for (const Mark* mark : marks) {
      const base::ByteRange range = index.first_line_of(mark->range);
      ranges.push_back({range.begin - begin, range.end - begin});
    }
    const ShownLine shown(index.line(number), ranges.empty() ? base::ByteRange() : ranges.front());
    line(fmt::to_string(number), "|", shown.text());
    std::vector<Underline> underlines;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      underlines.push_back({shown.columns_of(ranges[i]), marks[i]});
    }
    draw_underlines(underlines);
  }

  /// Underlines share a row until one has a label.
  void draw_underlines(const std::vector<Underline>& underlines) {
    std::string row;
    std::uint32_t filled = 0;
    bool is_open = true;
    for (const auto& [span, mark] : underlines) {
      if (!row.empty() && (!is_open || span.begin <= filled)) {
        line("", "|", std::exchange(row, {}));
        filled = 0;
      }
      row.append(span.begin - filled, ' ').append(underline(span.end - span.begin, *mark));
      filled = span.end;
      is_open = mark->label.empty();
    }
    if (!row.empty()) line("", "|", row);
  }

  std::string underline(std::size_t length, const Mark& mark) const {
    std::string text(length, mark.is_primary ? '^' : '-');
    if (!mark.label.empty()) text.append(" ").append(printable(mark.label));
    return paint_(mark.is_primary ? style_ : Style::frame, text);
  }

  void line(std::string_view number, std::string_view sign, std::string_view text) {
    out_.append(paint_(Style::frame, fmt::format("{:>{}} {}", number, gutter_, sign)));
    const std::string_view rest = text.substr(0, text.find_last_not_of(' ') + 1);
    if (!rest.empty()) out_.append(" ").append(rest);
    out_.push_back('\n');
  }

  std::size_t gutter_;
  Style style_;
  const Painter& paint_;
  std::string out_;
};

}  // namespace

std::vector<Frame> frames_of(const Diagnostic& diagnostic, Sources& sources) {
  std::vector<Frame> frames;
  frame_for(diagnostic.place.path, frames, sources)
      .marks.push_back({diagnostic.place.range, {}, true});
  for (const Related& related : diagnostic.related) {
    Frame& frame = frame_for(related.place.path, frames, sources);
    if (frame.marks.empty()) {
      frame.marks.push_back({related.place.range, related.message});
    } else {
      add_related(related, frame);
    }
  }
  return frames;
}

std::string draw(const std::vector<Frame>& frames, Style style, const Painter& paint,
                 std::string_view note) {
  std::uint32_t last_line = 1;
  for (const Frame& frame : frames) {
    for (const Mark& mark : frame.marks) {
      last_line = std::max(last_line, frame.index->line_of(mark.range.begin));
    }
  }
  return Artist(fmt::formatted_size("{}", last_line), style, paint).run(frames, note);
}

}  // namespace querylint::reports
