#include "analyzer/ir/compare.h"

#include <algorithm>
#include <set>

#include "analyzer/ir/align.h"

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

  /// Of what is decorated, or has bases, the code before it tells.
  bool outlines(const Function& left, const Function& right) const {
    return (is_plain(a_, left) && is_plain(b_, right)) || code(left, right);
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

  static bool is_plain(const Module& module, const Function& of) {
    return std::ranges::none_of(module.body(of), [](const Instruction& instruction) {
      return instruction.op == Op::define && (instruction.count > 0 || instruction.detail == 1);
    });
  }

  const Module& a_;
  const Module& b_;
};

bool has_own_names(const Function& function) {
  return function.kind == FunctionKind::module || function.kind == FunctionKind::class_body;
}

std::set<std::string_view> attributes_set(const Module& module, const Function& of) {
  std::set<std::string_view> names;
  const auto body = module.body(of);
  for (const Instruction& instruction : body) {
    if (sets_own_attribute(body, instruction)) names.insert(module.text({instruction.b}));
  }
  return names;
}

/// Inner functions may come and go: nothing outside of the function around knows of them.
bool may_come_and_go(const Module& module, const Function& function) {
  return is_gone(function) || is_inner(module, function);
}

Function function_at(const Module& module, std::size_t index) {
  return index < module.functions.size() ? module.functions[index] : no_function();
}

}  // namespace

bool declare_the_same(const Module& a, const Module& b) {
  const Comparison comparison(a, b);
  if (!std::ranges::equal(a.classes, b.classes, [&](const Class& x, const Class& y) {
        return comparison.classes(x, y);
      })) {
    return false;
  }
  for (std::size_t i = 0; i < std::max(a.functions.size(), b.functions.size()); ++i) {
    const Function left = function_at(a, i);
    const Function right = function_at(b, i);
    const bool is_free = may_come_and_go(a, left);
    if (is_free != may_come_and_go(b, right)) return false;
    if (!is_free && !comparison.heads(left, right)) return false;
    const bool is_same =
        has_own_names(left) ? comparison.code(left, right) : comparison.outlines(left, right);
    if (!is_same) return false;
  }
  return true;
}

bool have_the_same_code(const Module& a, const Module& b, FunctionIndex function) {
  const Function left = function_at(a, function.value);
  const Function& right = b.functions[function.value];
  const Comparison comparison(a, b);
  if (is_gone(left) != is_gone(right)) return false;
  if (!is_gone(left) && !comparison.heads(left, right)) return false;
  if (!comparison.code(left, right)) return false;
  return std::ranges::equal(
      a.body(left), b.body(right), [&](const Instruction& x, const Instruction& y) {
        return x.range.begin - left.range.begin == y.range.begin - right.range.begin &&
               x.range.end - left.range.begin == y.range.end - right.range.begin;
      });
}

bool set_the_same_attributes(const Module& a, const Module& b, FunctionIndex function) {
  return attributes_set(a, a.functions[function.value]) ==
         attributes_set(b, b.functions[function.value]);
}

}  // namespace querylint::ir
