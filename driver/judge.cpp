#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <unordered_set>

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/dictionary.h"
#include "driver/fixing.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/stopwatch.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

/// The tables of a thread grow with all that it follows; beyond this many values they are made
/// anew.
constexpr std::uint32_t most_values = 4'000'000;

/// One thread's world. Nothing in it outlives a result, so it can be thrown away at any time.
class Worker {
 public:
  Worker(const Project& project, const flow::Preparation& preparation)
      : project_(project), preparation_(preparation) {}

  /// What the rules say of a function.
  std::vector<diagnostics::Diagnostic> judge(flow::FunctionId function, const Input& input) {
    const Clock::time_point begin_time = Clock::now();
    if (world_ == nullptr || world_->values.size() > most_values) begin();
    const flow::Trace trace = interpreter_->follow(function);
    const Clock::time_point followed = Clock::now();
    if (trace.was_cut) ++cut_;
    auto found = rules::judge(*world_, trace, input.selection.rules,
                              input.time_rules ? &rule_times_ : nullptr);
    follow_time_ += followed - begin_time;
    judge_time_ += Clock::now() - followed;
    return found;
  }

  Seconds follow_time() const { return follow_time_; }
  Seconds judge_time() const { return judge_time_; }
  const rules::RuleTimes& rule_times() const { return rule_times_; }
  std::size_t cut() const { return cut_; }

  void add_entered(std::unordered_set<flow::FunctionId>& entered) const {
    if (interpreter_ == nullptr) return;
    entered.insert(interpreter_->entered_with_rows().begin(),
                   interpreter_->entered_with_rows().end());
    entered.insert(entered_before_.begin(), entered_before_.end());
  }

 private:
  using Clock = std::chrono::steady_clock;

  void begin() {
    add_entered(entered_before_);
    interpreter_.reset();
    world_ =
        std::make_unique<flow::World>(project_.program, project_.schema, frameworks::dictionary());
    interpreter_ = std::make_unique<flow::Interpreter>(*world_, project_.frameworks, preparation_);
  }

  const Project& project_;
  const flow::Preparation& preparation_;
  std::unique_ptr<flow::World> world_;
  std::unique_ptr<flow::Interpreter> interpreter_;
  std::unordered_set<flow::FunctionId> entered_before_;  ///< by interpreters that were thrown away
  rules::RuleTimes rule_times_ = rules::RuleTimes(rules::all_rules().size());
  Seconds follow_time_{};
  Seconds judge_time_{};
  std::size_t cut_ = 0;  ///< functions whose budget ran out
};

using Workers = std::vector<std::unique_ptr<Worker>>;

/// Functions, methods and top levels of the judged files; what is local to a function is followed
/// with it.
std::vector<flow::FunctionId> roots_of(const Project& project) {
  std::vector<flow::FunctionId> roots;
  for (std::uint32_t i = 0; i < project.program.functions.size(); ++i) {
    const program::Function& function = project.program.functions[i];
    if (!project.is_judged[function.unit.value]) continue;
    const ir::FunctionKind kind = function.code->kind;
    if (kind == ir::FunctionKind::lambda) continue;
    const bool is_local = function.parent && project.program.function(function.parent).code->kind ==
                                                 ir::FunctionKind::function;
    if (!is_local) roots.push_back({i});
  }
  return roots;
}

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
void add_timings(const Workers& workers, const Input& input, Seconds wall,
                 std::vector<Timing>& timings) {
  Seconds follow{};
  Seconds judge{};
  std::vector<Timing> of_rules;
  for (const rules::Rule& rule : rules::all_rules()) of_rules.push_back({rule.name, {}});
  for (const auto& worker : workers) {
    follow += worker->follow_time();
    judge += worker->judge_time();
    for (std::size_t i = 0; i < of_rules.size(); ++i)
      of_rules[i].seconds += worker->rule_times()[i];
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

Outcome judge(const Project& project, const Input& input) {
  Outcome outcome;
  Stopwatch watch(outcome.timings);
  const flow::Preparation preparation = flow::prepare(project.program, project.frameworks);
  const std::vector<flow::FunctionId> roots = roots_of(project);
  std::vector<std::vector<diagnostics::Diagnostic>> found(roots.size());
  Workers workers;
  for (std::size_t i = 0; i < input.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(project, preparation));
  }
  std::atomic<std::size_t> done = 0;
  parallel_for(roots.size(), input.threads, [&](std::size_t index, std::size_t worker) {
    found[index] = workers[worker]->judge(roots[index], input);
    if (input.progress) input.progress("following", ++done, roots.size());
  });
  outcome.followed = roots.size();
  for (const auto& worker : workers) outcome.cut += worker->cut();
  add_timings(workers, input, watch.restart(), outcome.timings);
  // What a parameter is declared as, or called like, counts only where no caller is known to pass
  // rows: with those the function was followed in the caller's trace.
  std::unordered_set<flow::FunctionId> entered;
  for (const auto& worker : workers) worker->add_entered(entered);
  std::vector<diagnostics::Diagnostic> all;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const bool is_entered = entered.contains(roots[i]);
    for (diagnostics::Diagnostic& diagnostic : found[i]) {
      if (is_entered && diagnostic.rests_on_parameter) continue;
      if (!input.selection.shows(diagnostic) || is_ignored_here(input.config, diagnostic)) continue;
      const program::UnitId unit = project.program.unit_at(diagnostic.place.path);
      if (unit && project.is_judged[unit.value]) all.push_back(std::move(diagnostic));
    }
  }
  diagnostics::Settled settled =
      diagnostics::settle(std::move(all), suppressions_of(project),
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
  watch.lap("settle");
  return outcome;
}

}  // namespace querylint::driver
