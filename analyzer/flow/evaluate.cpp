// Single instructions: from the values of their operands to a value.
#include <algorithm>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {
namespace {

using ir::BuildKind;
using ir::ConstantKind;
using ir::Instruction;
using ir::Op;
using ir::Operator;
using ir::Scope;

constexpr int operation_depth = 6;
constexpr std::size_t literal_limit = 64;  // items that a literal is known by one by one

bool is_comparison(Operator operation) { return operation >= Operator::equal; }

/// Whether an object of a class has to define what the operator does with it.
bool runs_own_code(Operator operation) {
  switch (operation) {
    case Operator::equal:
    case Operator::not_equal:
    case Operator::is:
    case Operator::is_not:
    case Operator::in:
    case Operator::not_in:
    case Operator::not_:
      return false;
    default:
      return true;
  }
}

/// Results of operators are kept only as far as rules can say something about them.
bool is_computed(const World& world, Value value) {
  const ValueKind kind = world.values.kind(value);
  return kind == ValueKind::scalar || kind == ValueKind::operation || kind == ValueKind::term;
}

/// `n == 0`, `n > 0`, `n >= 1` and their like, of what was counted: whether there are rows.
bool asks_for_rows(const World& world, Operator operation, Value left, Value right) {
  if (!world.values.is(left, ValueKind::term)) return false;
  if (!right || !is_constant(world, right, ConstantKind::number)) return false;
  const Name callee = world.values.term(left).callee;
  if (callee != world.counted && callee != world.length) return false;
  const std::string_view number = world.text(world.values.constant(right).text);
  if (number == "1") return operation == Operator::less || operation == Operator::greater_equal;
  return number == "0" && is_comparison(operation);
}

int depth_of(const World& world, Value value) {
  if (!world.values.is(value, ValueKind::operation)) return 0;
  const Operation operation = world.values.operation(value);
  return 1 + std::max(depth_of(world, operation.left), depth_of(world, operation.right));
}

}  // namespace

Value Interpreter::operand(std::uint32_t index) const {
  if (index == Instruction::nowhere) return {};
  const Value value = frame().values[index];
  return value ? value : unknown();
}

Site Interpreter::site_of(std::uint32_t at) const { return {frame().function, at}; }

Value Interpreter::evaluate(std::uint32_t at) {
  const Instruction& instruction = frame().code[at];
  const Site site = site_of(at);
  switch (instruction.op) {
    case Op::constant:
      return evaluate_constant(instruction);
    case Op::load:
      return load(instruction);
    case Op::store:
      store(instruction);
      return {};
    case Op::attribute:
      return attribute(operand(instruction.a), program().name(frame().info->unit, {instruction.b}),
                       site);
    case Op::set_attribute:
      set_attribute(instruction);
      return {};
    case Op::index:
      return index(operand(instruction.a), operand(instruction.b), site);
    case Op::set_index:
      set_index(instruction);
      return {};
    case Op::call:
      return evaluate_call(instruction, site);
    case Op::spread:
    case Op::await:
      return operand(instruction.a);
    case Op::build:
      return build(instruction, site);
    case Op::operate:
      return operate(instruction, site);
    case Op::unpack:
      return unpack(instruction, site);
    case Op::annotated:
      return annotate(instruction);
    case Op::collect:
      collect_element(instruction, site);
      return {};
    case Op::yield: {
      const bool from = instruction.detail == 1;
      Value value = operand(instruction.a);
      if (from) value = element(world_, collect(value, ContainerKind::list, site));
      frame().yielded = frame().yielded ? join(world_, frame().yielded, value) : value;
      return {};
    }
    case Op::define:
      return define(instruction);
    case Op::import:
      return import(instruction);
    default:
      return {};
  }
}

