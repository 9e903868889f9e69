// Values that are declared instead of computed: globals, class attributes, defaults, annotations.
#include <algorithm>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {
namespace {

using ir::Instruction;
using ir::Op;
using program::Expression;
using program::Symbol;

/// Annotations in strings: names, `Generic[A, B]`, `A | B`.
class AnnotationText {
 public:
  explicit AnnotationText(std::string_view text) : rest_(text) {}

  struct Type {
    std::string_view name;
    std::vector<Type> arguments;
    std::vector<Type> alternatives;
  };

  Type type(int depth = 0) {
    Type result = single(depth);
    skip_blanks();
    while (depth < 8 && !rest_.empty() && rest_.front() == '|') {
      rest_.remove_prefix(1);
      result.alternatives.push_back(single(depth + 1));
      skip_blanks();
    }
    return result;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '"' || rest_.front() == '\'')) {
      rest_.remove_prefix(1);
    }
  }

  Type single(int depth) {
    skip_blanks();
    const std::size_t end = std::min(rest_.find_first_of(" ,[]|\"'"), rest_.size());
    Type result{rest_.substr(0, end), {}, {}};
    rest_.remove_prefix(end);
    if (depth > 8 || rest_.empty() || rest_.front() != '[') return result;
    do {
      rest_.remove_prefix(1);
      result.arguments.push_back(type(depth + 1));
      skip_blanks();
    } while (!rest_.empty() && rest_.front() == ',');
    if (!rest_.empty() && rest_.front() == ']') rest_.remove_prefix(1);
    return result;
  }

  std::string_view rest_;
};

}  // namespace

/// Gives a computation a budget and a beginning of its own, so that its result depends neither on
/// what was spent before it nor on who asked.
class Interpreter::Apart {
 public:
  explicit Apart(Interpreter& interpreter)
      : interpreter_(interpreter),
        recorded_(interpreter.events_.size()),
        steps_(interpreter.steps_),
        depth_(interpreter.depth_),
        deepest_(interpreter.deepest_),
        was_cut_(interpreter.was_cut_),
        is_root_(interpreter.is_root_) {
    interpreter.steps_ = interpreter.budget_.steps - interpreter.budget_.steps / 8;
    interpreter.depth_ = interpreter.budget_.depth / 2;
    interpreter.is_root_ = false;
    --interpreter.level_;
    boundary_.is_static = true;
    boundary_.first_event = recorded_;
    interpreter.frames_.push_back(&boundary_);
    interpreter.memo_.begin({});
  }
  ~Apart() {
    interpreter_.memo_.end_apart();
    interpreter_.world_.values.take_given_up();
    interpreter_.frames_.pop_back();
    interpreter_.events_.resize(recorded_);
    interpreter_.steps_ = steps_;
    interpreter_.depth_ = depth_;
    interpreter_.deepest_ = deepest_;
    interpreter_.was_cut_ = was_cut_;
    interpreter_.is_root_ = is_root_;
    ++interpreter_.level_;
  }
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;

 private:
  Interpreter& interpreter_;
  Frame boundary_;
  std::size_t recorded_;
  std::uint32_t steps_;
  int depth_;
  int deepest_;
  bool was_cut_;
  bool is_root_;
};

/// Declared values may need each other in circles. Each one that is needed for another is computed
/// a level deeper, and the deepest level knows nothing: so there are no circles, and what is known
/// at a level is the same for all who ask there.
Value Interpreter::remembered(Memo::Key key, const std::function<Value()>& compute) {
  if (level_ == 0) return unknown();
  key.push_back(static_cast<std::uint32_t>(level_));
  if (const DeclaredValue* known = memo_.find_value(key)) {
    footprint_->parts.push_back(known->footprint);
    return known->value;
  }
  const auto own = memo_.make_footprint();
  const auto around = std::exchange(footprint_, own);
  around->parts.push_back(own);
  Value result;
  {
    const Apart apart(*this);
    result = compute();
  }
  footprint_ = around;
  if (!result) result = unknown();
  memo_.keep_value(key, {result, own});
  return result;
}

Value Interpreter::static_value(Expression expression) {
  const program::Function& info = program().function(expression.function);
  if (info.code->kind == ir::FunctionKind::function) {
    // A default or annotation inside a function: its own variables are there while it runs.
    return frames_.empty() || frame().function != expression.function ? unknown()
                                                                      : operand(expression.operand);
  }
  Memo::Key key = {static_cast<std::uint32_t>(Memo::Task::static_value), expression.function.value,
                   expression.operand};
  return remembered(std::move(key), [&] {
    Frame current;
    current.function = expression.function;
    current.info = &info;
    current.module = program().unit(info.unit).module.get();
    current.code = current.module->body(*info.code);
    current.is_static = true;
    current.first_event = events_.size();
    current.values.resize(current.code.size());
    frames_.push_back(&current);
    const Value result = static_operand(expression.operand);
    frames_.pop_back();
    return result;
  });
}

/// Evaluates an operand and, before it, those that it needs.
Value Interpreter::static_operand(std::uint32_t index) {
  Frame& current = frame();
  if (current.values[index]) return current.values[index];
  const Instruction& instruction = current.code[index];
  for (const std::uint32_t needed : ir::operands_of(*current.module, instruction)) {
    if (needed < index) static_operand(needed);
  }
  if (ir::has_regions(instruction.op)) return unknown();
  current.values[index] = evaluate(index);
  return operand(index);
}

