#include "rules/engine/code.h"

#include <algorithm>
#include <array>
#include <vector>

namespace querylint::rules {

using ir::Instruction;
using ir::Op;

namespace {

bool takes(const Code& code, std::uint32_t taker, std::uint32_t taken) {
  const std::vector<std::uint32_t> operands = ir::operands_of(*code.module, code.body[taker]);
  return std::ranges::find(operands, taken) != operands.end();
}

}  // namespace

std::vector<std::uint32_t> takers(const Code& code, std::uint32_t at) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t later = at + 1; later < code.body.size(); ++later) {
    if (takes(code, later, at)) found.push_back(later);
  }
  return found;
}

std::string_view callee_name(const flow::World& world, flow::UnitId unit, const Code& code,
                             const Instruction& call) {
  const Instruction& callee = code.body[call.a];
  if (callee.op == Op::attribute) return world.text(world.program.name(unit, {callee.b}));
  const bool is_global =
      callee.op == Op::load && static_cast<ir::Scope>(callee.detail) == ir::Scope::global;
  return is_global ? world.text(world.program.name(unit, {callee.a})) : std::string_view();
}

namespace {

/// The instruction that takes what the one at `at` gives, if there is only one.
const Instruction* only_taker(const Code& code, std::uint32_t at) {
  const std::vector<std::uint32_t> found = takers(code, at);
  return found.size() == 1 ? &code.body[found.front()] : nullptr;
}

/// The last instruction that what `at` gives goes into, through however many others.
std::uint32_t last_taker(const Code& code, std::uint32_t at) {
  for (std::uint32_t later = at + 1; later < code.body.size(); ++later) {
    if (takes(code, later, at)) at = later;
  }
  return at;
}

/// `cache.set(...)`, whatever the cache is called.
bool is_kept_in_cache(const flow::World& world, flow::UnitId unit, const Code& code,
                      const Instruction& call) {
  const Instruction& callee = code.body[call.a];
  if (callee.op != Op::attribute || !callee_name(world, unit, code, call).starts_with("set")) {
    return false;
  }
  const Instruction& object = code.body[callee.a];
  const bool is_global =
      object.op == Op::load && static_cast<ir::Scope>(object.detail) == ir::Scope::global;
  if (!is_global && object.op != Op::attribute) return false;
  const std::uint32_t name = is_global ? object.a : object.b;
  return world.text(world.program.name(unit, {name})).find("cache") != std::string_view::npos;
}

/// Whether two operands read the same of one local variable, which is not assigned between them, or
/// are collections of such.
bool is_same_variable(const Code& code, std::uint32_t a, std::uint32_t b) {
  const auto [first, last] = std::minmax({a, b});
  if (last == Instruction::nowhere) return false;
  if (code.body[first].op == Op::build && code.body[last].op == Op::build) {
    const auto parts = code.module->operands(code.body[first]);
    return code.body[first].detail == code.body[last].detail &&
           std::ranges::equal(parts, code.module->operands(code.body[last]),
                              [&](std::uint32_t left, std::uint32_t right) {
                                return is_same_variable(code, left, right);
                              });
  }
  if (!same_place(code, first, last)) return false;
  std::uint32_t start = first;
  while (code.body[start].op != Op::load) start = code.body[start].a;
  const Instruction& variable = code.body[start];
  return is_local(variable) &&
         std::ranges::none_of(code.body.subspan(first, last - first), [&](const auto& between) {
           return between.op == Op::store && is_local(between) && between.a == variable.a;
         });
}

}  // namespace

bool same_place(const Code& code, std::uint32_t a, std::uint32_t b) {
  const Instruction& left = code.body[a];
  const Instruction& right = code.body[b];
  if (left.op != right.op) return false;
  if (left.op == Op::load) return left.detail == right.detail && left.a == right.a;
  if (left.op == Op::call) {
    return left.count == 0 && right.count == 0 && same_place(code, left.a, right.a);
  }
  return left.op == Op::attribute && left.b == right.b && same_place(code, left.a, right.a);
}

