#include "rules/engine/evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace querylint::rules {

using flow::Step;
using flow::StepKind;
using flow::ValueKind;
using ir::Instruction;
using ir::Op;

namespace {

/// Names of functions that talk to somebody else.
bool is_remote(std::string_view name) {
  for (const std::string_view part : {"send", "mail", "notify", "notification", "publish", "upload",
                                      "download", "delay", "apply_async", "request", "fetch"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// Whether two operands read the same variable, or the same attributes of it.
bool same_place(std::span<const Instruction> code, std::uint32_t a, std::uint32_t b) {
  const Instruction& left = code[a];
  const Instruction& right = code[b];
  if (left.op != right.op) return false;
  if (left.op == Op::load) return left.detail == right.detail && left.a == right.a;
  return left.op == Op::attribute && left.b == right.b && same_place(code, left.a, right.a);
}

}  // namespace

diagnostics::Certainty certainty_of(const Event& event) {
  switch (event.certainty) {
    case flow::Certainty::resolved:
      return diagnostics::Certainty::firm;
    case flow::Certainty::annotated:
      return diagnostics::Certainty::likely;
    case flow::Certainty::guessed:
      return diagnostics::Certainty::possible;
  }
  return diagnostics::Certainty::possible;
}

diagnostics::Certainty certainty_of(const Event& event, const Repetition& repetition) {
  diagnostics::Certainty certainty = certainty_of(event);
  if (repetition.driver == Driver::collection) {
    certainty = weaker(certainty, diagnostics::Certainty::likely);
  }
  const bool is_near = repetition.is_direct || (repetition.gives_value && repetition.calls <= 2);
  if (!is_near || repetition.in_batches) certainty = diagnostics::Certainty::possible;
  return certainty;
}

diagnostics::Certainty weaker(diagnostics::Certainty a, diagnostics::Certainty b) {
  return std::max(a, b);
}

Evidence::Evidence(flow::World& world, const flow::Trace& trace) : world_(world), trace_(trace) {
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    Value subject = trace.events[i].subject;
    if (!subject) continue;
    if (is_row(subject)) subject = row(subject).query;
    if (!subject || !is_query(subject)) continue;
    by_query_[subject].push_back(i);
    const Value owner = owner_of(subject);  // a relation's query reads the row that it starts from
    if (owner && is_row(owner) && row(owner).query) by_query_[row(owner).query].push_back(i);
  }
}

std::span<const std::uint32_t> Evidence::events_of(Value query) const {
  const auto found = by_query_.find(query);
  return found == by_query_.end() ? std::span<const std::uint32_t>{} : found->second;
}

bool Evidence::is_inside(Site site, Site loop) const {
  if (site.unit != loop.unit) return false;
  if (site == loop) return true;
  const flow::FunctionId function = world_.program.function_at(loop);
  if (world_.program.function_at(site) != function) return false;
  const Instruction& instruction = world_.program.at(loop);
  if (instruction.op != Op::loop) return true;
  const std::uint32_t first = world_.program.function(function).code->first_instruction;
  return loop.instruction < site.instruction && site.instruction < first + instruction.c;
}

std::optional<Repetition> Evidence::repetition(const Event& event) const {
  Repetition result;
  for (NestId nest = event.nest; nest; nest = world_.chains.loop(nest).outer) {
    const Driver driver = driver_of(nest);
    if (driver == Driver::rows || driver == Driver::collection) {
      result.nest = nest;
      result.driver = driver;
      break;
    }
    result.in_batches = result.in_batches || driver == Driver::batches;
  }
  if (!result.nest) return std::nullopt;
  result.loop = world_.chains.loop(result.nest).site;
  std::vector<Site> way = world_.chains.sites(event.calls);
  way.push_back(event.site);
  auto found = std::ranges::find_if(way, [&](Site site) { return is_inside(site, result.loop); });
  if (found == way.end()) {
    const flow::FunctionId around = world_.program.function_at(result.loop);
    found = std::ranges::find_if(
        way, [&](Site site) { return world_.program.function_at(site) == around; });
  }
  if (found == way.end()) found = way.end() - 1;
  result.place = *found;
  result.calls = static_cast<int>(way.end() - found) - 1;
  result.is_direct = result.calls == 0;
  result.gives_value = is_used(result.place);
  result.depends = depends_on_loop(result.place, result.loop);
  if (ends_loop(result.place, result.loop)) return std::nullopt;
  return result;
}

bool Evidence::is_element(const flow::Row& row, NestId nest) const {
  const Value query = query_of_loop(nest);
  return query && query == row.query;
}

/// A value that nothing takes is only worked for, not asked for.
bool Evidence::is_used(Site place) const {
  const flow::FunctionId function = world_.program.function_at(place);
  if (!function) return true;
  const program::Function& info = world_.program.function(function);
  const auto code = world_.program.body(function);
  const std::uint32_t at = place.instruction - info.code->first_instruction;
  if (code[at].op != Op::call) return true;
  const ir::Module& module = *world_.program.unit(info.unit).module;
  for (std::uint32_t later = at + 1; later < code.size(); ++later) {
    const std::vector<std::uint32_t> operands = ir::operands_of(module, code[later]);
    if (std::ranges::find(operands, at) != operands.end()) return true;
  }
  return false;
}

/// Whether whoever passes `place` leaves the loop at once: a return, raise or break behind it, in
/// the same or a surrounding block.
bool Evidence::ends_loop(Site place, Site loop) const {
  const Instruction& loop_instruction = world_.program.at(loop);
  if (loop_instruction.op != Op::loop || place == loop || !is_inside(place, loop)) return false;
  const flow::FunctionId function = world_.program.function_at(loop);
  const auto code = world_.program.body(function);
  const std::uint32_t first = world_.program.function(function).code->first_instruction;
  const std::uint32_t loop_at = loop.instruction - first;
  const std::uint32_t place_at = place.instruction - first;
  std::vector<std::uint32_t> ends = {loop_instruction.b};  // of the regions around the place
  for (std::uint32_t at = loop_at + 1; at < place_at; ++at) {
    const Instruction& instruction = code[at];
    if (!ir::has_regions(instruction.op) || instruction.c <= place_at) continue;
    if (instruction.op == Op::loop) return false;  // it would only leave the inner one
    const bool in_first = instruction.op == Op::branch || instruction.op == Op::try_;
    ends.push_back(in_first && place_at < instruction.b ? instruction.b : instruction.c);
  }
  std::uint32_t at = place_at + 1;
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    while (at < *end) {
      const Instruction& instruction = code[at];
      const bool leaves = instruction.op == Op::return_ || instruction.op == Op::raise ||
                          (instruction.op == Op::jump &&
                           static_cast<ir::JumpKind>(instruction.detail) == ir::JumpKind::break_);
      if (leaves) return true;
      if (instruction.op == Op::jump) return false;
      at = ir::has_regions(instruction.op) ? instruction.c : at + 1;
    }
    at = *end;
    // Behind a then-region comes the else-region, which whoever comes from the first does not pass.
    for (std::uint32_t opened = loop_at + 1; opened < place_at; ++opened) {
      const Instruction& instruction = code[opened];
      const bool two_regions = instruction.op == Op::branch || instruction.op == Op::try_;
      if (two_regions && instruction.b == *end && instruction.c > at) at = instruction.c;
    }
  }
  return false;
}

bool Evidence::is_conditional(const Repetition& repetition) const {
  if (!is_inside(repetition.place, repetition.loop)) return false;
  const flow::FunctionId function = world_.program.function_at(repetition.loop);
  const auto code = world_.program.body(function);
  const std::uint32_t first = world_.program.function(function).code->first_instruction;
  const std::uint32_t place_at = repetition.place.instruction - first;
  for (std::uint32_t at = repetition.loop.instruction - first + 1; at < place_at; ++at) {
    if (code[at].op == Op::branch && code[at].c > place_at) return true;
  }
  return false;
}

bool Evidence::does_remote_work(const Repetition& repetition) const {
  const Instruction& loop = world_.program.at(repetition.loop);
  if (loop.op != Op::loop) return false;
  const flow::FunctionId function = world_.program.function_at(repetition.loop);
  const auto code = world_.program.body(function);
  const std::uint32_t first = world_.program.function(function).code->first_instruction;
  const flow::UnitId unit = repetition.loop.unit;
  for (std::uint32_t at = repetition.loop.instruction - first + 1; at < loop.b; ++at) {
    if (code[at].op != Op::call) continue;
    const Instruction& callee = code[code[at].a];
    std::string_view name;
    if (callee.op == Op::attribute) name = text(world_.program.name(unit, {callee.b}));
    if (callee.op == Op::load && static_cast<ir::Scope>(callee.detail) == ir::Scope::global) {
      name = text(world_.program.name(unit, {callee.a}));
    }
    if (is_remote(name)) return true;
  }
  return false;
}

/// Whether what happens at `place` can differ between iterations: some operand of it, however far
/// back, is the loop's element or is assigned in the body.
bool Evidence::depends_on_loop(Site place, Site loop) const {
  const Instruction& loop_instruction = world_.program.at(loop);
  if (loop_instruction.op != Op::loop || !is_inside(place, loop)) return true;
  const flow::FunctionId function = world_.program.function_at(loop);
  const program::Function& info = world_.program.function(function);
  const ir::Module& module = *world_.program.unit(info.unit).module;
  const auto code = world_.program.body(function);
  const std::uint32_t first = info.code->first_instruction;
  const std::uint32_t loop_at = loop.instruction - first;
  std::vector<std::uint32_t> assigned;
  for (std::uint32_t at = loop_at + 1; at < loop_instruction.c; ++at) {
    const bool is_local = static_cast<ir::Scope>(code[at].detail) == ir::Scope::local;
    if (code[at].op == Op::store && is_local) assigned.push_back(code[at].a);
    if (code[at].op == Op::collect) assigned.push_back(code[at].a);
  }
  std::vector<std::uint32_t> open = {place.instruction - first};
  if (place == loop) open = {loop_instruction.a};
  std::vector<bool> seen(code.size());
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (at == Instruction::nowhere || seen[at]) continue;
    seen[at] = true;
    if (at == loop_at) return true;
    const Instruction& instruction = code[at];
    if (instruction.op == Op::load) {
      const bool is_local = static_cast<ir::Scope>(instruction.detail) == ir::Scope::local;
      if (is_local && std::ranges::find(assigned, instruction.a) != assigned.end()) return true;
      if (static_cast<ir::Scope>(instruction.detail) == ir::Scope::enclosing) return true;
    }
    for (const std::uint32_t operand : ir::operands_of(module, instruction))
      open.push_back(operand);
  }
  return false;
}

