#include "analyzer/frameworks/django/managers.h"

#include <algorithm>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::django {

using namespace flow;
using program::CallExpression;
using program::Expression;
using program::Member;
using program::Program;
using program::Symbol;

namespace {

bool has_external(const Program& program, ClassId id, std::string_view ending) {
  const std::vector<Name>& paths = program.class_(id).externals;
  return std::ranges::any_of(paths,
                             [&](Name path) { return program.text(path).ends_with(ending); });
}

/// `BookQuerySet`, `BookManager` to `Book`.
std::string_view model_part(std::string_view name) {
  for (const std::string_view ending :
       {"QuerySet", "Queryset", "ManagerBase", "Manager", "Query"}) {
    if (name.ends_with(ending) && name.size() > ending.size()) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return {};
}

}  // namespace

bool ManagerClasses::is_manager(const Program& program, ClassId id) const {
  return has_external(program, id, "Manager") || has_external(program, id, ".BaseManager");
}

bool ManagerClasses::is_queryset(const Program& program, ClassId id) const {
  return has_external(program, id, "QuerySet");
}

ManagerClasses::ManagerClasses(const Program& program, const schema::Schema& schema) {
  for (std::uint32_t i = 0; i < schema.entities.size(); ++i) {
    const schema::Entity& entity = schema.entities[i];
    if (!entity.class_) continue;
    for (const ClassId ancestor : program.class_(entity.class_).ancestors) {
      std::vector<Member> members = program.class_(ancestor).members;
      std::ranges::sort(members, {}, &Member::id);
      for (const Member& member : members) {
        if (member.kind != Member::Kind::value) continue;
        const ManagerClass used =
            declared_class(program, {program.class_(ancestor).body, member.id});
        if (!used.class_) continue;
        auto& users = users_[used.class_];
        if (!entity.is_abstract) users.push_back({i});
        if (used.base && !entity.is_abstract) users_[used.base].push_back({i});
        defaults_.try_emplace({i}, used);
      }
    }
  }
  for (std::uint32_t i = 0; i < program.classes.size(); ++i) {
    if (!is_manager(program, {i}) && !is_queryset(program, {i})) continue;
    const std::string_view model = model_part(program.text(program.classes[i].name));
    const EntityId entity = schema.named(program.names.find(model));
    if (entity) by_name_.emplace(ClassId{i}, entity);
  }
}

/// The class behind `Manager()`, `QuerySet.as_manager()`, `Manager.from_queryset(QuerySet)()`.
ManagerClass ManagerClasses::declared_class(const Program& program, Expression value) const {
  const auto call = program::as_call(program, value);
  if (!call) return {};
  const Symbol callee = program::resolve(program, call->callee);
  if (callee.kind == Symbol::Kind::class_) {
    const ClassId id{callee.id};
    return {is_manager(program, id) || is_queryset(program, id) ? id : ClassId{}, {}};
  }
  const ir::Instruction& instruction = program::instruction(program, call->callee);
  if (instruction.op == ir::Op::attribute) {
    const Symbol object = program.resolve(call->callee.function, instruction.a);
    if (object.kind == Symbol::Kind::class_ && is_queryset(program, {object.id}))
      return {{object.id}, {}};
  }
  if (instruction.op == ir::Op::call) {
    const auto inner = program::as_call(program, call->callee);
    if (!inner || inner->positional.empty()) return {};
    const Symbol queryset = program::resolve(program, inner->positional.front());
    if (queryset.kind != Symbol::Kind::class_) return {};
    const ir::Instruction& method = program::instruction(program, inner->callee);
    const Symbol base = method.op == ir::Op::attribute
                            ? program.resolve(inner->callee.function, method.a)
                            : Symbol{};
    const bool is_own = base.kind == Symbol::Kind::class_ && is_manager(program, {base.id});
    return {{queryset.id}, is_own ? ClassId{base.id} : ClassId{}};
  }
  return {};
}

EntityId ManagerClasses::entity_of(ClassId id, bool& is_guess) const {
  const auto users = users_.find(id);
  if (users != users_.end() && users->second.size() == 1) return users->second.front();
  const auto named = by_name_.find(id);
  if (named == by_name_.end()) return {};
  is_guess = users == users_.end() ||
             std::ranges::find(users->second, named->second) == users->second.end();
  return named->second;
}

Manager ManagerClasses::default_manager(EntityId id) const {
  Manager manager;
  manager.entity = id;
  if (const auto found = defaults_.find(id); found != defaults_.end()) {
    manager.class_ = found->second.class_;
    manager.base = found->second.base;
  }
  return manager;
}

namespace {

/// The query, asked of what a relation leads to: Django narrows whatever `get_queryset()` gives, if
/// only a `BookQuerySet(self.model)` of all rows.
Value narrowed_to(World& world, Value all, Value related) {
  Query result = world.values.query(related);
  const Query wanted = world.values.query(all);
  result.class_ = wanted.class_;
  const std::vector<StepId> chain = world.plans.chain(wanted.last);
  for (auto id = chain.rbegin() + 1; id != chain.rend(); ++id) {
    Step step = world.plans.step(*id);
    if (step.kind == StepKind::maybe) return related;
    step.previous = result.last;
    result.last = world.plans.add(step);
  }
  return world.values.make(result);
}

}  // namespace

Value query_of(Interpreter& interpreter, Value value, Site site) {
  World& world = interpreter.world();
  const Manager manager = world.values.manager(value);
  const program::Member* own = nullptr;
  for (const ClassId id : {manager.class_, manager.base}) {
    if (id && own == nullptr) own = interpreter.program().member(id, world.name("get_queryset"));
  }
  bool is_prefetched_relation = false;
  if (world.values.is(manager.row, ValueKind::row)) {
    const Row row = world.values.row(manager.row);
    const schema::Relation* relation =
        interpreter.schema().entity(row.entity).relation(manager.relation);
    is_prefetched_relation =
        relation != nullptr && presence(world, row, *relation) == Presence::prefetched;
  }
  if (own == nullptr || own->kind != program::Member::Kind::function || is_prefetched_relation) {
    return plain_query(interpreter, manager, site);
  }
  Arguments arguments;
  arguments.self = value;
  const Value query = interpreter.call_function({own->id}, {}, arguments, site);
  if (!world.values.is(query, ValueKind::query)) return plain_query(interpreter, manager, site);
  const bool is_of_relation = world.values.is(manager.row, ValueKind::row);
  const bool starts_anew = root_of(world, query).kind == StepKind::all;
  return is_of_relation && starts_anew
             ? narrowed_to(world, query, plain_query(interpreter, manager, site))
             : query;
}

Value plain_query(Interpreter& interpreter, const Manager& manager, Site site) {
  World& world = interpreter.world();
  if (!world.values.is(manager.row, ValueKind::row)) {
    const Value query = all_rows(interpreter, manager.entity, manager.class_, site);
    Query found = world.values.query(query);
    found.certainty = manager.certainty;
    return world.values.make(found);
  }
  const Row row = world.values.row(manager.row);
  const schema::Relation* relation =
      interpreter.schema().entity(row.entity).relation(manager.relation);
  const std::pair<Name, Value> owner{{}, manager.row};
  Step step;
  step.kind = StepKind::related;
  step.path = world.plans.extend({}, relation != nullptr ? relation->lookup : manager.relation);
  step.site = site;
  step.arguments = {&owner, 1};
  Query query;
  query.entity = manager.entity;
  query.certainty = manager.certainty;
  query.last = world.plans.add(step);
  query.born = interpreter.nest();
  query.class_ = manager.class_;
  return world.values.make(query);
}

}  // namespace querylint::frameworks::django
