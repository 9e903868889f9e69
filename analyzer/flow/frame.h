// One function that is being followed. Only the interpreter's own files include this.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "analyzer/flow/interpreter.h"

namespace querylint::flow {

struct Interpreter::Frame {
  FunctionId function;
  const program::Function* info = nullptr;
  const ir::Module* module = nullptr;
  std::span<const ir::Instruction> code;
  bool is_static = false;       ///< only single expressions of it are evaluated
  std::size_t first_event = 0;  ///< its own begin here; those before are its callers'

  std::vector<Value> slots;
  /// Per parameter, once its variable stands for something else: what the caller passed, as it was
  /// then.
  std::vector<Value> passed;
  std::vector<Value> captures;
  std::vector<Value> values;  ///< per instruction
  NestId nest;
  BranchId branch;
  bool in_transaction = false;
  bool is_live = true;  ///< false behind return, raise and jumps

  /// One for each open loop of this function.
  struct OpenLoop {
    BranchId branch;             ///< at the top of the body
    std::size_t conditions = 0;  ///< how many were open there
    std::vector<Value> exits;    ///< the slots at breaks and continues, joined
  };
  std::vector<OpenLoop> loops;
  std::vector<Value> conditions;  ///< of the branches whose then-region is being run

  std::vector<Value> defined;  ///< local functions
  Value result;                ///< of the returns so far
  Value yielded;
  std::vector<Value> left;  ///< the slots at returns, joined
};

}  // namespace querylint::flow
