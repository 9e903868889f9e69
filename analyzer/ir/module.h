// The one program form: what every frontend lowers a file to, and all that later stages see of it.
//
// A module is a handful of flat arrays of plain numbers and one block of text. It holds no pointer
// and no id that depends on the run, so it is exactly what the cache stores. Instructions are
// structured: a branch, loop, try or with is followed by the instructions of its regions, and
// evaluation goes through the array from front to back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/byte_range.h"
#include "analyzer/base/id.h"

namespace querylint::ir {

using Text = base::Id<struct TextTag>;                    ///< a string of the module
using Operand = base::Id<struct OperandTag>;              ///< an instruction of the same function
using FunctionIndex = base::Id<struct FunctionIndexTag>;  ///< a function of the module
using ClassIndex = base::Id<struct ClassIndexTag>;        ///< a class of the module

/// What an instruction does. `a`, `b`, `c`, `count` and `detail` are those of `Instruction`; a
/// *region* is the run of instructions from the one after to the given end, relative to the
/// function's first instruction.
enum class Op : std::uint8_t {
  constant,       ///< detail ConstantKind; a Text of a string or number
  load,           ///< detail Scope; a slot, a capture of the function, or Text for a global
  store,          ///< like load; b value
  attribute,      ///< a object, b Text
  set_attribute,  ///< a object, b Text, c value
  index,          ///< a object, b key
  set_index,      ///< a object, b key, c value
  call,           ///< a callee; pool b, 2 x count: value, Text of the keyword or nowhere
  spread,         ///< a value; detail 1 for a mapping; only as an argument or element
  build,          ///< detail BuildKind; pool b, count (dict: 2 x count, key then value)
  operate,        ///< detail Operator; a, b operands
  unpack,     ///< a value; b position, counted from the end when detail 2; detail 1: starred rest
  annotated,  ///< a value or nowhere; b the annotation
  branch,     ///< detail BranchKind; a condition; then-region to b, else-region to c
  loop,       ///< detail LoopKind; a iterable or nowhere; body to b, else-region to c;
              ///< inside the body its value is the element
  collect,    ///< a slot of a comprehension's result; b value; c key (dict)
  try_,       ///< body to b; then handlers to c
  handler,    ///< a exception type or nowhere; region to c; its value is the exception
  with,       ///< a context manager; region to c; its value is what `as` binds
  return_,    ///< a value or nowhere
  raise,      ///< a value or nowhere
  yield,      ///< a value or nowhere; detail 1 for `yield from`
  await,      ///< a value
  jump,       ///< detail JumpKind
  define,     ///< detail 0: a FunctionIndex, 1: a ClassIndex; pool b, count: decorators
  import,     ///< a Text of the module's dotted name (leading dots: relative); b Text of the
              ///< member or nowhere; detail 1 binds the first part of the name only
};

enum class ConstantKind : std::uint8_t {
  none,
  true_,
  false_,
  number,
  string,
  bytes,
  ellipsis,
  unknown
};
enum class Scope : std::uint8_t { local, enclosing, global };
enum class BuildKind : std::uint8_t { tuple, list, set, dict, slice, string, generator };
enum class BranchKind : std::uint8_t {
  if_,
  conditional,
  and_,
  or_,
  filter,
  assert_,
  case_,
  while_
};
enum class LoopKind : std::uint8_t { for_, while_, list, set, dict, generator };
enum class JumpKind : std::uint8_t { break_, continue_ };
enum class Operator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,
  bit_and,
  bit_or,
  bit_xor,
  other_binary,
  negate,
  invert,
  not_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  is,
  is_not,
  in,
  not_in,
};

/// 24 bytes; operands are `Operand` values unless `Op` says otherwise.
struct Instruction {
  Op op = Op::constant;
  std::uint8_t detail = 0;
  std::uint16_t count = 0;
  std::uint32_t a = nowhere;
  std::uint32_t b = nowhere;
  std::uint32_t c = nowhere;
  base::ByteRange range;

  static constexpr std::uint32_t nowhere = Text::nowhere;
};
static_assert(sizeof(Instruction) == 24);

enum class ParameterKind : std::uint8_t { positional, keyword_only, rest, rest_keywords };

struct Parameter {
  Text name;
  ParameterKind kind = ParameterKind::positional;
  Operand default_value;  ///< of the function around the definition
  Operand annotation;     ///< likewise
};

enum class FunctionKind : std::uint8_t { module, class_body, function, lambda };

/// A function, a lambda, a module's top level or a class body. Parameters take the first slots.
struct Function {
  Text name;
  Text qualified_name;  ///< `Class.method.inner`
  FunctionKind kind = FunctionKind::function;
  bool is_async = false;
  bool is_generator = false;
  bool is_broken = false;  ///< a syntax error stands in it
  std::uint32_t first_parameter = 0;
  std::uint32_t parameter_count = 0;
  std::uint32_t first_instruction = 0;
  std::uint32_t instruction_count = 0;
  std::uint32_t first_slot = 0;  ///< of `slot_names`
  std::uint32_t slot_count = 0;
  FunctionIndex parent;             ///< the function, class body or module around it
  std::uint32_t first_capture = 0;  ///< of `captures`
  std::uint32_t capture_count = 0;
  ClassIndex owner;           ///< of a method or class body: its class
  Operand return_annotation;  ///< of `parent`
  base::ByteRange range;
  base::ByteRange name_range;
};

/// A variable of an enclosing function that an inner one uses: the parent's own slot, or what the
/// parent itself captured from further out.
struct Capture {
  std::uint32_t index = 0;
  bool from_parent_captures = false;
};

struct Class {
  Text name;
  Text qualified_name;
  FunctionIndex body;
  std::uint32_t first_base = 0;  ///< of the pool: operands of the function around the class
  std::uint32_t base_count = 0;
  base::ByteRange range;
  base::ByteRange name_range;
};

/// One file. `function 0` is the top level.
struct Module {
  std::vector<Instruction> code;
  std::vector<std::uint32_t> pool;
  std::vector<Function> functions;
  std::vector<Class> classes;
  std::vector<Parameter> parameters;
  std::vector<Capture> captures;
  std::vector<Text> slot_names;
  std::vector<std::uint32_t> text_ends;  ///< Text i is the bytes up to text_ends[i]
  std::string text_block;
  std::vector<base::ByteRange> comments;  ///< those that speak to querylint
  std::vector<base::ByteRange> cut;       ///< what was nested too deeply to be lowered
  bool has_errors = false;

  std::string_view text(Text id) const;
  std::span<const Instruction> body(const Function& function) const;
  std::span<const std::uint32_t> operands(const Instruction& instruction) const;
  std::span<const Parameter> parameters_of(const Function& function) const;
  std::span<const Capture> captures_of(const Function& function) const;
};

/// Whether an instruction of that kind is followed by regions.
bool has_regions(Op op);

/// The branch of `a and b`, `a or b` or `a if b else c` whose value the instruction at `load`
/// takes; nothing for other instructions. `body` is the whole function's.
std::optional<std::uint32_t> branch_behind(std::span<const Instruction> body, std::uint32_t load);

/// Whether an instruction of the body sets an attribute of the function's first argument.
bool sets_own_attribute(std::span<const Instruction> body, const Instruction& instruction);

/// The instructions whose values an instruction works on, in no particular order.
std::vector<std::uint32_t> operands_of(const Module& module, const Instruction& instruction);

/// The module as stable, indented text.
std::string dump(const Module& module);

}  // namespace querylint::ir