const schema::Relation* Evidence::relation_of(const Event& event) const {
  if (!is_row(event.subject)) return nullptr;
  return entity(row(event.subject).entity).relation(event.member);
}

Value Evidence::owner_of(Value value) const {
  if (!is_query(value)) return {};
  const Step& root = flow::root_of(world_, value);
  if (root.kind != StepKind::related || root.arguments.empty()) return {};
  return root.arguments.front().second;
}

const schema::Relation* Evidence::relation_from_owner(Value value) const {
  const Value owner = owner_of(value);
  if (!owner || !is_row(owner)) return nullptr;
  const Step& root = flow::root_of(world_, value);
  return entity(row(owner).entity).relation_by_lookup(world_.plans.last(root.path));
}

bool Evidence::is_plain_relation(Value value) const {
  if (!owner_of(value)) return false;
  for (flow::StepId id = query(value).last; id; id = world_.plans.step(id).previous) {
    const StepKind kind = world_.plans.step(id).kind;
    if (kind != StepKind::copy && kind != StepKind::related) return false;
  }
  return true;
}

Site Evidence::site_of_query(Value value) const {
  if (!is_query(value)) return {};
  for (flow::StepId id = query(value).last; id; id = world_.plans.step(id).previous) {
    if (world_.plans.step(id).site.unit) return world_.plans.step(id).site;
  }
  return {};
}

