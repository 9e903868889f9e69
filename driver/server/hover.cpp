#include "driver/server/hover.h"

#include <algorithm>
#include <vector>

#include "driver/server/pages.h"

namespace querylint::driver::server {

Json hover_at(std::span<const diagnostics::Diagnostic> findings, const std::string& path,
              const reports::LineIndex& index, std::uint32_t offset, const Client& client) {
  std::vector<std::string_view> rules;
  base::ByteRange range;
  std::string text;
  for (const diagnostics::Diagnostic& finding : findings) {
    const auto& [begin, end] = finding.place.range;
    if (finding.place.path != path || offset < begin || offset > end) continue;
    if (rules.empty()) range = finding.place.range;
    if (std::ranges::find(rules, finding.rule) != rules.end()) continue;
    rules.push_back(finding.rule);
    if (!text.empty()) text += "\n---\n\n";
    text += page_of(finding.rule);
  }
  if (rules.empty()) return nullptr;
  return {
      {"contents", {{"kind", client.knows_markdown ? "markdown" : "plaintext"}, {"value", text}}},
      {"range", range_of(index, range, client.encoding)}};
}

}  // namespace querylint::driver::server
