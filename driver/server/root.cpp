#include "driver/server/root.h"

#include <algorithm>
#include <map>

#include "driver/selection.h"
#include "driver/server/document.h"
#include "driver/server/uri.h"

namespace querylint::driver::server {
namespace {

bool lies_below(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.starts_with(folder) &&
         (folder.ends_with('/') || path[folder.size()] == '/');
}

std::string below(const std::string& path, const std::string& folder) {
  return path.substr(folder.size() + (folder.ends_with('/') ? 0 : 1));
}

}  // namespace

Root::Root(std::string folder, RootOptions options)
    : folder_(std::move(folder)),
      canonical_folder_(canonical_path(folder_)),
      options_(std::move(options)) {
  configure();
}

void Root::configure() {
  const std::string root_before = workspace_.root;
  workspace_ = options_.find_workspace(folder_);
  trouble_ = workspace_.error;
  analysis_.reset();
  findings_.clear();
  std::string error;
  auto selection = select_rules(workspace_.config.select, workspace_.config.ignore, error);
  if (trouble_.empty() && !selection) trouble_ = error;
  if (workspace_.root != root_before || overlay_ == nullptr) {
    std::map<std::string, std::string> opened;
    if (overlay_ != nullptr) opened = overlay_->texts();
    const std::string old = root_before.empty() ? workspace_.root : root_before;
    disk_ = options_.open_disk(workspace_.root);
    overlay_ = std::make_unique<Overlay>(*disk_);
    for (const auto& [path, text] : opened) {
      if (const auto moved = relative(old + "/" + path)) overlay_->put(*moved, text);
    }
  }
  if (!trouble_.empty()) return;
  if (!options_.cache_folder.empty() && cache_ == nullptr) {
    cache_ = std::make_unique<Cache>(options_.cache_folder);
  }
  Input input;
  input.disk = overlay_.get();
  input.config = workspace_.config;
  input.selection = std::move(*selection);
  input.cache = cache_.get();
  input.threads = options_.threads;
  analysis_ = std::make_unique<Analysis>(std::move(input), [this](const std::string& path) {
    return overlay_->texts().contains(path);
  });
}

std::optional<std::string> Root::relative(const std::string& path) const {
  if (workspace_.root.empty() || !lies_below(path, workspace_.root)) return std::nullopt;
  return below(path, workspace_.root);
}

std::string Root::absolute(const std::string& relative) const {
  const std::string path = workspace_.root + (workspace_.root.ends_with('/') ? "" : "/") + relative;
  if (!lies_below(path, canonical_folder_)) return path;
  return folder_ + (folder_.ends_with('/') ? "" : "/") + below(path, canonical_folder_);
}

void Root::open(const std::string& relative, const std::string& text) {
  const bool is_opening = !overlay_->texts().contains(relative);
  overlay_->put(relative, text);
  if (analysis_ == nullptr) return;
  if (is_opening) {
    analysis_->note_opening(relative);
  } else {
    analysis_->note_change(relative);
  }
}

void Root::close(const std::string& relative) {
  overlay_->take_away(relative);
  if (analysis_ != nullptr) analysis_->note_change(relative);
}

void Root::note_disk_change(const std::string& relative) {
  if (analysis_ != nullptr) analysis_->note_change(relative);
}

void Root::note_disk_changes() {
  if (analysis_ != nullptr) analysis_->note_changes();
}

bool Root::is_current() const { return analysis_ == nullptr || analysis_->is_current(); }

bool Root::knows(const std::string& relative) const {
  return analysis_ == nullptr || analysis_->knows(relative);
}

bool Root::work() {
  if (analysis_ == nullptr) return false;
  const bool is_settled = analysis_->work();
  if (!is_settled && !analysis_->is_current()) return false;
  findings_ = analysis_->held_back().empty() ? analysis_->findings() : moved_findings();
  return true;
}

Analysis::State Root::state() const {
  return analysis_ == nullptr ? Analysis::State{} : analysis_->state();
}

std::vector<diagnostics::Diagnostic> Root::moved_findings() const {
  std::map<std::string, Splice> edits;
  for (const std::string& path : analysis_->held_back()) {
    edits[path] = difference(analysis_->text_of(path), text_of(path));
  }
  const auto move = [&](diagnostics::Place& place) {
    const auto edit = edits.find(place.path);
    if (edit == edits.end()) return true;
    const auto range = moved(place.range, edit->second);
    place.range = range.value_or(place.range);
    return range.has_value();
  };
  std::vector<diagnostics::Diagnostic> shown;
  for (diagnostics::Diagnostic finding : analysis_->findings()) {
    if (!move(finding.place)) continue;
    std::erase_if(finding.related, [&](auto& related) { return !move(related.place); });
    std::erase_if(finding.flow, [&](auto& step) { return !move(step.place); });
    std::erase_if(finding.fixes, [&](diagnostics::Fix& fix) {
      return !std::ranges::all_of(fix.edits, [&](auto& edit) { return move(edit.place); });
    });
    shown.push_back(std::move(finding));
  }
  return shown;
}

std::string_view Root::text_of(const std::string& relative) const {
  if (analysis_ == nullptr) return {};
  const auto opened = overlay_->texts().find(relative);
  const bool is_held_back = analysis_->held_back().contains(relative);
  if (is_held_back && opened != overlay_->texts().end()) return opened->second;
  return analysis_->text_of(relative);
}

}  // namespace querylint::driver::server
