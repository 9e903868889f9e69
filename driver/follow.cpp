#include "driver/follow.h"

#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/dictionary.h"

namespace querylint::driver {
namespace {

/// The tables of a thread grow with all that it follows; beyond this many values they are made
/// anew.
constexpr std::uint32_t most_values = 4'000'000;

}  // namespace

Follower::Follower(const Project& project, const flow::Preparation& preparation, const Input& input)
    : project_(project), preparation_(preparation), input_(input) {}

Follower::~Follower() = default;

/// Nothing in a world outlives a result, so it can be thrown away at any time.
void Follower::begin() {
  interpreter_.reset();
  world_ =
      std::make_unique<flow::World>(project_.program, project_.schema, frameworks::dictionary());
  interpreter_ = std::make_unique<flow::Interpreter>(*world_, project_.frameworks, preparation_);
  known_names_ = project_.program.names.size();
}

/// A name that the world has given a number, and now the program too, would be two names.
void Follower::forget(std::span<const flow::FunctionId> changed) {
  if (world_ == nullptr) return;
  const base::Names& names = project_.program.names;
  for (; known_names_ < names.size(); ++known_names_) {
    if (!world_->names.has_added(names.text({known_names_}))) continue;
    interpreter_.reset();
    world_.reset();
    return;
  }
  interpreter_->forget(changed);
}

Followed Follower::follow(flow::FunctionId function) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin_time = Clock::now();
  if (world_ == nullptr || world_->values.size() > most_values) begin();
  const flow::Trace trace = interpreter_->follow(function);
  Followed result{{}, interpreter_->reach(), trace.was_cut};
  const Clock::time_point followed = Clock::now();
  result.findings = rules::judge(*world_, trace, input_.selection.rules,
                                 input_.time_rules ? &rule_times_ : nullptr);
  follow_time_ += followed - begin_time;
  judge_time_ += Clock::now() - followed;
  return result;
}

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

}  // namespace querylint::driver