Value Interpreter::evaluate_constant(const Instruction& instruction) {
  const auto kind = static_cast<ConstantKind>(instruction.detail);
  if (kind == ConstantKind::unknown) return unknown();
  Constant value{kind, {}};
  if (instruction.a != Instruction::nowhere) {
    value.text = program().name(frame().info->unit, {instruction.a});
  }
  return world_.values.make(value);
}

Value Interpreter::load(const Instruction& instruction) {
  const Frame& current = frame();
  switch (static_cast<Scope>(instruction.detail)) {
    case Scope::local:
      if (!current.is_static) return current.slots[instruction.a];
      return load_declared(instruction.a);
    case Scope::enclosing:
      return load_capture(instruction.a);
    case Scope::global:
      return symbol_value(program().global(current.info->unit,
                                           program().name(current.info->unit, {instruction.a})));
  }
  return unknown();
}

/// A name of a class body or of a module's top level, without running either.
Value Interpreter::load_declared(std::uint32_t slot) {
  const Frame& current = frame();
  const ir::Function& code = *current.info->code;
  const Name name =
      program().name(current.info->unit, current.module->slot_names[code.first_slot + slot]);
  if (code.kind == ir::FunctionKind::module) {
    return symbol_value(program().global(current.info->unit, name));
  }
  if (!current.info->owner) return unknown();
  const program::Member* member = program().own_member(current.info->owner, name);
  if (member == nullptr) return unknown();
  switch (member->kind) {
    case program::Member::Kind::function:
      return world_.values.make(FunctionValue{{member->id}, {}});
    case program::Member::Kind::class_:
      return class_value({member->id});
    case program::Member::Kind::value:
      return static_value({current.function, member->id});
  }
  return unknown();
}

/// A variable of the function around. While that one is being followed its newest value counts:
/// inner functions see later assignments, and themselves.
Value Interpreter::load_capture(std::uint32_t captured) {
  const Frame& current = frame();
  const ir::Capture source = current.module->captures_of(*current.info->code)[captured];
  const Frame* parent = source.from_parent_captures ? nullptr : live_parent();
  if (parent != nullptr) return parent->slots[source.index];
  return captured < current.captures.size() ? current.captures[captured] : unknown();
}

Interpreter::Frame* Interpreter::live_parent() const { return live_parent_of(frame().function); }

Interpreter::Frame* Interpreter::live_parent_of(FunctionId function) const {
  const FunctionId parent = program().function(function).parent;
  for (auto outer = frames_.rbegin(); outer != frames_.rend(); ++outer) {
    const bool is_itself = (*outer)->function == function;
    if ((*outer)->is_static && !is_itself) return nullptr;
    if ((*outer)->function == parent) return *outer;
  }
  return nullptr;
}

void Interpreter::refresh_captures(FunctionId function, std::vector<Value>& captures) const {
  const program::Function& info = program().function(function);
  const auto sources = program().unit(info.unit).module->captures_of(*info.code);
  const Frame* parent = sources.empty() ? nullptr : live_parent_of(function);
  if (parent == nullptr) return;
  captures.resize(std::max(captures.size(), sources.size()), unknown());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i].from_parent_captures) captures[i] = parent->slots[sources[i].index];
  }
}

/// Gives a variable of the function around another value. Whoever remembers this call would not see
/// that, so nobody may.
void Interpreter::set_captured(std::uint32_t captured, Value value, bool is_certain) {
  Frame& current = frame();
  if (captured < current.captures.size()) current.captures[captured] = value;
  const ir::Capture source = current.module->captures_of(*current.info->code)[captured];
  Frame* parent = source.from_parent_captures ? nullptr : live_parent();
  if (parent == nullptr) return;
  Value& slot = parent->slots[source.index];
  const Value now = slot && !is_certain ? join(world_, slot, value) : value;
  if (now == slot) return;
  slot = now;
  memo_.depend_on(Memo::call_of(parent->function));
}

