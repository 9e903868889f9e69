#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <unordered_set>

#include "analyzer/flow/interpreter.h"
#include "driver/parallel.h"
#include "driver/pipeline.h"
#include "driver/stopwatch.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

/// What a function is followed as: on its own, or as a method that a class inherits.
struct Root {
  flow::FunctionId function;
  flow::ClassId self;
};

/// The tables of a thread grow with all that it follows; beyond this many values they are made anew.
constexpr std::uint32_t most_values = 4'000'000;

/// One thread's world. Nothing in it outlives a result, so it can be thrown away at any time.
class Worker {
 public:
  Worker(const Project& project, const flow::Preparation& preparation)
      : project_(project), preparation_(preparation) {}

  flow::Trace follow(const Root& root) {
    if (world_ == nullptr || world_->values.size() > most_values) begin();
    return interpreter_->follow(root.function, root.self);
  }
  flow::World& world() { return *world_; }

  void add_entered(std::unordered_set<flow::FunctionId>& entered) const {
    if (interpreter_ == nullptr) return;
    entered.insert(interpreter_->entered_with_rows().begin(), interpreter_->entered_with_rows().end());
    entered.insert(entered_before_.begin(), entered_before_.end());
  }

 private:
  void begin() {
    add_entered(entered_before_);
    interpreter_.reset();
    world_ = std::make_unique<flow::World>(project_.program, project_.schema);
    interpreter_ =
        std::make_unique<flow::Interpreter>(*world_, project_.frameworks, preparation_);
  }

  const Project& project_;
  const flow::Preparation& preparation_;
  std::unique_ptr<flow::World> world_;
  std::unique_ptr<flow::Interpreter> interpreter_;
  std::unordered_set<flow::FunctionId> entered_before_;  ///< by interpreters that were thrown away
};

/// Functions, methods and top levels of the judged files; what is local to a function is followed with
/// it.
std::vector<Root> roots_of(const Project& project) {
  std::vector<Root> roots;
  for (std::uint32_t i = 0; i < project.program.functions.size(); ++i) {
    const program::Function& function = project.program.functions[i];
    if (!project.is_judged[function.unit.value]) continue;
    const ir::FunctionKind kind = function.code->kind;
    if (kind == ir::FunctionKind::lambda) continue;
    const bool is_local = function.parent && project.program.function(function.parent).code->kind ==
                                                 ir::FunctionKind::function;
    if (!is_local) roots.push_back({{i}, {}});
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

}  // namespace

Outcome judge(const Project& project, const Input& input) {
  Outcome outcome;
  Stopwatch watch(outcome.timings);
  const flow::Preparation preparation = flow::prepare(project.program, project.frameworks);
  const std::vector<Root> roots = roots_of(project);
  std::vector<std::vector<diagnostics::Diagnostic>> found(roots.size());
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < input.threads; ++i) {
    workers.push_back(std::make_unique<Worker>(project, preparation));
  }
  std::atomic<std::size_t> done = 0;
  std::atomic<std::size_t> cut = 0;
  parallel_for(roots.size(), input.threads, [&](std::size_t index, std::size_t worker) {
    const flow::Trace trace = workers[worker]->follow(roots[index]);
    if (trace.was_cut) ++cut;
    found[index] = rules::judge(workers[worker]->world(), trace, input.selection.rules);
    if (input.progress) input.progress("following", ++done, roots.size());
  });
  outcome.followed = roots.size();
  outcome.cut = cut;
  watch.lap("follow and judge");
  // What a parameter is declared as, or called like, counts only where no caller is known to pass rows:
  // with those the function was followed in the caller's trace.
  std::unordered_set<flow::FunctionId> entered;
  for (const auto& worker : workers) worker->add_entered(entered);
  std::vector<diagnostics::Diagnostic> all;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const bool is_entered = entered.contains(roots[i].function);
    for (diagnostics::Diagnostic& diagnostic : found[i]) {
      if (is_entered && diagnostic.rests_on_parameter) continue;
      if (!input.selection.shows(diagnostic) || is_ignored_here(input.config, diagnostic)) continue;
      const program::UnitId unit = project.program.unit_at(diagnostic.place.path);
      if (unit && project.is_judged[unit.value]) all.push_back(std::move(diagnostic));
    }
  }
  diagnostics::Settled settled = diagnostics::settle(
      std::move(all), suppressions_of(project),
      [&](const std::string& path) { return project.text_of(path); });
  outcome.diagnostics = std::move(settled.diagnostics);
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
