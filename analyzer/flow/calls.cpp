// Going into functions of the program.
#include <algorithm>

#include "analyzer/flow/frame.h"
#include "analyzer/flow/interpreter.h"

namespace querylint::flow {
namespace {

using ir::ParameterKind;

constexpr int activations = 2;  // of a recursive function: the second one shows what a level costs

bool defines_functions(std::span<const ir::Instruction> code) {
  return std::ranges::any_of(
      code, [](const ir::Instruction& instruction) { return instruction.op == ir::Op::define; });
}

Memo::Key call_key(FunctionId function, NestId nest, std::uint32_t mode, int level,
                   const std::vector<Value>& slots, const std::vector<Value>& captures) {
  Memo::Key key = {function.value, nest.value, mode, static_cast<std::uint32_t>(level)};
  for (const Value value : slots) key.push_back(value.value);
  for (const Value value : captures) key.push_back(value.value);
  return key;
}

}  // namespace

Interpreter::Interpreter(World& world, const Frameworks& frameworks, const Preparation& preparation,
                         Budget budget)
    : world_(world), frameworks_(frameworks), preparation_(preparation), budget_(budget) {}

Trace Interpreter::follow(FunctionId function) {
  events_.clear();
  world_.values.take_given_up();
  steps_ = 0;
  was_cut_ = false;
  footprint_ = memo_.make_footprint();
  Trace trace;
  trace.function = function;
  std::vector<Value> slots = root_slots(function, {});
  is_root_ = true;
  const auto result = run_function(function, std::move(slots), {});
  if (result) {
    trace.events = result->events;
    const Site end{function, 0};
    escape(result->value, end);
    for (const Value parameter : result->parameters) {  // what was kept on `self` and its like
      const bool was_given = world_.values.is(parameter, ValueKind::row) ||
                             world_.values.is(parameter, ValueKind::query);
      if (!was_given) escape(parameter, end);
    }
    trace.events.insert(trace.events.end(), events_.begin(), events_.end());
  }
  trace.was_cut = was_cut_;
  return trace;
}

void Interpreter::forget(std::span<const FunctionId> changed) {
  memo_.forget(changed);
  carried_.clear();
}

Value Interpreter::call(Value callee, Arguments& arguments, Site site) {
  switch (world_.values.kind(callee)) {
    case ValueKind::function: {
      const FunctionValue function = world_.values.function(callee);
      return call_function(function.function, function.captures, arguments, site);
    }
    case ValueKind::bound: {
      const Bound bound = world_.values.bound(callee);
      arguments.self = bound.self;
      return call_function(bound.function, {}, arguments, site);
    }
    case ValueKind::method: {
      const Method method = world_.values.method(callee);
      arguments.self = method.self;
      for (const auto& framework : frameworks_) {
        const Value result = framework->call_method(*this, method.name, arguments, site);
        if (result) return result;
      }
      break;
    }
    case ValueKind::class_:
      return construct(callee, arguments, site);
    case ValueKind::external:
      for (const auto& framework : frameworks_) {
        const Name path = world_.values.external(callee);
        if (const Value result = framework->call_external(*this, path, arguments, site)) {
          return result;
        }
      }
      break;
    case ValueKind::term:
      for (const auto& framework : frameworks_) {
        if (const Value result = framework->call_term(*this, callee, arguments, site))
          return result;
      }
      break;
    case ValueKind::instance: {
      const Value method = class_attribute(class_of(callee), world_.name("__call__"), callee, site);
      if (world_.values.is(method, ValueKind::bound)) return call(method, arguments, site);
      break;
    }
    case ValueKind::either: {
      Value result;
      for (const Value option : world_.values.options(callee)) {
        Arguments copy = arguments;
        const Value returned = call(option, copy, site);
        result = result ? join(world_, result, returned) : returned;
      }
      return result;
    }
    default:
      break;
  }
  escape_all(arguments, site);
  return unknown();
}

/// An object of a class of the program: the framework's kind of object, or an instance on which
/// `__init__` has run.
Value Interpreter::construct(Value callee, Arguments& arguments, Site site) {
  for (const auto& framework : frameworks_) {
    if (const Value made = framework->construct(*this, callee, arguments, site)) return made;
  }
  const ClassId class_ = world_.values.class_(callee).class_;
  if (!class_) {
    escape_all(arguments, site);
    return unknown();
  }
  const program::Member* init = program().member(class_, world_.name("__init__"));
  if (init != nullptr && init->kind == program::Member::Kind::function) {
    arguments.self = world_.values.make(Instance{class_, {}});
    call_function({init->id}, {}, arguments, site);
    const Value made = arguments.self;
    arguments.self = {};
    return made;
  }
  if (program().has_unknown_bases(class_)) escape_all(arguments, site);
  std::vector<std::pair<Name, Value>> attributes = arguments.keywords;
  std::ranges::sort(attributes, {}, &std::pair<Name, Value>::first);
  return world_.values.make(Instance{class_, attributes});
}

Value Interpreter::call_function(FunctionId function, std::span<const Value> captures,
                                 Arguments& arguments, Site site) {
  const FunctionRole& role = preparation_.roles[function.value];
  const program::Function& info = program().function(function);
  std::shared_ptr<const CallResult> result;
  if (!role.is_overload && info.code->instruction_count > 0) {
    note_entry(function, arguments);
    result = run_function(function, bind(function, arguments), {captures.begin(), captures.end()});
  } else {
    footprint_->read.push_back(function);
  }
  const auto declared = [&] {
    if (!info.code->return_annotation) return unknown();
    return annotation_value({info.parent, info.code->return_annotation.value});
  };
  if (!result) {
    escape_all(arguments, site);
    return declared();
  }
  if (!role.is_memoised) replay(*result, site, role.is_kept);
  keep_parameters(function, *result, arguments);
  return world_.values.is_unknown(result->value) ? declared() : result->value;
}

void Interpreter::note_entry(FunctionId function, const Arguments& arguments) {
  const auto is_known = [&](Value value) {
    const ValueKind kind = world_.values.kind(value);
    if (kind == ValueKind::container) {
      const Container container = world_.values.container(value);
      const Value any = element(world_, container);
      return any && world_.values.is(any, ValueKind::row);
    }
    return kind == ValueKind::row || kind == ValueKind::query;
  };
  const bool known = std::ranges::any_of(arguments.positional, is_known) ||
                     std::ranges::any_of(arguments.keywords, [&](const auto& keyword) {
                       return is_known(keyword.second);
                     });
  if (!known) return;
  const Memo::Key recursion = Memo::call_of(function);
  if (memo_.count_open(recursion) > 0) {
    memo_.depend_on(recursion);
  } else {
    footprint_->entered.push_back(function);
  }
}

/// The callee's events as the caller's: behind the call, under the caller's branch.
void Interpreter::replay(const CallResult& result, Site site, bool is_kept) {
  const BranchId outer = frames_.empty() ? BranchId{} : frame().branch;
  for (Event event : result.events) {
    event.calls = world_.chains.call(site, event.calls);
    event.branch = world_.chains.join(outer, event.branch);
    if (is_kept) event.flags |= flag::kept;
    events_.push_back(event);
  }
}

/// Tells the caller what became of the objects it passed.
void Interpreter::keep_parameters(FunctionId function, const CallResult& result,
                                  Arguments& arguments) const {
  const program::Function& info = program().function(function);
  const auto parameters = program().unit(info.unit).module->parameters_of(*info.code);
  const std::size_t shift = arguments.self ? 1 : 0;
  for (std::size_t i = 0; i < parameters.size() && i < result.parameters.size(); ++i) {
    if (parameters[i].kind == ParameterKind::rest) break;
    const Value value = result.parameters[i];
    if (!value || parameters[i].kind == ParameterKind::rest_keywords) continue;
    if (i == 0 && shift == 1) {
      arguments.self = value;
    } else if (i - shift < arguments.positional.size()) {
      arguments.positional[i - shift] = value;
    } else {
      const Name name = program().name(info.unit, parameters[i].name);
      for (auto& [keyword, argument] : arguments.keywords) {
        if (keyword == name) argument = value;
      }
    }
  }
}

std::shared_ptr<const CallResult> Interpreter::known_result(const Memo::Key& key) {
  auto known = memo_.find_call(key);
  if (!known) return nullptr;
  const bool fits =
      depth_ + 1 + known->height <= budget_.depth && steps_ + known->steps <= budget_.steps;
  if (!fits) return nullptr;
  steps_ += known->steps;
  deepest_ = std::max(deepest_, depth_ + 1 + known->height);
  return known;
}

std::shared_ptr<const CallResult> Interpreter::run_function(FunctionId function,
                                                            std::vector<Value> slots,
                                                            std::vector<Value> captures) {
  const program::Function& info = program().function(function);
  const bool in_transaction = (!frames_.empty() && frame().in_transaction) ||
                              preparation_.roles[function.value].is_transaction;
  const bool ends_here =
      std::exchange(is_root_, false) && defines_functions(program().body(function));
  refresh_captures(function, captures);
  const std::uint32_t mode = (in_transaction ? 1U : 0U) | (ends_here ? 2U : 0U);
  const Memo::Key key = call_key(function, nest(), mode, level_, slots, captures);
  if (auto known = known_result(key)) {
    footprint_->parts.push_back(known->footprint);
    return known;
  }
  footprint_->read.push_back(function);
  const Memo::Key recursion = Memo::call_of(function);
  if (memo_.count_open(recursion) >= activations) {
    memo_.depend_on(recursion);
    return nullptr;
  }
  if (depth_ >= budget_.depth) {
    was_cut_ = true;
    memo_.depend_on_budget();
    return nullptr;
  }

  Frame current;
  current.function = function;
  current.info = &info;
  current.module = program().unit(info.unit).module.get();
  current.code = current.module->body(*info.code);
  current.slots = std::move(slots);
  current.slots.resize(info.code->slot_count);
  current.passed.resize(info.code->parameter_count);
  current.captures = std::move(captures);
  current.values.resize(current.code.size());
  current.nest = nest();
  current.in_transaction = in_transaction;
  current.first_event = events_.size();

  const std::uint32_t steps_before = steps_;
  const int deepest_before = std::exchange(deepest_, depth_ + 1);
  const auto own = memo_.make_footprint();
  own->read.push_back(function);
  const auto around = std::exchange(footprint_, own);
  around->parts.push_back(own);
  memo_.begin(recursion);
  frames_.push_back(&current);
  ++depth_;
  if (preparation_.roles[function.value].is_transaction)
    execution(Cause::begun, {}, site_of(0), current.nest);
  run(0, static_cast<std::uint32_t>(current.code.size()));
  if (ends_here) run_local_functions();
  --depth_;
  frames_.pop_back();

  footprint_ = around;
  const auto result = take_result(current);
  result->footprint = own;
  result->steps = steps_ - steps_before;
  result->height = deepest_ - depth_ - 1;
  deepest_ = std::max(deepest_before, deepest_);
  if (memo_.end()) memo_.keep_call(key, result);
  return result;
}

/// What a call that has ended gives its callers: the value, the parameters as they were left, and
/// its events, which are no longer the interpreter's.
std::shared_ptr<CallResult> Interpreter::take_result(Frame& ended) {
  const ir::Function& code = *ended.info->code;
  auto result = std::make_shared<CallResult>();
  result->value =
      ended.result ? ended.result : world_.values.make(Constant{ir::ConstantKind::none, {}});
  if (code.is_generator) {
    Container generator;
    generator.kind = ContainerKind::generator;
    generator.element = ended.yielded;
    result->value = world_.values.make(generator);
  }
  if (ended.is_live) {
    ended.left = ended.left.empty() ? ended.slots : join_slots(ended.left, ended.slots);
  }
  ended.left.resize(std::min<std::size_t>(ended.left.size(), code.parameter_count));
  for (std::size_t i = 0; i < ended.left.size(); ++i) {
    if (ended.passed[i]) ended.left[i] = ended.passed[i];
  }
  result->parameters = std::move(ended.left);
  const auto first = events_.begin() + static_cast<std::ptrdiff_t>(ended.first_event);
  result->events.assign(first, events_.end());
  events_.erase(first, events_.end());
  return result;
}

/// Functions that are defined inside the followed one and never called there are called by
/// somebody: a framework, a thread pool, a caller they are returned to.
void Interpreter::run_local_functions() {
  const std::vector<Value> defined = frame().defined;
  frame().is_live = true;
  frame().in_transaction = false;  // it has ended by then
  for (const Value value : defined) {
    const FunctionValue function = world_.values.function(value);
    if (std::ranges::binary_search(reach().read, function.function, {})) continue;
    const auto result = run_function(function.function, root_slots(function.function, {}),
                                     {function.captures.begin(), function.captures.end()});
    if (result) replay(*result, site_of(0));
  }
}

/// What `**rest` holds: the keywords that no parameter is called like.
Value Interpreter::rest_of_keywords(const program::Function& function, const Arguments& arguments) {
  const auto parameters = program().unit(function.unit).module->parameters_of(*function.code);
  std::vector<Value> keys;
  std::vector<Value> items;
  for (const auto& [keyword, value] : arguments.keywords) {
    const bool is_taken = std::ranges::any_of(parameters, [&](const ir::Parameter& parameter) {
      return program().name(function.unit, parameter.name) == keyword;
    });
    if (is_taken) continue;
    keys.push_back(world_.values.make(Constant{ir::ConstantKind::string, keyword}));
    items.push_back(value);
  }
  if (keys.empty() || arguments.is_open) return unknown();
  Container rest;
  rest.kind = ContainerKind::dict;
  rest.keys = keys;
  rest.items = items;
  return world_.values.make(rest);
}

Value Interpreter::told_apart(Value value, std::span<const Value> others, Name parameter) {
  const bool is_taken = std::ranges::find(others, value) != others.end();
  if (!is_taken || !world_.values.is(value, ValueKind::row)) return value;
  Row row = world_.values.row(value);
  if (!world_.values.is(row.query, ValueKind::query)) return value;
  Query query = world_.values.query(row.query);
  Step step = world_.plans.step(query.last);
  const std::pair<Name, Value> mark{
      parameter, world_.values.make(Constant{ir::ConstantKind::string, parameter})};
  step.arguments = {&mark, 1};
  query.last = world_.plans.add(step);
  row.query = world_.values.make(query);
  return world_.values.make(row);
}

std::vector<Value> Interpreter::bind(FunctionId function, const Arguments& arguments) {
  const program::Function& info = program().function(function);
  const auto parameters = program().unit(info.unit).module->parameters_of(*info.code);
  std::vector<Value> given;
  if (arguments.self) given.push_back(arguments.self);
  given.insert(given.end(), arguments.positional.begin(), arguments.positional.end());
  std::vector<Value> slots;
  std::size_t position = 0;
  for (const ir::Parameter& parameter : parameters) {
    const Name name = program().name(info.unit, parameter.name);
    Value value;
    if (parameter.kind == ParameterKind::rest) {
      Container rest;
      rest.kind = ContainerKind::tuple;
      const std::size_t from = std::min(position, given.size());
      rest.items = std::span<const Value>(given).subspan(from);
      if (arguments.is_open) rest.element = unknown();
      position = given.size();
      value = world_.values.make(rest);
    } else if (parameter.kind == ParameterKind::rest_keywords) {
      value = rest_of_keywords(info, arguments);
    } else if (parameter.kind == ParameterKind::positional && position < given.size()) {
      value = given[position++];
    } else {
      value = arguments.keyword(name);
    }
    if (!value && parameter.default_value && !arguments.is_open) {
      value = static_value({info.parent, parameter.default_value.value});
    }
    if (world_.values.is_unknown(value) && parameter.annotation) {
      value = annotation_value({info.parent, parameter.annotation.value});
      value = told_apart(value, slots, name);
    }
    slots.push_back(value ? value : unknown());
  }
  return slots;
}

/// Parameters without a caller: by annotation, by role, as a guess.
std::vector<Value> Interpreter::root_slots(FunctionId function, ClassId self_class) {
  const program::Function& info = program().function(function);
  const FunctionRole& role = preparation_.roles[function.value];
  const auto parameters = program().unit(info.unit).module->parameters_of(*info.code);
  const ClassId class_ = self_class ? self_class : info.owner;
  std::vector<Value> slots;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Value value;
    if (i == 0 && class_ && info.owner && !role.is_static) {
      value = role.is_class_method ? class_value(class_) : self_value(class_);
    } else if (parameters[i].annotation) {
      value = annotation_value({info.parent, parameters[i].annotation.value});
      value = told_apart(value, slots, program().name(info.unit, parameters[i].name));
    }
    if (world_.values.is_unknown(value)) {
      for (const auto& framework : frameworks_) {
        value = framework->parameter(*this, function, i);
        if (value) break;
      }
    }
    slots.push_back(value ? value : unknown());
  }
  return slots;
}

}  // namespace querylint::flow
