// Facts about the program that every thread's interpreter needs, computed once.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "analyzer/flow/framework.h"
#include "analyzer/program/program.h"

namespace querylint::flow {

struct Preparation {
  std::vector<FunctionRole> roles;  ///< per function of the program
  /// Of a class, by `key`: its methods that set that attribute on their first argument.
  std::unordered_map<std::uint64_t, std::vector<FunctionId>> setters;

  static std::uint64_t key(ClassId class_, Name name) {
    return std::uint64_t{class_.value} << 32 | name.value;
  }
};

Preparation prepare(const program::Program& program, const Frameworks& frameworks);

/// These methods have got other code.
void prepare_setters(const program::Program& program, std::span<const FunctionId> methods,
                     Preparation& preparation);

}  // namespace querylint::flow
