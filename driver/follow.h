// Following and judging functions one by one.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "analyzer/flow/footprint.h"
#include "analyzer/flow/preparation.h"
#include "driver/pipeline.h"
#include "rules/engine/rule.h"

namespace querylint::driver {

/// What following one function from its declaration gave.
struct Followed {
  std::vector<diagnostics::Diagnostic> findings;  ///< of the rules that are on, not settled
  flow::Reach reach;
  bool was_cut = false;  ///< its budget ran out
};

/// One thread's world, which grows with all that it follows. What it gives does not depend on what
/// it followed before.
class Follower {
 public:
  /// All must outlive it, and stay as they are but for patches of the program, which `forget` is
  /// told of.
  Follower(const Project& project, const flow::Preparation& preparation, const Input& input);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  Followed follow(flow::FunctionId function);

  /// These functions have got other code.
  void forget(std::span<const flow::FunctionId> changed);

  Seconds follow_time() const { return follow_time_; }
  Seconds judge_time() const { return judge_time_; }
  const rules::RuleTimes& rule_times() const { return rule_times_; }

 private:
  void begin();

  const Project& project_;
  const flow::Preparation& preparation_;
  const Input& input_;
  std::unique_ptr<flow::World> world_;
  std::unique_ptr<flow::Interpreter> interpreter_;
  std::uint32_t known_names_ = 0;  ///< how many of the program's the world knows not to be its own
  rules::RuleTimes rule_times_ = rules::RuleTimes(rules::all_rules().size());
  Seconds follow_time_{};
  Seconds judge_time_{};
};

/// Functions, methods and top levels of the judged files; what is local to a function is followed
/// with it.
std::vector<flow::FunctionId> roots_of(const Project& project);

/// All findings of all functions as one outcome, without timings. `followed` is parallel to
/// `roots`.
Outcome settle(const Project& project, const Input& input, std::span<const flow::FunctionId> roots,
               std::span<const Followed> followed);

}  // namespace querylint::driver
