// Attributes of everything but rows, and what classes of the program say they are.
#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {

using program::Member;
using program::Symbol;

Value Interpreter::attribute(Value object, Name name, Site site) {
  if (world_.values.is(object, ValueKind::either)) {
    Value result;
    const auto options = world_.values.options(object);
    for (const Value option : options) {
      const Value found = attribute(option, name, site);
      result = result ? join(world_, result, found) : found;
    }
    return result;
  }
  for (const auto& framework : frameworks_) {
    if (const Value found = framework->attribute(*this, object, name, site)) return found;
  }
  switch (world_.values.kind(object)) {
    case ValueKind::row:
      return row_attribute(object, name, site);
    case ValueKind::instance:
    case ValueKind::query:
    case ValueKind::manager:
      return instance_attribute(object, name, site);
    case ValueKind::class_: {
      const ClassValue class_ = world_.values.class_(object);
      const Value member =
          class_.class_ ? class_attribute(class_.class_, name, object, site) : Value{};
      if (member) return member;
      return inherited(object, name, site);
    }
    case ValueKind::module:
      return symbol_value(program().attribute(
          {Symbol::Kind::unit, world_.values.module(object).value, {}, {}}, name));
    case ValueKind::external:
      return symbol_value(program().attribute(
          {Symbol::Kind::external, 0, {}, world_.values.external(object)}, name));
    case ValueKind::super:
      return super_attribute(object, name, site);
    case ValueKind::scalar:
    case ValueKind::operation:
      return world_.values.make(Method{object, name});
    default:
      return inherited(object, name, site);
  }
}

Value Interpreter::inherited(Value object, Name name, Site site) {
  for (const auto& framework : frameworks_) {
    if (const Value found = framework->inherited_attribute(*this, object, name, site)) return found;
  }
  return unknown();
}

Value Interpreter::instance_attribute(Value object, Name name, Site site) {
  if (world_.values.is(object, ValueKind::instance)) {
    const Value set = find_attribute(world_.values.instance(object).attributes, name);
    if (set) return set;
  }
  const ClassId class_ = class_of(object);
  if (class_) {
    Value member = class_attribute(class_, name, object, site);
    if (!member && world_.values.is(object, ValueKind::manager)) {
      const ClassId base = world_.values.manager(object).base;
      if (base) member = class_attribute(base, name, object, site);
    }
    if (member && !is_none(world_, member)) return member;
    if (world_.values.is(object, ValueKind::instance)) {
      const Value summary = attribute_summary(class_, name);
      if (!world_.values.is_unknown(summary)) return summary;
    }
    if (member) {
      const Value behind =
          inherited(object, name, site);  // set by a subclass that nobody names here
      return world_.values.is_unknown(behind) ? member : behind;
    }
  }
  return inherited(object, name, site);
}

/// What stands behind the class in the order of resolution, in the program or beyond it.
Value Interpreter::super_attribute(Value object, Name name, Site site) {
  const Super super = world_.values.super(object);
  const ClassId class_ = class_of(super.self);
  if (class_) {
    const Member* member = program().member_after(class_, super.after, name);
    if (member != nullptr) return bound_member(*member, super.self, site);
  }
  return inherited(object, name, site);
}

Value Interpreter::super_value() {
  const Frame& current = frame();
  FunctionId around = current.function;
  while (around && !program().function(around).owner) around = program().function(around).parent;
  if (!around || current.slots.empty() || !current.slots[0]) return {};
  const bool is_method = program().function(around).code->kind == ir::FunctionKind::function;
  if (!is_method || around != current.function) return {};
  return world_.values.make(Super{program().function(around).owner, current.slots[0]});
}

ClassId Interpreter::class_of(Value value) const {
  switch (world_.values.kind(value)) {
    case ValueKind::row:
      return schema().entity(world_.values.row(value).entity).class_;
    case ValueKind::instance:
      return world_.values.instance(value).class_;
    case ValueKind::query:
      return world_.values.query(value).class_;
    case ValueKind::manager:
      return world_.values.manager(value).class_;
    case ValueKind::class_:
      return world_.values.class_(value).class_;
    default:
      return {};
  }
}

Value Interpreter::class_attribute(ClassId class_, Name name, Value self, Site site) {
  const Member* member = program().member(class_, name);
  return member == nullptr ? Value{} : bound_member(*member, self, site);
}

/// The function behind `name = property(function)`.
FunctionId Interpreter::getter_of(const Member& member) const {
  const auto call = program::as_call(program(), {program().class_(member.owner).body, member.id});
  if (!call || call->positional.empty()) return {};
  const Symbol callee = program::resolve(program(), call->callee);
  const Symbol getter = program::resolve(program(), call->positional.front());
  if (callee.kind != Symbol::Kind::external || getter.kind != Symbol::Kind::function) return {};
  FunctionRole role;
  for (const auto& framework : frameworks_) framework->decorate(callee.external, program(), role);
  return role.is_property ? FunctionId{getter.id} : FunctionId{};
}

Value Interpreter::bound_member(const Member& member, Value self, Site site) {
  switch (member.kind) {
    case Member::Kind::class_:
      return class_value({member.id});
    case Member::Kind::value:
      if (const FunctionId getter = getter_of(member)) {
        Arguments arguments;
        arguments.self = self;
        const bool on_class = world_.values.is(self, ValueKind::class_);
        return on_class ? unknown() : call_function(getter, {}, arguments, site);
      }
      return static_value({program().class_(member.owner).body, member.id});
    case Member::Kind::function:
      break;
  }
  const FunctionId function{member.id};
  const FunctionRole& role = preparation_.roles[function.value];
  const Value plain = world_.values.make(FunctionValue{function, {}});
  if (role.is_static) return plain;
  const bool on_class = world_.values.is(self, ValueKind::class_);
  if (role.is_class_method) {
    Value class_self = self;
    if (!on_class) {
      const ClassId own = class_of(self);
      class_self = own ? class_value(own) : unknown();
    }
    return world_.values.make(Bound{class_self, function});
  }
  if (on_class) return plain;
  if (!role.is_property) return world_.values.make(Bound{self, function});
  Arguments arguments;
  arguments.self = self;
  return call_function(function, {}, arguments, site);
}

Value Interpreter::attribute_summary(ClassId class_, Name name) {
  Memo::Key key = {static_cast<std::uint32_t>(Memo::Task::summary), class_.value, name.value};
  return remembered(std::move(key), [&] {
    Value result;
    for (const ClassId ancestor : program().class_(class_).ancestors) {
      footprint_->read.push_back(program().class_(ancestor).body);  // which methods set it
      const auto setters = preparation_.setters.find(Preparation::key(ancestor, name));
      if (setters == preparation_.setters.end()) continue;
      for (const FunctionId method : setters->second) {
        const auto left = run_function(method, root_slots(method, class_), {});
        const bool has_self = left && !left->parameters.empty() &&
                              world_.values.is(left->parameters[0], ValueKind::instance);
        if (!has_self) continue;
        const Instance self = world_.values.instance(left->parameters[0]);
        const Value set = find_attribute(self.attributes, name);
        if (set) result = result ? join(world_, result, set) : set;
      }
    }
    return result;
  });
}

}  // namespace querylint::flow