std::optional<Code> code_around(const flow::World& world, Site site) {
  if (!site) return std::nullopt;
  const program::Function& info = world.program.function(site.function);
  return Code{world.program.unit(info.unit).module.get(), world.program.body(site.function)};
}

std::string_view called_name(const flow::World& world, Site site) {
  const auto code = code_around(world, site);
  if (!code) return {};
  const Instruction& call = code->body[site.instruction];
  if (call.op != Op::call || code->body[call.a].op != Op::attribute) return {};
  return callee_name(world, world.program.unit_of(site), *code, call);
}

Site argument_site(const flow::World& world, Site call, std::size_t position, std::size_t count) {
  const auto code = code_around(world, call);
  if (!code) return call;
  const Instruction& made = code->body[call.instruction];
  if (made.op != Op::call || made.count != count || position >= count) return call;
  const std::uint32_t value = code->module->operands(made)[2 * position];
  return {call.function, value};
}

std::optional<Site> only_text_from(const flow::World& world, Site place, char beginning) {
  const auto code = code_around(world, place);
  if (!code) return std::nullopt;
  std::vector<std::uint32_t> later_parts;  // of f-strings
  for (const Instruction& built : code->body) {
    const bool is_text =
        built.op == Op::build && static_cast<ir::BuildKind>(built.detail) == ir::BuildKind::string;
    if (!is_text) continue;
    const auto parts = code->module->operands(built);
    if (!parts.empty()) later_parts.insert(later_parts.end(), parts.begin() + 1, parts.end());
  }
  std::optional<Site> found;
  for (std::uint32_t at = 0; at < code->body.size(); ++at) {
    const Instruction& constant = code->body[at];
    if (std::ranges::find(later_parts, at) != later_parts.end()) continue;
    const bool is_text = constant.op == Op::constant &&
                         static_cast<ir::ConstantKind>(constant.detail) == ir::ConstantKind::string;
    if (!is_text || !code->module->text({constant.a}).starts_with(beginning)) continue;
    if (found) return std::nullopt;
    found = {place.function, at};
  }
  return found;
}

bool is_used(const flow::World& world, Site call) {
  const auto code = code_around(world, call);
  if (!code || code->body[call.instruction].op != Op::call) return true;
  return !takers(*code, call.instruction).empty();
}

bool is_looked_at_in_place(const flow::World& world, Site attribute) {
  const auto code = code_around(world, attribute);
  if (!code) return false;
  const auto is_only_looked_at = [&](std::uint32_t at) {
    return std::ranges::all_of(takers(*code, at), [&](std::uint32_t taker) {
      const Instruction& instruction = code->body[taker];
      return instruction.op == Op::attribute || instruction.op == Op::operate ||
             instruction.op == Op::branch ||
             (instruction.op == Op::set_attribute && instruction.c == at);
    });
  };
  for (std::uint32_t at = 0; at < code->body.size(); ++at) {
    if (same_place(*code, attribute.instruction, at) && !is_only_looked_at(at)) return false;
  }
  return true;
}

bool may_write_between(const flow::World& world, Site a, Site b) {
  constexpr std::array<std::string_view, 16> writers = {
      "save",   "form_valid",     "post",           "put",    "patch", "delete",
      "update", "create",         "remove",         "add",    "set",   "clear",
      "commit", "perform_update", "perform_create", "execute"};
  const auto code = code_around(world, a);
  if (!code || !b || a.function != b.function) return false;
  const auto [first, last] = std::minmax({a.instruction, b.instruction});
  if (first == last) return false;
  const auto between = code->body.subspan(first + 1, last - first - 1);
  return std::ranges::any_of(between, [&](const Instruction& call) {
    return call.op == Op::call && code->body[call.a].op == Op::attribute &&
           std::ranges::find(writers, callee_name(world, world.program.unit_of(a), *code, call)) !=
               writers.end();
  });
}

std::optional<std::uint32_t> kept_in(const flow::World& world, Site place) {
  const auto code = code_around(world, place);
  if (!code) return std::nullopt;
  const Instruction* user = only_taker(*code, place.instruction);
  return user != nullptr && user->op == Op::store && is_local(*user) ? std::optional(user->a)
                                                                     : std::nullopt;
}

