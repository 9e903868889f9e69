#include "driver/server/root.h"

#include "driver/selection.h"
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
  std::string error;
  auto selection = select_rules(workspace_.config.select, workspace_.config.ignore, error);
  if (trouble_.empty() && !selection) trouble_ = error;
  if (workspace_.root != root_before || overlay_ == nullptr) {
    std::map<std::string, std::string> opened;
    if (overlay_ != nullptr) opened = overlay_->opened();
    const std::string old = root_before.empty() ? workspace_.root : root_before;
    overlay_ = std::make_unique<Overlay>(options_.open_disk(workspace_.root));
    for (const auto& [path, text] : opened) {
      if (const auto moved = relative(old + "/" + path)) overlay_->open(*moved, text);
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
  analysis_ = std::make_unique<Analysis>(std::move(input));
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
  overlay_->open(relative, text);
  if (analysis_ != nullptr) analysis_->note_change();
}

void Root::close(const std::string& relative) {
  overlay_->close(relative);
  if (analysis_ != nullptr) analysis_->note_change();
}

void Root::note_disk_change() {
  if (analysis_ != nullptr) analysis_->note_change();
}

bool Root::is_current() const { return analysis_ == nullptr || analysis_->is_current(); }

void Root::work() {
  if (analysis_ != nullptr) analysis_->work();
}

const std::vector<diagnostics::Diagnostic>& Root::findings() const {
  static const std::vector<diagnostics::Diagnostic> none;
  return analysis_ == nullptr ? none : analysis_->findings();
}

std::string_view Root::text_of(const std::string& relative) const {
  return analysis_ == nullptr ? std::string_view() : analysis_->text_of(relative);
}

}  // namespace querylint::driver::server
