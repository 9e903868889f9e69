#include "driver/fix_options.h"

#include <algorithm>

#include "analyzer/diagnostics/fixes.h"
#include "driver/rule_infos.h"
#include "driver/unified_diff.h"

namespace querylint::driver {
namespace {

bool wants_changes(const CheckOptions& options) {
  return options.fix || options.unsafe_fixes || options.diff_fixes || options.add_ignore;
}

std::optional<diagnostics::Fix> asked_fix(const CheckOptions& options, const Workspace& workspace,
                                          const diagnostics::Diagnostic& diagnostic,
                                          std::string_view text) {
  if (!workspace.wants(diagnostic)) return std::nullopt;
  if (options.add_ignore && diagnostic.rule == unused_suppression.name) return std::nullopt;
  auto fix = options.add_ignore ? diagnostics::ignore_comment(diagnostic, text)
                                : chosen_fix(diagnostic, options.unsafe_fixes);
  const bool is_given = fix && std::ranges::all_of(fix->edits, [&](const auto& edit) {
                          return workspace.wants(edit.place.path);
                        });
  return is_given ? fix : std::nullopt;
}

}  // namespace

Fixed check_and_fix(const CheckOptions& options, const Workspace& workspace, const Input& input) {
  if (!wants_changes(options)) return {check(input), {}, 0, {}};
  return fix(input, [&](const diagnostics::Diagnostic& diagnostic, std::string_view text) {
    return asked_fix(options, workspace, diagnostic, text);
  });
}

void keep_changes(const std::string& root, const Input& input, Fixed& fixed) {
  const auto failed = write_changes(root, *input.disk, fixed.changes);
  if (!failed.empty()) {
    fixed.checked = check(input);
    fixed.count = 0;
  }
  fixed.notices.insert(fixed.notices.end(), failed.begin(), failed.end());
}

std::string diff_of(const Fixed& fixed, const ShownPaths& paths) {
  std::string diff;
  for (const Change& change : fixed.changes)
    diff += unified_diff(paths.shown(change.path), change.before, change.after);
  return diff;
}

}  // namespace querylint::driver