void Interpreter::store(const Instruction& instruction) {
  Frame& current = frame();
  const Value value = operand(instruction.b);
  if (current.is_static) return;
  switch (static_cast<Scope>(instruction.detail)) {
    case Scope::local:
      note_accumulator(instruction);
      if (instruction.a < current.passed.size() && !current.passed[instruction.a]) {
        current.passed[instruction.a] = current.slots[instruction.a];
      }
      current.slots[instruction.a] = guessed_element(instruction, value);
      return;
    case Scope::enclosing:
      set_captured(instruction.a, value, false);
      return;
    case Scope::global:
      escape(value, {current.function, instruction.b});
      return;
  }
}

/// The element of a loop over something unknown, guessed by the name of the loop's variable.
Value Interpreter::guessed_element(const Instruction& instruction, Value value) {
  const Frame& current = frame();
  const Op source = current.code[instruction.b].op;
  if (source != Op::loop && source != Op::unpack) return value;
  const bool is_vague =
      world_.values.is_unknown(value) || (world_.values.is(value, ValueKind::row) &&
                                          world_.values.row(value).entity == schema().unknown);
  if (!is_vague || current.loops.empty()) return value;
  const ir::Text text = current.module->slot_names[current.info->code->first_slot + instruction.a];
  const Name name = program().name(current.info->unit, text);
  const Site site{current.function, instruction.b};
  for (const auto& framework : frameworks_) {
    if (const Value guess = framework->named(*this, name, value, site)) {
      return reborn(world_, guess, current.nest);
    }
  }
  return value;
}

Value Interpreter::build(const Instruction& instruction, Site site) {
  const auto kind = static_cast<BuildKind>(instruction.detail);
  if (kind == BuildKind::dict) return build_dict(instruction);
  const auto operands = frame().module->operands(instruction);
  if (kind == BuildKind::string) {
    for (const std::uint32_t part : operands) read_text(operand(part), site);
    return operands.empty() ? unknown() : text_from(world_, operand(operands.front()));
  }
  if (kind == BuildKind::slice) {
    std::vector<std::pair<Name, Value>> bounds;
    for (const std::uint32_t bound : operands) {
      bounds.emplace_back(Name{}, bound == Instruction::nowhere ? Value{} : operand(bound));
    }
    return world_.values.make(Term{world_.slice, bounds});
  }
  std::vector<Value> items;
  Container container;
  switch (kind) {
    case BuildKind::tuple:
      container.kind = ContainerKind::tuple;
      break;
    case BuildKind::set:
      container.kind = ContainerKind::set;
      break;
    case BuildKind::generator:
      container.kind = ContainerKind::generator;
      break;
    default:
      container.kind = ContainerKind::list;
      break;
  }
  bool is_open = operands.size() > literal_limit;
  for (const std::uint32_t index : operands) {
    if (frame().code[index].op == Op::spread) {
      const Container inner = collect(operand(index), ContainerKind::list, site);
      is_open = is_open || inner.items.empty();
      const Value part = element(world_, inner);
      if (inner.items.empty()) {
        if (part) items.push_back(part);
        if (operands.size() == 1) container.source = inner.source;
      } else {
        items.insert(items.end(), inner.items.begin(), inner.items.end());
      }
    } else {
      items.push_back(operand(index));
    }
  }
  container.items = items;
  if (is_open) {
    container.element = element(world_, container);
    container.items = {};
  }
  return world_.values.make(container);
}

Value Interpreter::build_dict(const Instruction& instruction) {
  const auto operands = frame().module->operands(instruction);
  Container dict;
  dict.kind = ContainerKind::dict;
  std::vector<Value> keys;
  std::vector<Value> items;
  bool is_open = operands.size() > 2 * literal_limit;
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    if (operands[i] == Instruction::nowhere) {
      const Value inner = operand(operands[i + 1]);
      if (world_.values.is(inner, ValueKind::container)) {
        const Container more = world_.values.container(inner);
        keys.insert(keys.end(), more.keys.begin(), more.keys.end());
        items.insert(items.end(), more.items.begin(), more.items.end());
        if (more.element) dict.element = more.element;
      }
      is_open = is_open || !world_.values.is(inner, ValueKind::container);
      continue;
    }
    keys.push_back(operand(operands[i]));
    items.push_back(operand(operands[i + 1]));
  }
  if (keys.size() != items.size()) is_open = true;
  dict.items = items;
  if (!is_open) dict.keys = keys;
  if (is_open) {
    dict.element = element(world_, dict);
    dict.items = {};
    if (!dict.element) dict.element = unknown();
  }
  return world_.values.make(dict);
}