std::string Evidence::lookup_path(const flow::Row& from, const schema::Relation& relation) const {
  std::string path;
  for (const base::Name name : world_.plans.names(from.path)) {
    path.append(text(name)).append("__");
  }
  return path.append(text(relation.lookup));
}

bool Evidence::defeats_prefetch(const Event& event) const {
  switch (event.cause()) {
    case flow::Cause::iterated:
    case flow::Cause::evaluated:
    case flow::Cause::fetched:
    case flow::Cause::counted:
    case flow::Cause::tested:
    case flow::Cause::aggregated:
    case flow::Cause::bulk_read:
      return is_query(event.subject) && flow::defeats_prefetch(world_, query(event.subject));
    default:
      return false;
  }
}

std::string Evidence::narrowing_call(const Event& event) const {
  std::vector<flow::StepId> chain = world_.plans.chain(query(event.subject).last);
  Site narrowed = event.site;
  for (auto id = chain.rbegin(); id != chain.rend(); ++id) {
    const Step& step = world_.plans.step(*id);
    if (step.kind == StepKind::related || step.kind == StepKind::copy || !step.site.unit) continue;
    narrowed = step.site;
    break;
  }
  const std::string_view name = called_attribute(narrowed);
  return name.empty() ? "this query" : fmt::format(".{}()", name);
}

