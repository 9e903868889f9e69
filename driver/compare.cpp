#include "driver/compare.h"

#include <algorithm>
#include <map>

namespace querylint::driver {
namespace {

using diagnostics::Diagnostic;

bool has_file(const Reading& reading, const std::string& path) {
  return std::ranges::binary_search(reading.texts, path, {}, &SourceText::path);
}

/// A file that only one side has may be one that only the other has under another name.
std::string identity_in(const Reading& reading, const Diagnostic& diagnostic,
                        const Reading& other) {
  const std::string_view text = reading.text_of(diagnostic.place.path);
  if (has_file(other, diagnostic.place.path)) return diagnostics::identity_of(diagnostic, text);
  Diagnostic anywhere = diagnostic;
  anywhere.place.path.clear();
  return diagnostics::identity_of(anywhere, text);
}

}  // namespace

std::vector<Diagnostic> new_findings(const Findings& now, const Findings& before) {
  std::map<std::string, std::size_t> known;
  for (const Diagnostic& diagnostic : before.diagnostics) {
    ++known[identity_in(*before.reading, diagnostic, *now.reading)];
  }
  std::vector<Diagnostic> added;
  for (const Diagnostic& diagnostic : now.diagnostics) {
    std::size_t& count = known[identity_in(*now.reading, diagnostic, *before.reading)];
    if (count == 0) {
      added.push_back(diagnostic);
    } else {
      --count;
    }
  }
  return added;
}

}  // namespace querylint::driver
