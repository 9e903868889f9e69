#include "analyzer/lower/python_lowering.h"

namespace querylint::lower {
namespace {

using ir::BuildKind;
using ir::ConstantKind;
using ir::Op;

}  // namespace

// Escapes are kept as written: names of fields, tables and lookups have none, and ranges inside SQL
// stay aligned with the file.
ir::Operand PythonLowering::string(NodeIndex node) {
  std::string plain;
  std::vector<std::uint32_t> parts;
  bool is_bytes = false;
  if (tree_[node].kind == Kind::string_) {
    is_bytes = append_string(node, plain, parts);
  } else {
    for (const NodeIndex part : children(node, Kind::string_)) {
      is_bytes = append_string(part, plain, parts) || is_bytes;
    }
  }
  if (parts.empty()) {
    const ConstantKind kind = is_bytes ? ConstantKind::bytes : ConstantKind::string;
    return emit_detailed(Op::constant, kind, node, builder_.text(plain).value);
  }
  flush_string(node, plain, parts);
  return emit_pooled(Op::build, static_cast<std::uint8_t>(BuildKind::string), node,
                     ir::Instruction::nowhere, parts, 1);
}

/// Adds one literal to the text read so far; returns whether it is of bytes.
bool PythonLowering::append_string(NodeIndex node, std::string& plain,
                                   std::vector<std::uint32_t>& parts) {
  bool is_bytes = false;
  for (const NodeIndex piece : children(node)) {
    switch (tree_[piece].kind) {
      case Kind::string_start_:
        is_bytes = text_of(piece).find_first_of("bB") != std::string_view::npos;
        break;
      case Kind::string_content_:
        plain.append(text_of(piece));
        break;
      case Kind::interpolation_:
        flush_string(piece, plain, parts);
        parts.push_back(optional_expression(child(piece, Field::expression_)).value);
        break;
      default:
        break;
    }
  }
  return is_bytes;
}

void PythonLowering::flush_string(NodeIndex node, std::string& plain,
                                  std::vector<std::uint32_t>& parts) {
  if (plain.empty()) return;
  const std::uint32_t content = builder_.text(plain).value;
  parts.push_back(emit_detailed(Op::constant, ConstantKind::string, node, content).value);
  plain.clear();
}

}  // namespace querylint::lower