std::string_view Evidence::called_attribute(Site place) const {
  const Instruction& call = world_.program.at(place);
  const flow::FunctionId function = world_.program.function_at(place);
  if (call.op != Op::call || !function) return {};
  const Instruction& callee = world_.program.body(function)[call.a];
  return callee.op == Op::attribute ? text(world_.program.name(place.unit, {callee.b}))
                                    : std::string_view();
}

bool Evidence::is_called_in_loop(const Event& event, const Repetition& repetition) const {
  if (repetition.is_direct) return true;
  const std::string_view name = called_attribute(repetition.place);
  return !name.empty() && name == called_attribute(event.site);
}

std::string Evidence::cause_of_read(Value query_value, const Repetition& repetition) const {
  const Site built = site_of_query(query_value);
  const diagnostics::Place where = place(built.unit ? built : repetition.loop);
  return where.path + ":" + std::to_string(where.range.begin) + ":" +
         function_name(repetition.loop) + ":";
}

bool Evidence::is_conditional_there(const Event& event, const Repetition& repetition) const {
  if (repetition.is_direct) return false;
  const flow::FunctionId around = world_.program.function_at(repetition.loop);
  for (const Site decided : world_.chains.decisions(event.branch)) {
    if (world_.program.function_at(decided) != around) return true;
  }
  return false;
}

