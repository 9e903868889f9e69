// What the reports for people share: colours, and text that is safe to show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::reports {

enum class Style : std::uint8_t { strong, error, warning, advice, frame };

Style style_of(diagnostics::Severity severity);

class Painter {
 public:
  explicit Painter(bool use_colour) : use_colour_(use_colour) {}

  std::string operator()(Style style, std::string_view text) const;

 private:
  bool use_colour_;
};

/// `text` on one line, as valid UTF-8, and with nothing in it that steers a terminal.
std::string printable(std::string_view text);

/// `1 problem`, `2 problems`.
std::string counted(std::size_t count, std::string_view noun);

}  // namespace querylint::reports