bool is_given_to(const flow::World& world, Site place, std::string_view part) {
  const auto code = code_around(world, place);
  if (!code) return false;
  std::vector<std::uint32_t> uses = {place.instruction};
  if (const auto variable = kept_in(world, place)) {
    for (std::uint32_t at = place.instruction; at < code->body.size(); ++at) {
      const Instruction& load = code->body[at];
      if (load.op == Op::load && is_local(load) && load.a == *variable) uses.push_back(at);
    }
  }
  const flow::UnitId unit = world.program.unit_of(place);
  return std::ranges::any_of(uses, [&](std::uint32_t use) {
    return std::ranges::any_of(takers(*code, use), [&](std::uint32_t taker) {
      const Instruction& call = code->body[taker];
      return call.op == Op::call && call.a != use &&
             callee_name(world, unit, *code, call).find(part) != std::string_view::npos;
    });
  });
}

base::Name attribute_kept_in(const flow::World& world, Site place) {
  const auto code = code_around(world, place);
  if (!code) return {};
  const Instruction* user = only_taker(*code, place.instruction);
  const bool is_kept =
      user != nullptr && user->op == Op::set_attribute && user->c == place.instruction;
  return is_kept ? world.program.name(world.program.unit_of(place), {user->b}) : base::Name{};
}

bool is_page(const flow::World& world, Site slice) {
  const auto code = code_around(world, slice);
  if (!code || code->body[slice.instruction].op != Op::index) return false;
  const Instruction& bounds = code->body[code->body[slice.instruction].b];
  if (bounds.op != Op::build || static_cast<ir::BuildKind>(bounds.detail) != ir::BuildKind::slice)
    return false;
  const std::uint32_t first = code->module->operands(bounds)[0];
  return first != Instruction::nowhere && code->body[first].op != Op::constant;
}

bool is_only_sliced(const flow::World& world, Site slice) {
  const auto code = code_around(world, slice);
  if (!code || code->body[slice.instruction].op != Op::index) return false;
  const std::uint32_t object = code->body[slice.instruction].a;
  if (code->body[object].op != Op::load) return code->body[object].op == Op::call;
  const auto is_harmless = [&](std::uint32_t load, std::uint32_t taker) {
    const Instruction& user = code->body[taker];
    if (user.op == Op::index) return user.a == load && code->body[user.b].op == Op::build;
    const bool is_length = user.op == Op::call &&
                           callee_name(world, world.program.unit_of(slice), *code, user) == "len";
    const bool is_filled =
        user.op == Op::attribute &&
        world.text(world.program.name(world.program.unit_of(slice), {user.b})) == "append";
    return is_length || is_filled || user.op == Op::branch || user.op == Op::operate;
  };
  for (std::uint32_t at = 0; at < code->body.size(); ++at) {
    if (!same_place(*code, object, at)) continue;
    const bool is_all = std::ranges::all_of(
        takers(*code, at), [&](std::uint32_t taker) { return is_harmless(at, taker); });
    if (!is_all) return false;
  }
  return true;
}

bool same_statement(const flow::World& world, Site a, Site b) {
  const auto code = code_around(world, a);
  if (!code || a.function != b.function) return false;
  return last_taker(*code, a.instruction) == last_taker(*code, b.instruction);
}

bool asks_the_same(const flow::World& world, Site a, Site b) {
  const auto code = code_around(world, a);
  if (!code || a.function != b.function) return false;
  return same_place(*code, a.instruction, b.instruction);
}

bool keeps_something(const flow::World& world, Site site) {
  const auto code = code_around(world, site);
  return code && std::ranges::any_of(code->body, [&](const Instruction& instruction) {
           return instruction.op == Op::set_attribute ||
                  (instruction.op == Op::call &&
                   (callee_name(world, world.program.unit_of(site), *code, instruction) ==
                        "setattr" ||
                    is_kept_in_cache(world, world.program.unit_of(site), *code, instruction)));
         });
}