bool Evidence::is_told_by_row(const Event& event, const Repetition& repetition) const {
  using flow::Cause;
  const bool writes = event.cause() == Cause::bulk_written ||
                      event.cause() == Cause::bulk_deleted || event.cause() == Cause::raw ||
                      event.cause() == Cause::refreshed;
  if (writes || !is_query(event.subject) || repetition.driver != Driver::rows) return false;
  if (!repetition.depends) return repetition.is_direct;
  const auto is_of_row = [&](Value value) {
    if (!value) return false;
    if (world_.values.is(value, ValueKind::scalar)) value = world_.values.scalar(value).row;
    return value && is_row(value) && is_element(row(value), repetition.nest);
  };
  const auto is_of_iteration = [&](Value value) {  // of a row that the iteration found elsewhere
    if (value && world_.values.is(value, ValueKind::scalar)) value = world_.values.scalar(value).row;
    return value && is_row(value) && !is_of_row(value) && varies(row(value), repetition.nest);
  };
  bool is_tied = false;
  for (flow::StepId id = query(event.subject).last; id; id = world_.plans.step(id).previous) {
    const Step& step = world_.plans.step(id);
    switch (step.kind) {
      case StepKind::related:
        is_tied = is_tied || is_of_row(step.arguments.front().second);
        break;
      case StepKind::filter:
        for (const auto& [label, value] : step.arguments) {
          if (!label || (value && world_.values.is_unknown(value))) return false;
          if (is_of_iteration(value)) return false;
          is_tied = is_tied || is_of_row(value);
        }
        break;
      case StepKind::all:
      case StepKind::copy:
      case StepKind::order:
      case StepKind::reverse:
      case StepKind::load_join:
      case StepKind::load_separate:
      case StepKind::only:
      case StepKind::defer:
      case StepKind::project:
        break;
      case StepKind::exclude:
        if (std::ranges::any_of(step.arguments, [&](const auto& argument) {
              return !argument.first || world_.values.is_unknown(argument.second);
            })) {
          return false;
        }
        break;
      default:
        return false;
    }
  }
  return is_tied;
}

bool Evidence::is_guarded(const Repetition& repetition) const {
  const flow::FunctionId function = world_.program.function_at(repetition.place);
  if (!function || repetition.place.unit != repetition.loop.unit) return false;
  const auto code = world_.program.body(function);
  const std::uint32_t first = world_.program.function(function).code->first_instruction;
  const std::uint32_t place_at = repetition.place.instruction - first;
  for (std::uint32_t at = 0; at < place_at; ++at) {
    const Instruction& branch = code[at];
    if (branch.op != Op::branch || branch.c <= place_at) continue;
    if (branch.a == Instruction::nowhere) continue;
    const Instruction& test = code[branch.a];
    if (test.op != Op::operate) continue;
    const auto operation = static_cast<ir::Operator>(test.detail);
    const bool missing_then = operation == ir::Operator::not_in && place_at < branch.b;
    const bool missing_else = operation == ir::Operator::in && place_at >= branch.b;
    if (!missing_then && !missing_else) continue;
    const std::uint32_t begin = missing_then ? at + 1 : branch.b;
    const std::uint32_t end = missing_then ? branch.b : branch.c;
    for (std::uint32_t inside = begin; inside < end; ++inside) {
      const bool fills =
          code[inside].op == Op::set_index && same_place(code, code[inside].a, test.b);
      if (fills) return true;
    }
  }
  return false;
}

/// Nothing else is read of the related object, and it does not get away.
bool Evidence::only_key_is_read(const Event& lazy_read) const {
  const schema::Relation* relation = relation_of(lazy_read);
  if (relation == nullptr || !relation->holds_key || !relation->target) return false;
  if (trace_.was_cut) return false;
  const flow::Row owner = row(lazy_read.subject);
  const flow::Row target = flow::related_row(world_, owner, *relation, owner.born);
  const schema::Column* key = entity(relation->target).primary_key();
  for (const Event& event : trace_.events) {
    const bool is_use = event.kind == flow::EventKind::use;
    if (!is_use && event.kind != flow::EventKind::escape &&
        event.kind != flow::EventKind::execution) {
      continue;
    }
    if (!event.subject || !is_row(event.subject)) continue;
    const flow::Row subject = row(event.subject);
    if (subject.query != target.query || subject.path != target.path) continue;
    if (!is_use || key == nullptr || event.member != key->name) return false;
  }
  return true;
}

