#include "analyzer/ir/align.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace querylint::ir {
namespace {

using Numbers = std::vector<std::uint32_t>;

/// A function that is not inner, and the inner ones in it.
struct Group {
  std::uint32_t outer = 0;
  Numbers inner;
};

std::vector<Group> groups_of(const Module& module) {
  std::vector<Group> groups;
  Numbers group_of(module.functions.size());
  for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
    const Function& function = module.functions[i];
    if (is_gone(function) || is_inner(module, function)) continue;
    group_of[i] = static_cast<std::uint32_t>(groups.size());
    groups.push_back({i, {}});
  }
  for (std::uint32_t i = 0; i < module.functions.size(); ++i) {
    if (is_gone(module.functions[i]) || !is_inner(module, module.functions[i])) continue;
    std::uint32_t around = i;
    while (is_inner(module, module.functions[around])) {
      around = module.functions[around].parent.value;
    }
    groups[group_of[around]].inner.push_back(i);
  }
  return groups;
}

/// The numbers of `older` that none of its functions has, or only one that `newer` lacks, and then
/// those behind them.
Numbers free_numbers(const Module& older, const Numbers& taken, std::uint32_t most) {
  std::vector<bool> is_free(std::max<std::size_t>(most, older.functions.size()), true);
  for (const std::uint32_t number : taken) {
    if (number != Instruction::nowhere) is_free[number] = false;
  }
  Numbers numbers;
  for (std::uint32_t i = 0; i < is_free.size(); ++i) {
    if (is_free[i]) numbers.push_back(i);
  }
  return numbers;
}

/// What each function of `newer` is called in `older`.
std::optional<Numbers> numbers_for(const Module& older, const Module& newer, std::uint32_t most) {
  const std::vector<Group> before = groups_of(older);
  const std::vector<Group> after = groups_of(newer);
  if (before.size() != after.size()) return std::nullopt;
  Numbers numbers(newer.functions.size(), Instruction::nowhere);
  for (std::size_t i = 0; i < after.size(); ++i) {
    numbers[after[i].outer] = before[i].outer;
    const std::size_t common = std::min(before[i].inner.size(), after[i].inner.size());
    for (std::size_t k = 0; k < common; ++k) numbers[after[i].inner[k]] = before[i].inner[k];
  }
  const Numbers free = free_numbers(older, numbers, most);
  auto next = free.begin();
  for (std::uint32_t& number : numbers) {
    if (number != Instruction::nowhere) continue;
    if (next == free.end()) return std::nullopt;
    number = *next++;
  }
  return numbers;
}

Module renumbered(const Module& module, const Numbers& numbers, std::size_t least) {
  Module result = module;
  const std::size_t highest = *std::ranges::max_element(numbers);
  result.functions.assign(std::max(least, highest + 1), no_function());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Function& function = result.functions[numbers[i]];
    function = module.functions[i];
    if (function.parent) function.parent = {numbers[function.parent.value]};
  }
  for (Class& class_ : result.classes) class_.body = {numbers[class_.body.value]};
  for (Instruction& instruction : result.code) {
    if (instruction.op == Op::define && instruction.detail == 0) {
      instruction.a = numbers[instruction.a];
    }
  }
  return result;
}

}  // namespace

bool is_inner(const Module& module, const Function& function) {
  const auto is_function = [](const Function& code) {
    return code.kind == FunctionKind::function || code.kind == FunctionKind::lambda;
  };
  return function.parent && is_function(function) &&
         is_function(module.functions[function.parent.value]);
}

Function no_function() {
  Function nothing;
  nothing.kind = FunctionKind::lambda;
  return nothing;
}

bool is_gone(const Function& function) {
  return function.kind == FunctionKind::lambda && !function.parent;
}

std::shared_ptr<const Module> aligned(const Module& older, std::shared_ptr<const Module> newer,
                                      std::uint32_t most) {
  const auto numbers = numbers_for(older, *newer, most);
  if (!numbers) return nullptr;
  const bool is_same =
      newer->functions.size() == older.functions.size() && std::ranges::is_sorted(*numbers);
  if (is_same) return newer;
  return std::make_shared<const Module>(renumbered(*newer, *numbers, older.functions.size()));
}

}  // namespace querylint::ir
