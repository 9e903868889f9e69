// The walk behind `lower_python`, split over one source file for each part of the language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lower/builder.h"
#include "analyzer/lower/python.h"
#include "analyzer/lower/scopes.h"

namespace querylint::lower {

/// What `+`, or `+=`, does.
ir::Operator binary_operator(std::string_view token);

class PythonLowering {
 public:
  PythonLowering(const syntax::Tree& tree, std::string_view text, Depth depth)
      : tree_(tree), text_(text), depth_(depth), scopes_(builder_) {}

  ir::Module run();

 private:
  using NodeIndex = syntax::NodeIndex;
  using Kind = syntax::Kind;
  using Field = syntax::Field;
  using Operand = ir::Operand;

  /// Python code nests far less; hostile input and generated tables go deeper.
  static constexpr int depth_limit = 200;

  // python_lowering.cpp: walking and emitting
  std::string_view text_of(NodeIndex node) const;
  std::optional<NodeIndex> child(NodeIndex parent, Field field) const;
  std::vector<NodeIndex> children(NodeIndex parent) const;
  std::vector<NodeIndex> children(NodeIndex parent, Field field) const;
  std::vector<NodeIndex> children(NodeIndex parent, Kind kind) const;
  bool has_async(NodeIndex node) const;

  Operand emit(ir::Op op, NodeIndex node, std::uint32_t a = ir::Instruction::nowhere,
               std::uint32_t b = ir::Instruction::nowhere,
               std::uint32_t c = ir::Instruction::nowhere);
  template <typename Detail>
  Operand emit_detailed(ir::Op op, Detail detail, NodeIndex node,
                        std::uint32_t a = ir::Instruction::nowhere,
                        std::uint32_t b = ir::Instruction::nowhere,
                        std::uint32_t c = ir::Instruction::nowhere) {
    const Operand operand = emit(op, node, a, b, c);
    builder_.at(operand).detail = static_cast<std::uint8_t>(detail);
    return operand;
  }
  /// An instruction whose operands are `operands_per_entry` to an entry in the pool at `b`.
  Operand emit_pooled(ir::Op op, std::uint8_t detail, NodeIndex node, std::uint32_t a,
                      const std::vector<std::uint32_t>& operands, std::size_t operands_per_entry);
  Operand unknown(NodeIndex node);
  Operand load(std::string_view name, NodeIndex node);
  Operand load_slot(std::uint32_t slot, NodeIndex node);
  void store(std::string_view name, Operand value, NodeIndex node);
  void store_slot(std::uint32_t slot, Operand value, NodeIndex node);
  /// Ends the then-region (or loop body) of `opened` here, or everything it opened.
  void end_first_region(Operand opened) { builder_.at(opened).b = builder_.here(); }
  void end_regions(Operand opened) { builder_.at(opened).c = builder_.here(); }
  /// False when `node` is nested too deeply; then it is listed as cut.
  bool descend(NodeIndex node);
  void ascend() { --nesting_; }

  // python_expressions.cpp
  Operand expression(NodeIndex node);
  Operand expression_inside(NodeIndex node);
  Operand optional_expression(std::optional<NodeIndex> node);
  Operand attribute(NodeIndex node);
  Operand subscript(NodeIndex node);
  Operand subscript_key(NodeIndex node);
  Operand slice(NodeIndex node);
  Operand call(NodeIndex node);
  Operand sequence(ir::BuildKind kind, NodeIndex node);
  Operand dictionary(NodeIndex node);
  Operand binary(NodeIndex node);
  Operand comparison(NodeIndex node);
  Operand boolean(NodeIndex node);
  Operand conditional(NodeIndex node);
  Operand named(NodeIndex node);
  Operand comprehension(ir::BuildKind build, ir::LoopKind loop, NodeIndex node);
  void comprehension_clauses(ir::LoopKind loop, NodeIndex node, Operand first_iterable,
                             std::uint32_t result_slot);
  Operand yield(NodeIndex node);
  Operand lambda(NodeIndex node);

  // python_strings.cpp
  Operand string(NodeIndex node);
  bool append_string(NodeIndex node, std::string& plain, std::vector<std::uint32_t>& parts);
  void flush_string(NodeIndex node, std::string& plain, std::vector<std::uint32_t>& parts);

  // python_statements.cpp
  void block(NodeIndex node);
  void statement(NodeIndex node);
  void statement_inside(NodeIndex node);
  void expression_statement(NodeIndex node);
  Operand assignment(NodeIndex node);
  Operand augmented_assignment(NodeIndex node);
  void assign(NodeIndex target, Operand value);
  void unpack(NodeIndex targets, Operand value);
  void if_statement(NodeIndex node);
  void alternatives(const std::vector<NodeIndex>& clauses, std::size_t next);
  void for_statement(NodeIndex node);
  void while_statement(NodeIndex node);
  void try_statement(NodeIndex node);
  void except_clause(NodeIndex node);
  void with_statement(NodeIndex node);
  void match_statement(NodeIndex node);
  void case_clauses(const std::vector<NodeIndex>& clauses, std::size_t next);
  void assert_statement(NodeIndex node);
  void import_statement(NodeIndex node);
  void import_from_statement(NodeIndex node);

  // python_definitions.cpp
  void decorated_definition(NodeIndex node);
  void function_definition(NodeIndex node, const std::vector<std::uint32_t>& decorators);
  void class_definition(NodeIndex node, const std::vector<std::uint32_t>& decorators);
  struct Parameters {
    std::vector<ir::Parameter> entries;
    std::vector<std::string_view> names;  ///< in the file's text, which does not move
  };
  Parameters parameters(std::optional<NodeIndex> list);
  void add_parameter(NodeIndex node, ir::ParameterKind kind, Parameters& list);
  void open_function(const FunctionHead& head, const Parameters& parameters,
                     const BoundNames& names);
  void close_function();
  Operand define(std::uint8_t what, std::uint32_t index, NodeIndex node,
                 const std::vector<std::uint32_t>& decorators);
  bool contains_error(NodeIndex node) const;

  const syntax::Tree& tree_;
  std::string_view text_;
  Depth depth_;
  Builder builder_;
  Scopes scopes_;
  int nesting_ = 0;
};

}  // namespace querylint::lower