Value Interpreter::operate(const Instruction& instruction, Site site) {
  const auto operation = static_cast<Operator>(instruction.detail);
  const Value left = operand(instruction.a);
  const Value right = operand(instruction.b);
  for (const auto& framework : frameworks_) {
    if (const Value result = framework->operate(*this, operation, left, right, site)) return result;
  }
  if (runs_own_code(operation)) {
    for (const Value object : {left, right}) {
      if (world_.values.is(object, ValueKind::row)) escape(object, site);
    }
  }
  if (operation == Operator::add && world_.values.is(left, ValueKind::container)) {
    return concatenated(left, right, site);
  }
  if (operation == Operator::not_ && is_constant(world_, left, ir::ConstantKind::true_)) {
    return world_.values.make(Constant{ir::ConstantKind::false_, {}});
  }
  if (operation == Operator::not_ || asks_for_rows(world_, operation, left, right)) {
    note_condition(left, site);
    const bool is_of_columns = operation == Operator::not_ && is_computed(world_, left) &&
                               !world_.values.is(left, ValueKind::term) &&
                               depth_of(world_, left) < operation_depth;
    return is_of_columns ? world_.values.make(Operation{operation, left, {}}) : unknown();
  }
  if (operation == Operator::add) {
    const Value text = text_from(world_, left);
    if (world_.values.is(text, ValueKind::term)) return text;
  }
  note_number(left, site);
  if (right) note_number(right, site);
  const bool known = is_computed(world_, left) || (right && is_computed(world_, right));
  if (!known) return unknown();
  const int depth = std::max(depth_of(world_, left), right ? depth_of(world_, right) : 0);
  if (depth >= operation_depth) {
    return is_comparison(operation) ? unknown() : world_.values.make(Scalar{});
  }
  return world_.values.make(Operation{operation, left, right});
}

/// `a + b` of lists, and the union of sets.
Value Interpreter::concatenated(Value left, Value right, Site site) {
  const Container first = world_.values.container(left);
  const Container second = collect(right, first.kind, site);
  const bool literal = !first.element && !second.element &&
                       first.items.size() + second.items.size() <= literal_limit;
  Container result;
  result.kind = first.kind;
  std::vector<Value> items;
  if (literal) {
    items.assign(first.items.begin(), first.items.end());
    items.insert(items.end(), second.items.begin(), second.items.end());
    result.items = items;
  } else {
    const Value a = element(world_, first);
    const Value b = element(world_, second);
    result.element = a && b ? join(world_, a, b) : a ? a : b;
  }
  return world_.values.make(result);
}

