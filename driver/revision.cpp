#include "driver/revision.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include "driver/git.h"

namespace querylint::driver {
namespace {

constexpr std::string_view since_mark = "...";

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Why a revision is not there: clones of continuous integration often hold a single commit.
std::string unknown_revision(const std::string& folder, const std::string& name,
                             const std::string& what) {
  const GitAnswer shallow = ask_git(folder, {"rev-parse", "--is-shallow-repository"});
  if (!shallow.output.starts_with("true")) return fmt::format("--diff {}: {}", name, what);
  return fmt::format(
      "--diff {}: {}; this clone is shallow: `git fetch --unshallow` gets the rest, or "
      "`fetch-depth: 0` of actions/checkout",
      name, what);
}

/// A commit's hash, or `error`.
std::optional<std::string> commit_of(const std::string& folder, std::string_view name,
                                     std::string& error) {
  const bool is_since = name.ends_with(since_mark);
  std::string end(name);
  if (is_since) end.resize(end.size() - since_mark.size());
  const bool is_option = end.starts_with('-');
  const GitAnswer found =
      is_option ? GitAnswer{}
                : ask_git(folder, {"rev-parse", "--verify", "--quiet", end + "^{commit}"});
  if (!found.succeeded) {
    error = unknown_revision(folder, end, "there is no such revision");
    return std::nullopt;
  }
  if (!is_since) return without_line_end(found.output);
  const GitAnswer base = ask_git(folder, {"merge-base", without_line_end(found.output), "HEAD"});
  if (base.succeeded) return without_line_end(base.output);
  error = unknown_revision(folder, end, "it has no commit in common with HEAD");
  return std::nullopt;
}

struct Entry {
  std::string object;
  bool is_link = false;
};

/// The files and links of a commit below the folder.
std::map<std::string, Entry> entries_of(const std::string& listing) {
  std::map<std::string, Entry> entries;
  for (const std::string& line : split_at_nul(listing)) {
    // mode, type and object, a tab, the path
    const std::size_t tab = line.find('\t');
    const std::size_t blank = line.rfind(' ', tab);
    if (tab == std::string::npos || blank == std::string::npos) continue;
    const bool is_link = line.starts_with("120000 ");
    const bool is_file = line.starts_with("100");
    if (!is_link && !is_file) continue;
    entries[line.substr(tab + 1)] = {line.substr(blank + 1, tab - blank - 1), is_link};
  }
  return entries;
}

/// What `git cat-file --batch` printed: of each object a line with its name, kind and size, its
/// bytes, and a line end. Nothing when one is missing.
std::optional<std::vector<std::string>> contents_of(std::string_view printed, std::size_t count) {
  std::vector<std::string> contents;
  while (contents.size() < count) {
    const std::size_t end = printed.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view header = printed.substr(0, end);
    const std::string_view size = header.substr(header.rfind(' ') + 1);
    std::size_t bytes = 0;
    if (std::from_chars(size.data(), size.data() + size.size(), bytes).ec != std::errc()) {
      return std::nullopt;
    }
    printed.remove_prefix(end + 1);
    if (printed.size() <= bytes) return std::nullopt;
    contents.emplace_back(printed.substr(0, bytes));
    printed.remove_prefix(bytes + 1);
  }
  return contents;
}

/// Where a link leads in the end; a path that is no file when it leads out of the commit.
std::string end_of_link(std::string path, const std::map<std::string, std::string>& targets) {
  constexpr int most_links = 8;
  for (int i = 0; i < most_links && targets.contains(path); ++i) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    path = (folder / targets.at(path)).lexically_normal().generic_string();
  }
  return path;
}

/// Files by path, and links to files as these.
std::map<std::string, std::string> files_of(const std::map<std::string, Entry>& entries,
                                            std::vector<std::string> contents) {
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> targets;
  std::size_t next = 0;
  for (const auto& [path, entry] : entries) {
    (entry.is_link ? targets : files)[path] = std::move(contents[next++]);
  }
  std::map<std::string, std::string> linked;
  for (const auto& [path, target] : targets) {
    const auto file = files.find(end_of_link(path, targets));
    if (file != files.end()) linked[path] = file->second;
  }
  files.merge(linked);
  return files;
}

/// Why git is of no use there; empty when it is.
std::string obstacle_in(const std::string& folder) {
  const GitAnswer inside = ask_git(folder, {"rev-parse", "--is-inside-work-tree"});
  if (!inside.is_installed) return "--diff needs git, which is not installed";
  if (inside.succeeded) return {};
  return fmt::format("--diff needs a git repository: {}", inside.complaint);
}

}  // namespace

Revision read_revision(const std::string& folder, const std::string& name,
                       const std::function<bool(std::string_view path)>& wanted) {
  Revision revision;
  revision.error = obstacle_in(folder);
  if (!revision.error.empty()) return revision;
  const auto commit = commit_of(folder, name, revision.error);
  if (!commit) return revision;
  const GitAnswer listed = ask_git(folder, {"ls-tree", "-r", "-z", *commit});
  std::map<std::string, Entry> entries = entries_of(listed.output);
  std::erase_if(entries, [&](const auto& entry) { return !wanted(entry.first); });
  std::string objects;
  for (const auto& [path, entry] : entries) objects += entry.object + '\n';
  const GitAnswer printed = ask_git(folder, {"cat-file", "--batch"}, objects);
  auto contents = contents_of(printed.output, entries.size());
  if (listed.succeeded && contents) {
    revision.files = files_of(entries, std::move(*contents));
    return revision;
  }
  const std::string& why = listed.succeeded ? printed.complaint : listed.complaint;
  revision.error = fmt::format("--diff {}: git cannot read it: {}", name,
                               why.empty() ? "objects are missing" : why);
  return revision;
}

}  // namespace querylint::driver