bool Evidence::is_looked_at_in_place(const Event& read) const {
  const flow::FunctionId function = world_.program.function_at(read.site);
  if (!function) return false;
  const program::Function& info = world_.program.function(function);
  const ir::Module& module = *world_.program.unit(info.unit).module;
  const auto code = world_.program.body(function);
  const std::uint32_t at = read.site.instruction - info.code->first_instruction;
  for (std::uint32_t later = at + 1; later < code.size(); ++later) {
    const std::vector<std::uint32_t> operands = ir::operands_of(module, code[later]);
    if (std::ranges::find(operands, at) == operands.end()) continue;
    const Op op = code[later].op;
    const bool is_look = op == Op::attribute || op == Op::operate || op == Op::branch ||
                         (op == Op::set_attribute && code[later].c == at);
    if (!is_look) return false;
  }
  return true;
}

bool Evidence::rests_on_parameter(const Event& event) const {
  if (event.certainty == flow::Certainty::resolved) return false;
  Value value = event.subject;
  while (value) {
    if (is_row(value)) value = row(value).query;
    if (!is_query(value)) return false;
    const Step& root = flow::root_of(world_, value);
    if (root.kind == StepKind::given) {
      const program::Function& followed = world_.program.function(trace_.function);
      return !root.site.unit || root.site == Site{followed.unit, followed.code->first_instruction};
    }
    value = owner_of(value);
  }
  return false;
}

diagnostics::Place Evidence::place(Site site) const {
  if (!site.unit) return {};
  const Instruction& instruction = world_.program.at(site);
  diagnostics::Place where{world_.program.unit(site.unit).path, instruction.range};
  const flow::FunctionId function = world_.program.function_at(site);
  if (instruction.op != Op::call || !function) return where;
  const Instruction& callee = world_.program.body(function)[instruction.a];
  if (callee.op != Op::attribute) return where;
  // A call in a chain begins with its own name, which may stand lines below the chain's beginning.
  const auto length =
      static_cast<std::uint32_t>(text(world_.program.name(site.unit, {callee.b})).size());
  if (callee.range.end >= callee.range.begin + length)
    where.range.begin = callee.range.end - length;
  return where;
}

std::string Evidence::function_name(Site site) const {
  const flow::FunctionId function = world_.program.function_at(site);
  if (!function) return {};
  const program::Unit& unit = world_.program.unit(site.unit);
  return std::string(unit.module->text(world_.program.function(function).code->qualified_name));
}

std::string_view Evidence::called_name(Site site) const {
  const flow::FunctionId function = world_.program.function_at(site);
  const Instruction& call = world_.program.at(site);
  if (call.op != Op::call || !function) return {};
  const Instruction& callee = world_.program.body(function)[call.a];
  if (callee.op != Op::attribute) return {};
  return text(world_.program.name(site.unit, {callee.b}));
}

bool Evidence::same_statement(Site a, Site b) const {
  const flow::FunctionId function = world_.program.function_at(a);
  if (!function || function != world_.program.function_at(b)) return false;
  const program::Function& info = world_.program.function(function);
  const ir::Module& module = *world_.program.unit(info.unit).module;
  const auto code = world_.program.body(function);
  const auto consumer =
      [&](std::uint32_t at) {  // the last instruction that what `at` gives goes into
        for (std::uint32_t later = at + 1; later < code.size(); ++later) {
          const std::vector<std::uint32_t> operands = ir::operands_of(module, code[later]);
          if (std::ranges::find(operands, at) != operands.end()) at = later;
        }
        return at;
      };
  const std::uint32_t first = info.code->first_instruction;
  return consumer(a.instruction - first) == consumer(b.instruction - first);
}

Site Evidence::outermost_site(const Event& event) const {
  const std::vector<Site> sites = world_.chains.sites(event.calls);
  return sites.empty() ? event.site : sites.front();
}

bool Evidence::is_in_followed(Site site) const {
  for (flow::FunctionId at = world_.program.function_at(site); at;
       at = world_.program.function(at).parent) {
    if (at == trace_.function) return true;
    if (world_.program.function(at).code->kind == ir::FunctionKind::class_body) return false;
  }
  return false;
}

