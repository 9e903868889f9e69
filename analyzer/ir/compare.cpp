#include "analyzer/ir/compare.h"

#include <algorithm>
#include <set>

namespace querylint::ir {
namespace {

/// Compares what two modules say; their texts have numbers of their own.
class Comparison {
 public:
  Comparison(const Module& a, const Module& b) : a_(a), b_(b) {}

  bool texts(std::uint32_t left, std::uint32_t right) const {
    if (left == Instruction::nowhere || right == Instruction::nowhere) return left == right;
    return a_.text({left}) == b_.text({right});
  }
  bool texts(Text left, Text right) const { return texts(left.value, right.value); }

  bool instructions(const Instruction& left, const Instruction& right) const {
    if (left.op != right.op || left.detail != right.detail || left.count != right.count)
      return false;
    const bool is_global = Scope(left.detail) == Scope::global;
    switch (left.op) {
      case Op::constant:
        return texts(left.a, right.a);
      case Op::load:
        return is_global ? texts(left.a, right.a) : left.a == right.a;
      case Op::store:
        return (is_global ? texts(left.a, right.a) : left.a == right.a) && left.b == right.b;
      case Op::attribute:
      case Op::set_attribute:
        return left.a == right.a && texts(left.b, right.b) && left.c == right.c;
      case Op::import:
        return texts(left.a, right.a) && texts(left.b, right.b);
      case Op::call:
        return left.a == right.a && calls(left, right);
      case Op::build:
      case Op::define:
        return left.a == right.a && std::ranges::equal(a_.operands(left), b_.operands(right));
      default:
        return left.a == right.a && left.b == right.b && left.c == right.c;
    }
  }

  bool code(const Function& left, const Function& right) const {
    return std::ranges::equal(
               a_.body(left), b_.body(right),
               [&](const Instruction& x, const Instruction& y) { return instructions(x, y); }) &&
           slots(left, right);
  }

  bool heads(const Function& left, const Function& right) const {
    return texts(left.name, right.name) && texts(left.qualified_name, right.qualified_name) &&
           left.kind == right.kind && left.is_async == right.is_async &&
           left.is_generator == right.is_generator && left.parent == right.parent &&
           left.owner == right.owner && left.return_annotation == right.return_annotation &&
           std::ranges::equal(a_.parameters_of(left), b_.parameters_of(right),
                              [&](const Parameter& x, const Parameter& y) {
                                return texts(x.name, y.name) && x.kind == y.kind &&
                                       x.default_value == y.default_value &&
                                       x.annotation == y.annotation;
                              });
  }

  bool classes(const Class& left, const Class& right) const {
    const auto bases = [](const Module& module, const Class& of) {
      return std::span(module.pool).subspan(of.first_base, of.base_count);
    };
    return texts(left.name, right.name) && texts(left.qualified_name, right.qualified_name) &&
           left.body == right.body && std::ranges::equal(bases(a_, left), bases(b_, right));
  }

  /// Whether what a function imports and defines is the same. What is decorated, or has bases, is
  /// told by the code before it.
  bool outlines(const Function& left, const Function& right) const {
    std::vector<const Instruction*> ours = outline_of(a_, left);
    std::vector<const Instruction*> theirs = outline_of(b_, right);
    const bool is_plain = std::ranges::none_of(ours, [](const Instruction* instruction) {
      return instruction->op == Op::define && (instruction->count > 0 || instruction->detail == 1);
    });
    if (!is_plain) return code(left, right);
    return std::ranges::equal(
               ours, theirs,
               [&](const Instruction* x, const Instruction* y) { return instructions(*x, *y); }) &&
           attributes_set(a_, left) == attributes_set(b_, right);
  }

 private:
  bool calls(const Instruction& left, const Instruction& right) const {
    const auto ours = a_.operands(left);
    const auto theirs = b_.operands(right);
    for (std::size_t i = 0; i + 1 < ours.size(); i += 2) {
      if (ours[i] != theirs[i] || !texts(ours[i + 1], theirs[i + 1])) return false;
    }
    return true;
  }

  bool slots(const Function& left, const Function& right) const {
    if (left.slot_count != right.slot_count) return false;
    for (std::uint32_t i = 0; i < left.slot_count; ++i) {
      if (!texts(a_.slot_names[left.first_slot + i], b_.slot_names[right.first_slot + i]))
        return false;
    }
    return std::ranges::equal(
        a_.captures_of(left), b_.captures_of(right), [](const Capture& x, const Capture& y) {
          return x.index == y.index && x.from_parent_captures == y.from_parent_captures;
        });
  }

  static std::vector<const Instruction*> outline_of(const Module& module, const Function& of) {
    std::vector<const Instruction*> found;
    for (const Instruction& instruction : module.body(of)) {
      if (instruction.op == Op::import || instruction.op == Op::define)
        found.push_back(&instruction);
    }
    return found;
  }

  static std::set<std::string_view> attributes_set(const Module& module, const Function& of) {
    std::set<std::string_view> names;
    const auto body = module.body(of);
    for (const Instruction& instruction : body) {
      if (instruction.op != Op::set_attribute) continue;
      const Instruction& object = body[instruction.a];
      const bool is_self =
          object.op == Op::load && object.a == 0 && Scope(object.detail) == Scope::local;
      if (is_self) names.insert(module.text({instruction.b}));
    }
    return names;
  }

  const Module& a_;
  const Module& b_;
};

bool has_own_names(const Function& function) {
  return function.kind == FunctionKind::module || function.kind == FunctionKind::class_body;
}

}  // namespace

bool declare_the_same(const Module& a, const Module& b) {
  const Comparison comparison(a, b);
  if (!std::ranges::equal(a.functions, b.functions, [&](const Function& x, const Function& y) {
        return comparison.heads(x, y);
      })) {
    return false;
  }
  if (!std::ranges::equal(a.classes, b.classes, [&](const Class& x, const Class& y) {
        return comparison.classes(x, y);
      })) {
    return false;
  }
  for (std::size_t i = 0; i < a.functions.size(); ++i) {
    const bool is_same = has_own_names(a.functions[i])
                             ? comparison.code(a.functions[i], b.functions[i])
                             : comparison.outlines(a.functions[i], b.functions[i]);
    if (!is_same) return false;
  }
  return true;
}

bool have_the_same_code(const Module& a, const Module& b, FunctionIndex function) {
  const Function& left = a.functions[function.value];
  const Function& right = b.functions[function.value];
  if (!Comparison(a, b).code(left, right)) return false;
  return std::ranges::equal(
      a.body(left), b.body(right), [&](const Instruction& x, const Instruction& y) {
        return x.range.begin - left.range.begin == y.range.begin - right.range.begin &&
               x.range.end - left.range.begin == y.range.end - right.range.begin;
      });
}

}  // namespace querylint::ir
