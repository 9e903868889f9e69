#include "rules/engine/parts.h"

namespace querylint::rules {

using flow::Value;
using flow::ValueKind;

namespace {

constexpr int deepest = 8;

void walk(const flow::Values& values, Value value, const std::function<bool(Value)>& visit,
          int depth) {
  if (!value || depth > deepest || !visit(value)) return;
  const auto inside = [&](Value part) { walk(values, part, visit, depth + 1); };
  switch (values.kind(value)) {
    case ValueKind::operation:
      inside(values.operation(value).left);
      inside(values.operation(value).right);
      return;
    case ValueKind::container:
      inside(values.container(value).element);
      for (const Value item : values.container(value).items) inside(item);
      return;
    case ValueKind::either:
      for (const Value option : values.options(value)) inside(option);
      return;
    case ValueKind::method:
      inside(values.method(value).self);
      return;
    case ValueKind::term:
      for (const auto& [name, argument] : values.term(value).arguments) inside(argument);
      return;
    default:
      return;
  }
}

}  // namespace

void each_part(const flow::Values& values, Value value, const std::function<bool(Value)>& visit) {
  walk(values, value, visit, 0);
}

}  // namespace querylint::rules