bool Evidence::is_in_methods_of(const schema::Entity& entity, Site site) const {
  const flow::FunctionId function = world_.program.function_at(site);
  if (!function || !entity.class_) return false;
  return world_.program.inherits(entity.class_, world_.program.function(function).owner);
}

bool Evidence::has_own_making(const schema::Entity& entity) const {
  if (!entity.class_) return false;
  const base::Name init = world_.name("__init__");
  if (init && world_.program.member(entity.class_, init) != nullptr) return true;
  return std::ranges::any_of(world_.program.class_(entity.class_).ancestors, [&](flow::ClassId id) {
    const program::Class& info = world_.program.class_(id);
    const flow::FunctionId around = world_.program.function(info.body).parent;
    if (!around) return false;
    const std::uint32_t first = world_.program.unit(info.unit).first_class;
    return std::ranges::any_of(world_.program.body(around), [&](const Instruction& define) {
      return define.op == Op::define && define.detail == 1 && first + define.a == id.value &&
             define.count > 0;
    });
  });
}

bool Evidence::is_same_call(const Event& first, const Event& second) const {
  const std::vector<Site> a = world_.chains.sites(first.calls);
  const std::vector<Site> b = world_.chains.sites(second.calls);
  if (a.empty() || a.size() != b.size() || first.site != second.site || a[0] == b[0]) return false;
  if (!std::equal(a.begin() + 1, a.end(), b.begin() + 1)) return false;
  const flow::FunctionId function = world_.program.function_at(a[0]);
  if (!function || function != world_.program.function_at(b[0])) return false;
  const auto code = world_.program.body(function);
  const std::uint32_t base = world_.program.function(function).code->first_instruction;
  std::uint32_t left = a[0].instruction - base;
  std::uint32_t right = b[0].instruction - base;
  if (code[left].op == Op::call && code[right].op == Op::call) {
    if (code[left].count > 0 || code[right].count > 0) return false;
    left = code[left].a;
    right = code[right].a;
  }
  return same_place(code, left, right);
}

bool Evidence::is_indexed(Value indexed) const {
  return std::ranges::any_of(trace_.events, [&](const Event& event) {
    if (event.kind != flow::EventKind::execution || !is_query(event.subject)) return false;
    const Step& last = world_.plans.step(query(event.subject).last);
    return event.cause() == flow::Cause::fetched && last.kind == StepKind::slice &&
           last.previous == query(indexed).last;
  });
}

bool Evidence::keeps_something(Site site) const {
  const flow::FunctionId function = world_.program.function_at(site);
  return function && std::ranges::any_of(world_.program.body(function), [](const Instruction& instruction) {
    return instruction.op == Op::set_attribute;
  });
}

bool Evidence::is_of_rows(Value value, Value query) const {
  if (!value) return false;
  const auto is_row_of = [&](Value row_value) {
    return row_value && is_row(row_value) && row(row_value).query == query;
  };
  switch (world_.values.kind(value)) {
    case ValueKind::scalar:
      return is_row_of(world_.values.scalar(value).row);
    case ValueKind::operation: {
      const flow::Operation operation = world_.values.operation(value);
      return is_of_rows(operation.left, query) || is_of_rows(operation.right, query);
    }
    case ValueKind::term:
      return std::ranges::any_of(world_.values.term(value).arguments, [&](const auto& argument) {
        return is_row_of(owner_of(argument.second));
      });
    case ValueKind::either:
      return std::ranges::any_of(world_.values.options(value),
                                 [&](Value option) { return is_of_rows(option, query); });
    case ValueKind::method:
      return is_of_rows(world_.values.method(value).self, query);
    default:
      return false;
  }
}

void Evidence::add_calls(const Event& event, const Repetition& repetition,
                         std::vector<diagnostics::Related>& related) const {
  if (repetition.is_direct) return;
  bool reached = false;
  for (const Site site : world_.chains.sites(event.calls)) {
    if (reached) related.push_back({place(site), "through this call"});
    reached = reached || site == repetition.place;
  }
}

}  // namespace querylint::rules