bool names_member(const flow::World& world, flow::FunctionId function, base::Name name) {
  const flow::UnitId unit = world.program.function(function).unit;
  return std::ranges::any_of(world.program.body(function), [&](const Instruction& instruction) {
    if (instruction.op == Op::attribute) return world.program.name(unit, {instruction.b}) == name;
    const bool is_global = instruction.op == Op::load &&
                           static_cast<ir::Scope>(instruction.detail) == ir::Scope::global;
    return is_global && world.program.name(unit, {instruction.a}) == name;
  });
}

std::optional<std::uint32_t> only_value(const Code& code, const Instruction& load) {
  if (load.op != Op::load || !is_local(load)) return std::nullopt;
  std::optional<std::uint32_t> found;
  for (const Instruction& store : code.body) {
    if (store.op != Op::store || !is_local(store) || store.a != load.a) continue;
    if (found) return std::nullopt;
    found = store.b;
  }
  return found;
}

bool asks_shared_attribute(const flow::World& world, Site chain) {
  const auto code = code_around(world, chain);
  if (!code) return false;
  std::uint32_t at = chain.instruction;
  base::Name attribute;  // the last one read, so in the end the first of the chain
  bool is_called = false;
  while (true) {
    const Instruction& part = code->body[at];
    const bool is_attribute = part.op == Op::attribute;
    if (is_attribute)
      attribute =
          is_called ? base::Name{} : world.program.name(world.program.unit_of(chain), {part.b});
    const auto value = only_value(*code, part);
    if (!is_attribute && part.op != Op::call && !(value && *value < at)) break;
    is_called = part.op == Op::call;
    at = value ? *value : part.a;
  }
  const Instruction& start = code->body[at];
  const flow::FunctionId method = chain.function;
  const flow::ClassId owner = world.program.function(method).owner;
  const bool is_of_self = start.op == Op::load && is_local(start) && start.a == 0;
  // The relations of a row give a new query each time.
  if (!attribute || !owner || !is_of_self || world.schema.of_class(owner)) return false;
  return std::ranges::any_of(world.program.class_(owner).members, [&](const auto& member) {
    return member.kind == program::Member::Kind::function && member.id != method.value &&
           names_member(world, {member.id}, attribute);
  });
}

std::optional<std::uint32_t> variable_behind(const flow::World& world, Site chain) {
  const auto code = code_around(world, chain);
  if (!code) return std::nullopt;
  std::uint32_t at = chain.instruction;
  while (code->body[at].op == Op::call || code->body[at].op == Op::attribute) {
    at = code->body[at].a;
  }
  const Instruction& start = code->body[at];
  return start.op == Op::load && is_local(start) ? std::optional(start.a) : std::nullopt;
}

bool begins_with_parameter(const flow::World& world, Site chain) {
  const auto variable = variable_behind(world, chain);
  if (!variable) return false;
  const program::Function& function = world.program.function(chain.function);
  const std::uint32_t first = function.owner ? 1 : 0;
  return *variable >= first && *variable < function.code->parameter_count;
}

bool use_same_variable(const flow::World& world, Site a, Site b) {
  const auto code = code_around(world, a);
  if (!code || !b || a.function != b.function) return false;
  const auto used = [&](Site site) {
    std::uint32_t at = site.instruction;
    if (code->body[at].op == Op::call || code->body[at].op == Op::loop) at = code->body[at].a;
    if (at != Instruction::nowhere && code->body[at].op == Op::attribute) at = code->body[at].a;
    return at;
  };
  return is_same_variable(*code, used(a), used(b));
}

bool pass_the_same(const flow::World& world, Site a, Site b, base::Name keyword) {
  const auto code = code_around(world, a);
  if (!code || !b || a.function != b.function) return false;
  const auto passed = [&](Site site) {
    const Instruction& call = code->body[site.instruction];
    if (call.op != Op::call) return Instruction::nowhere;
    const auto operands = code->module->operands(call);
    for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
      const bool is_keyword = operands[i + 1] != Instruction::nowhere;
      if (is_keyword &&
          world.program.name(world.program.unit_of(site), {operands[i + 1]}) == keyword)
        return operands[i];
    }
    return Instruction::nowhere;
  };
  return is_same_variable(*code, passed(a), passed(b));
}

}  // namespace querylint::rules
