// Reading values that are written down: what class bodies, `Meta` and settings declare.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/program/program.h"

namespace querylint::program {

/// An expression of the program: an operand of the function (class body, top level) it stands in.
struct Expression {
  FunctionId function;
  std::uint32_t operand = ir::Instruction::nowhere;

  explicit operator bool() const { return operand != ir::Instruction::nowhere; }
};

/// A call taken apart. Starred arguments are left out.
struct CallExpression {
  Expression callee;
  std::vector<Expression> positional;
  std::vector<std::pair<Name, Expression>> keywords;

  Expression keyword(Name name) const;
  /// The argument at `position`, or the one called `name`.
  Expression argument(std::size_t position, Name name) const;
};

const ir::Instruction& instruction(const Program& program, Expression expression);
Site site(Expression expression);
Symbol resolve(const Program& program, Expression expression);

/// The value behind a name that is bound to a literal or call elsewhere in the program; the
/// expression itself when it is no such name; nothing behind a name that is only annotated.
Expression follow(const Program& program, Expression expression);

std::optional<CallExpression> as_call(const Program& program, Expression expression);
std::optional<std::string_view> as_string(const Program& program, Expression expression);
std::optional<bool> as_bool(const Program& program, Expression expression);
/// The elements of a literal list, tuple or set, of concatenations of such; empty for anything
/// else.
std::vector<Expression> as_elements(const Program& program, Expression expression);

/// The value of a literal dict under a text; nothing for anything else.
Expression as_entry(const Program& program, Expression expression, std::string_view key);

/// The value a class binds to `name`, its own or an ancestor's.
Expression class_value(const Program& program, ClassId id, Name name);

}  // namespace querylint::program
