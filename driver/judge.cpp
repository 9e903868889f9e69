#include <algorithm>
#include <atomic>
#include <map>
#include <memory>

#include "driver/fixing.h"
#include "driver/follow.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/stopwatch.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

using Followers = std::vector<std::unique_ptr<Follower>>;

/// Of the judged files: where nothing is reported nothing is silenced either.
std::vector<diagnostics::Suppression> suppressions_of(const Project& project) {
  std::vector<diagnostics::Suppression> all;
  for (std::size_t i = 0; i < project.program.units.size(); ++i) {
    const program::Unit& unit = project.program.units[i];
    if (!project.is_judged[i] || unit.module->comments.empty()) continue;
    for (auto& suppression : diagnostics::parse_suppressions(unit.path, project.text_of(unit.path),
                                                             unit.module->comments)) {
      all.push_back(std::move(suppression));
    }
  }
  return all;
}

bool is_ignored_here(const Config& config, const diagnostics::Diagnostic& diagnostic) {
  return std::ranges::any_of(config.per_path_ignores, [&](const auto& entry) {
    return matches(entry.first, diagnostic.place.path) &&
           std::ranges::any_of(entry.second, [&](const std::string& name) {
             return name == "ALL" || name == diagnostic.rule || name == diagnostic.family;
           });
  });
}

/// Splits the wall time of following and judging as the threads spent it, and adds each rule's own.
void add_timings(const Followers& followers, const Input& input, Seconds wall,
                 std::vector<Timing>& timings) {
  Seconds follow{};
  Seconds judge{};
  std::vector<Timing> of_rules;
  for (const rules::Rule& rule : rules::all_rules()) of_rules.push_back({rule.name, {}});
  for (const auto& follower : followers) {
    follow += follower->follow_time();
    judge += follower->judge_time();
    for (std::size_t i = 0; i < of_rules.size(); ++i)
      of_rules[i].seconds += follower->rule_times()[i];
  }
  const double share = follow.count() + judge.count() > 0 ? follow / (follow + judge) : 1;
  timings.push_back({"follow", wall * share});
  timings.push_back({"judge", wall * (1 - share)});
  if (!input.time_rules) return;
  for (const Timing& rule : of_rules) {
    if (rule.seconds.count() > 0) timings.push_back(rule);
  }
}

}  // namespace

Outcome settle(const Project& project, const Input& input, std::span<const flow::FunctionId> roots,
               std::span<const Followed> followed) {
  Outcome outcome;
  outcome.followed = roots.size();
  // What a parameter is declared as, or called like, counts only where no caller is known to pass
  // rows: with those the function was followed in the caller's trace.
  std::vector<bool> is_entered(project.program.functions.size());
  for (const Followed& one : followed) {
    for (const flow::FunctionId function : one.reach.entered) is_entered[function.value] = true;
    outcome.cut += one.was_cut ? 1 : 0;
  }
  std::vector<const diagnostics::Diagnostic*> all;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    for (const diagnostics::Diagnostic& diagnostic : followed[i].findings) {
      if (is_entered[roots[i].value] && diagnostic.rests_on_parameter) continue;
      if (!input.selection.shows(diagnostic) || is_ignored_here(input.config, diagnostic)) continue;
      const program::UnitId unit = project.program.unit_at(diagnostic.place.path);
      if (unit && project.is_judged[unit.value]) all.push_back(&diagnostic);
    }
  }
  diagnostics::Settled settled =
      diagnostics::settle(all, suppressions_of(project),
                          [&](const std::string& path) { return project.text_of(path); });
  outcome.diagnostics = std::move(settled.diagnostics);
  drop_unwelcome_fixes(project, outcome.diagnostics);
  outcome.unused_suppressions = std::move(settled.unused);
  // Of a rule that was off nobody knows whether its comment is of use.
  std::erase_if(outcome.unused_suppressions, [&](const diagnostics::Suppression& suppression) {
    return !suppression.names.empty() &&
           std::ranges::none_of(suppression.names,
                                [&](const std::string& name) { return input.selection.has(name); });
  });
  return outcome;
}

Outcome judge(const Project& project, const Input& input) {
  std::vector<Timing> timings;
  Stopwatch watch(timings);
  const flow::Preparation preparation = flow::prepare(project.program, project.frameworks);
  const std::vector<flow::FunctionId> roots = roots_of(project);
  std::vector<Followed> followed(roots.size());
  Followers followers;
  for (std::size_t i = 0; i < input.threads; ++i) {
    followers.push_back(std::make_unique<Follower>(project, preparation, input));
  }
  std::atomic<std::size_t> done = 0;
  parallel_for(roots.size(), input.threads, [&](std::size_t index, std::size_t worker) {
    followed[index] = followers[worker]->follow(roots[index]);
    if (input.progress) input.progress("following", ++done, roots.size());
  });
  add_timings(followers, input, watch.restart(), timings);
  Outcome outcome = settle(project, input, roots, followed);
  watch.lap("settle");
  outcome.timings = std::move(timings);
  return outcome;
}

}  // namespace querylint::driver