Value Interpreter::symbol_value(const Symbol& symbol) {
  switch (symbol.kind) {
    case Symbol::Kind::unit:
      return world_.values.make_module({symbol.id});
    case Symbol::Kind::class_:
      return class_value({symbol.id});
    case Symbol::Kind::function:
      return world_.values.make(FunctionValue{{symbol.id}, {}});
    case Symbol::Kind::variable: {
      const Value value = static_value({{program().unit(symbol.unit).first_function}, symbol.id});
      const bool is_blank =
          is_none(world_, value) || (world_.values.is(value, ValueKind::container) &&
                                     !element(world_, world_.values.container(value)));
      return is_blank ? unknown() : value;  // other code will fill it
    }
    case Symbol::Kind::external: {
      const EntityId entity = schema().external(symbol.external);
      if (entity) return world_.values.make(ClassValue{{}, entity});
      return world_.values.make_external(symbol.external);
    }
    case Symbol::Kind::none:
      break;
  }
  return unknown();
}

Value Interpreter::class_value(ClassId class_) {
  return world_.values.make(ClassValue{class_, schema().of_class(class_)});
}

Value Interpreter::self_value(ClassId class_) {
  for (const auto& framework : frameworks_) {
    if (const Value self = framework->self(*this, class_)) return self;
  }
  return world_.values.make(Instance{class_, {}});
}

/// An object of the type that `type` is.
Value Interpreter::object_of(Value type, std::span<const Value> arguments) {
  for (const auto& framework : frameworks_) {
    if (const Value object = framework->annotated(*this, type, arguments)) return object;
  }
  if (!world_.values.is(type, ValueKind::class_)) return unknown();
  const ClassValue class_ = world_.values.class_(type);
  return class_.class_ ? self_value(class_.class_) : unknown();
}

/// `depth`: of names that stand for types, as `Books = list[Book]`.
Value Interpreter::annotation_value(Expression annotation, int depth) {
  constexpr int deepest_alias = 4;
  if (!annotation) return unknown();  // an operand that `-A` or broken code lacks
  const Instruction& instruction = program::instruction(program(), annotation);
  const UnitId unit = program().function(annotation.function).unit;
  const ir::Module& module = *program().unit(unit).module;
  switch (instruction.op) {
    case Op::constant:
      if (static_cast<ir::ConstantKind>(instruction.detail) != ir::ConstantKind::string) {
        return unknown();
      }
      return text_annotation_value(unit, module.text({instruction.a}));
    case Op::operate: {  // A | B
      const Value left = annotation_value({annotation.function, instruction.a}, depth);
      const Value right = annotation_value({annotation.function, instruction.b}, depth);
      return join(world_, left, right);
    }
    case Op::index: {
      const Value type = symbol_value(program().resolve(annotation.function, instruction.a));
      std::vector<Value> arguments;
      const Expression key{annotation.function, instruction.b};
      if (key && program::instruction(program(), key).op == Op::build) {
        for (const std::uint32_t part : module.operands(program::instruction(program(), key))) {
          arguments.push_back(annotation_value({annotation.function, part}, depth));
        }
      } else {
        arguments.push_back(annotation_value(key, depth));
      }
      return object_of(type, arguments);
    }
    case Op::load:
    case Op::attribute: {
      const Symbol symbol = program().resolve(annotation.function, annotation.operand);
      if (symbol.kind == Symbol::Kind::variable && depth < deepest_alias) {
        const program::FunctionId top{program().unit(symbol.unit).first_function};
        const Value aliased = annotation_value({top, symbol.id}, depth + 1);
        if (!world_.values.is_unknown(aliased)) return aliased;
      }
      return object_of(symbol_value(symbol), {});
    }
    default:
      return unknown();
  }
}

Value Interpreter::text_annotation_value(UnitId unit, std::string_view annotation) {
  const auto evaluate_type = [&](const auto& self, const AnnotationText::Type& type) -> Value {
    std::vector<Value> arguments;
    for (const AnnotationText::Type& argument : type.arguments) {
      arguments.push_back(self(self, argument));
    }
    Value result = object_of(named_type(unit, type.name), arguments);
    for (const AnnotationText::Type& alternative : type.alternatives) {
      result = join(world_, result, self(self, alternative));
    }
    return result;
  };
  return evaluate_type(evaluate_type, AnnotationText(annotation).type());
}

/// The class, entity or external thing that a dotted name in a file means.
Value Interpreter::named_type(UnitId unit, std::string_view dotted) {
  Symbol symbol;
  bool is_first = true;
  while (!dotted.empty()) {
    const std::size_t end = std::min(dotted.find('.'), dotted.size());
    const Name part = world_.name(dotted.substr(0, end));
    if (!part) return unknown();
    symbol = is_first ? program().global(unit, part) : program().attribute(symbol, part);
    is_first = false;
    dotted.remove_prefix(std::min(end + 1, dotted.size()));
  }
  return symbol_value(symbol);
}

}  // namespace querylint::flow
