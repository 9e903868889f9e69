#include "driver/server/actions.h"

#include <algorithm>

#include "analyzer/diagnostics/fixes.h"

namespace querylint::driver::server {
namespace {

using diagnostics::Diagnostic;

constexpr std::string_view quick_fix = "quickfix";

bool wants_quick_fixes(const ActionTarget& target) {
  return !target.kinds || std::ranges::any_of(*target.kinds, [](const std::string& kind) {
    return kind.empty() || kind == quick_fix;
  });
}

/// The text of an edit with the line ends of the file that it goes to.
std::string with_line_ends_of(std::string_view text, const std::string& replacement) {
  if (text.find("\r\n") == std::string_view::npos) return replacement;
  std::string out;
  for (const char c : replacement) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

class Maker {
 public:
  Maker(const ActionTarget& target, const Client& client, const Places& places)
      : target_(target), client_(client), places_(places) {}

  Json edit_action(const Diagnostic& finding, std::string_view title,
                   std::span<const diagnostics::Edit> edits, bool is_preferred) const {
    Json action = {{"title", title},
                   {"kind", quick_fix},
                   {"diagnostics", Json::array({item_of(finding, client_, places_, {})})},
                   {"edit", workspace_edit(edits)}};
    if (is_preferred) action["isPreferred"] = true;
    return action;
  }

  Json explain_action(const Diagnostic& finding) const {
    const std::string title = "Explain " + std::string(finding.rule);
    Json command = {
        {"title", title}, {"command", explain_command}, {"arguments", Json::array({finding.rule})}};
    if (!client_.knows_action_literals) return command;
    return {{"title", title}, {"kind", quick_fix}, {"command", std::move(command)}};
  }

 private:
  Json workspace_edit(std::span<const diagnostics::Edit> edits) const {
    std::map<std::string, Json> of_files;
    for (const diagnostics::Edit& edit : edits) {
      const diagnostics::Place& place = edit.place;
      const reports::LineIndex& index = places_.sources.of(place.path);
      of_files.try_emplace(place.path, Json::array())
          .first->second.push_back(
              {{"range", range_of(index, place.range, client_.encoding)},
               {"newText", with_line_ends_of(index.text(), edit.replacement)}});
    }
    Json changes = Json::object();
    Json document_changes = Json::array();
    for (auto& [path, list] : of_files) {
      const auto version = target_.version_of(path);
      const std::string uri = path == target_.path ? target_.uri : places_.uri_of(path);
      if (client_.knows_document_changes) {
        document_changes.push_back(
            {{"textDocument", {{"uri", uri}, {"version", version ? Json(*version) : Json()}}},
             {"edits", std::move(list)}});
      } else {
        changes[uri] = std::move(list);
      }
    }
    if (client_.knows_document_changes) return {{"documentChanges", std::move(document_changes)}};
    return {{"changes", std::move(changes)}};
  }

  const ActionTarget& target_;
  const Client& client_;
  const Places& places_;
};

bool is_touched(const Diagnostic& finding, const ActionTarget& target) {
  const auto& [begin, end] = finding.place.range;
  return finding.place.path == target.path && begin <= target.range.end &&
         target.range.begin <= end;
}

}  // namespace

Json actions_at(std::span<const Diagnostic> findings, const ActionTarget& target,
                const Client& client, const Places& places) {
  Json actions = Json::array();
  if (!wants_quick_fixes(target)) return actions;
  const Maker maker(target, client, places);
  std::vector<const Diagnostic*> touched;
  for (const Diagnostic& finding : findings) {
    if (is_touched(finding, target)) touched.push_back(&finding);
  }
  if (client.knows_action_literals) {
    for (const Diagnostic* finding : touched) {
      for (const diagnostics::Fix& fix : finding->fixes) {
        const bool is_preferred =
            fix.safety == diagnostics::Safety::safe && &fix == &finding->fixes.front();
        actions.push_back(maker.edit_action(*finding, fix.title, fix.edits, is_preferred));
      }
    }
    for (const Diagnostic* finding : touched) {
      const auto comment =
          diagnostics::ignore_comment(*finding, places.sources.of(target.path).text());
      if (!comment) continue;
      actions.push_back(maker.edit_action(*finding, comment->title, comment->edits, false));
    }
  }
  std::vector<std::string_view> explained;
  for (const Diagnostic* finding : touched) {
    if (std::ranges::find(explained, finding->rule) != explained.end()) continue;
    explained.push_back(finding->rule);
    actions.push_back(maker.explain_action(*finding));
  }
  return actions;
}

}  // namespace querylint::driver::server