Value Interpreter::unpack(const Instruction& instruction, Site site) {
  const Value value = operand(instruction.a);
  if (world_.values.is(value, ValueKind::container)) {
    const Container container = world_.values.container(value);
    const std::size_t position = instruction.b;
    const bool ordered =
        container.kind == ContainerKind::tuple || container.kind == ContainerKind::list;
    if (ordered && instruction.detail == 0 && position < container.items.size()) {
      return container.items[position];
    }
    if (ordered && instruction.detail == 2 && position < container.items.size()) {
      return container.items[container.items.size() - 1 - position];
    }
    if (container.kind == ContainerKind::dict) return container.key ? container.key : unknown();
    const Value any = element(world_, container);
    if (instruction.detail != 1) return any ? any : unknown();
    Container rest;
    rest.element = any;
    rest.source = container.source;
    rest.is_filtered = true;
    return world_.values.make(rest);
  }
  if (world_.values.is(value, ValueKind::either)) {
    Value result;
    for (const Value option : world_.values.options(value)) {
      if (!world_.values.is(option, ValueKind::container)) continue;
      const Container container = world_.values.container(option);
      const bool has = instruction.detail == 0 && instruction.b < container.items.size();
      const Value part = has ? container.items[instruction.b] : element(world_, container);
      if (part) result = result ? join(world_, result, part) : part;
    }
    return result ? result : unknown();
  }
  if (!world_.values.is(value, ValueKind::query)) return unknown();
  if (instruction.detail != 1) return iterate(value, nest(), site);
  Container rest = collect(value, ContainerKind::list, site);
  rest.is_filtered = true;
  return world_.values.make(rest);
}

Value Interpreter::define(const Instruction& instruction) {
  const Frame& current = frame();
  const program::Unit& unit = program().unit(current.info->unit);
  if (instruction.detail == 1) return class_value({unit.first_class + instruction.a});
  const ir::Function& inner = current.module->functions[instruction.a];
  std::vector<Value> captures;
  for (const ir::Capture capture : current.module->captures_of(inner)) {
    const std::vector<Value>& from =
        capture.from_parent_captures ? current.captures : current.slots;
    const bool there = capture.index < from.size() && from[capture.index];
    captures.push_back(there ? from[capture.index] : unknown());
  }
  const Value function =
      world_.values.make(FunctionValue{{unit.first_function + instruction.a}, captures});
  const bool is_local = current.info->code->kind == ir::FunctionKind::function;
  if (!current.is_static && is_local && inner.kind == ir::FunctionKind::function) {
    frame().defined.push_back(function);
  }
  return function;
}

Value Interpreter::import(const Instruction& instruction) {
  const Frame& current = frame();
  std::string_view module = current.module->text({instruction.a});
  if (instruction.b == Instruction::nowhere) {
    if (instruction.detail == 1) module = module.substr(0, module.find('.'));
    return symbol_value(program().imported(current.info->unit, module, ""));
  }
  const std::string_view member = current.module->text({instruction.b});
  return symbol_value(program().imported(current.info->unit, module, member));
}

/// An annotation says what the value is where nothing better is known.
Value Interpreter::annotate(const Instruction& instruction) {
  const Value value = instruction.a == Instruction::nowhere ? Value{} : operand(instruction.a);
  if (value && !world_.values.is_unknown(value)) return value;
  const Value declared = annotation_value({frame().function, instruction.b});
  return world_.values.is_unknown(declared) ? value : declared;
}

/// One element of a comprehension's result.
void Interpreter::collect_element(const Instruction& instruction, Site site) {
  Frame& current = frame();
  if (current.is_static || current.loops.empty()) return;
  Value& slot = current.slots[instruction.a];
  if (!world_.values.is(slot, ValueKind::container)) return;
  Container result = world_.values.container(slot);
  const Value added = operand(instruction.b);
  const Value key = instruction.c == Instruction::nowhere ? Value{} : operand(instruction.c);
  const bool filtered = current.branch != current.loops.back().branch;
  result.element = result.element ? join(world_, result.element, added) : added;
  if (!result.element) result.element = unknown();
  if (key) result.key = key;
  result.source = source_of(world_.chains.loop(current.nest).driver);
  result.is_filtered =
      result.is_filtered || filtered || is_part(world_.chains.loop(current.nest).driver);
  slot = world_.values.make(result);
  if (filtered) note_filter(added, site);
  if (result.source && result.kind == ContainerKind::set) {
    const bool is_column = world_.values.is(added, ValueKind::scalar);
    fold(FoldKind::distinct, result.source, is_column ? world_.values.scalar(added).column : Name{},
         added, site);
  }
}

}  // namespace querylint::flow
