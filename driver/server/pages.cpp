#include "driver/server/pages.h"

#include <algorithm>
#include <filesystem>

#include "driver/disk.h"
#include "driver/rule_infos.h"
#include "driver/server/uri.h"
#include "driver/version.h"

namespace querylint::driver::server {

namespace fs = std::filesystem;

std::string_view page_of(std::string_view rule) {
  static const std::vector<reports::RuleInfo> infos = rule_infos();
  const auto found = std::ranges::find(infos, rule, &reports::RuleInfo::name);
  return found == infos.end() ? std::string_view() : found->page;
}

std::string page_uri(std::string_view rule, const std::string& folder) {
  const std::string_view page = page_of(rule);
  if (folder.empty() || page.empty()) return {};
  const fs::path path = fs::path(folder) / "rules" / version / (std::string(rule) + ".md");
  std::error_code error;
  if (fs::file_size(path, error) != page.size() || error) {
    fs::create_directories(path.parent_path(), error);
    if (error || write_file(path.string(), page)) return {};
  }
  return uri_of_path(path.generic_string());
}

}  // namespace querylint::driver::server
