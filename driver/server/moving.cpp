#include "driver/server/moving.h"

#include <algorithm>
#include <optional>

namespace querylint::driver::server {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Place;

/// Calls `visit` with every place of the finding, until it gives false.
template <typename Visit>
bool visit_places(Diagnostic& finding, const Visit& visit) {
  const auto all = [](auto& items, const auto& visit_item) {
    return std::ranges::all_of(items, visit_item);
  };
  const auto visit_related = [&](auto& related) { return visit(related.place); };
  const auto visit_fix = [&](auto& fix) { return all(fix.edits, visit_related); };
  return visit(finding.place) && visit(finding.cause.place) &&
         all(finding.related, visit_related) && all(finding.flow, visit_related) &&
         all(finding.fixes, visit_fix) && all(finding.moot, visit_related);
}

}  // namespace

bool move_all(std::vector<Diagnostic>& findings, const std::string& path, const Splice& edit) {
  bool is_there = false;
  const auto can_move = [&](const Place& place) {
    if (place.path != path) return true;
    is_there = true;
    return moved(place.range, edit).has_value();
  };
  const auto move = [&](Place& place) {
    if (place.path == path) place.range = *moved(place.range, edit);
    return true;
  };
  for (Diagnostic& finding : findings) {
    if (!visit_places(finding, can_move)) return false;
  }
  if (!is_there) return true;
  for (Diagnostic& finding : findings) visit_places(finding, move);
  return true;
}

}  // namespace querylint::driver::server
