#include "rules/engine/fix_place.h"

#include <algorithm>

#include "rules/engine/code.h"

namespace querylint::rules {
namespace {

using flow::EventKind;
using ir::Instruction;
using ir::Op;

bool has_subclasses(const program::Program& program, flow::ClassId id) {
  return std::ranges::any_of(program.classes, [&](const program::Class& other) {
    const auto found = std::ranges::find(other.ancestors, id);
    return found != other.ancestors.end() && found != other.ancestors.begin();
  });
}

/// What a chain of calls and attributes starts from, as the function around writes it.
class Start {
 public:
  Start(const Evidence& evidence, schema::EntityId entity, Site call)
      : evidence_(evidence),
        entity_(entity),
        code_(*code_around(evidence.world(), call)),
        id_(call.function),
        function_(evidence.world().program.function(id_)),
        is_followed_(evidence.is_in_followed(call)) {}

  /// Whether the same function asks for rows of the same entity whoever calls it.
  bool is_fixed(std::uint32_t at, int depth = 0) const {
    constexpr int deepest = 8;
    const Instruction& part = code_.body[at];
    if (depth > deepest) return false;
    switch (part.op) {
      case Op::call:
        return names_entity(part) || (is_super(part) ? is_of_one_class() : is_fixed(part.a, depth));
      case Op::attribute:
      case Op::index:
      case Op::await:
      case Op::loop:
        return is_fixed(part.a, depth);
      case Op::import:
        return true;
      case Op::load:
        return static_cast<ir::Scope>(part.detail) == ir::Scope::global ||
               (is_local(part) ? is_fixed_variable(part.a, at, depth) : is_followed_);
      default:
        return is_followed_;
    }
  }

 private:
  /// Whether the entity's class is an argument of the call: `session.query(Book)`.
  bool names_entity(const Instruction& call) const {
    const flow::World& world = evidence_.world();
    const auto arguments = code_.module->operands(call);
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
      const program::Symbol symbol = world.program.resolve(id_, arguments[i]);
      if (symbol.kind == program::Symbol::Kind::class_ &&
          world.schema.of_class({symbol.id}) == entity_)
        return true;
    }
    return false;
  }

  bool is_super(const Instruction& call) const {
    return callee_name(evidence_.world(), function_.unit, code_, call) == "super";
  }

  /// Whether the method's class has no further classes below it, and serves one entity: its own,
  /// or what the followed method of the class asks for. Who uses a manager cannot be seen here.
  bool is_of_one_class() const {
    const flow::World& world = evidence_.world();
    const flow::ClassId owner = function_.owner;
    if (!owner || has_subclasses(world.program, owner)) return false;
    return is_followed_ || world.schema.of_class(owner) ||
           world.program.function(evidence_.trace().function).owner == owner;
  }

  bool is_fixed_variable(std::uint32_t slot, std::uint32_t before, int depth) const {
    if (slot < function_.code->parameter_count)
      return function_.owner && slot == 0 ? is_of_one_class() : is_followed_;
    for (std::uint32_t at = 0; at < before; ++at) {
      const Instruction& store = code_.body[at];
      const bool is_its = store.op == Op::store && is_local(store) && store.a == slot;
      if (is_its && !is_fixed(store.b, depth + 1)) return false;
    }
    return true;
  }

  const Evidence& evidence_;
  schema::EntityId entity_;
  Code code_;
  flow::FunctionId id_;
  const program::Function& function_;
  bool is_followed_;
};

/// Whether the event is about a query over the relation of such a row.
bool starts_from(const Evidence& evidence, const Event& event, const flow::Row& row,
                 const schema::Relation& relation) {
  const Value owner = event.subject ? evidence.owner_of(event.subject) : Value{};
  if (!owner || !evidence.is_row(owner)) return false;
  const flow::Row owning = evidence.row(owner);
  return owning.query == row.query && owning.path == row.path &&
         evidence.relation_from_owner(event.subject) == &relation;
}

bool has_step_at(const Evidence& evidence, Value query, Site call) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    found = found || step.site == call;
    return !found;
  });
  return found;
}

}  // namespace

bool may_serve_others(const Evidence& evidence, Value query, Site call) {
  const schema::EntityId entity = evidence.query(query).entity;
  const bool has_others = std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == EventKind::step && event.site == call &&
           evidence.is_query(event.subject) && evidence.query(event.subject).entity != entity;
  });
  const Start start(evidence, entity, call);
  return has_others || !start.is_fixed(call.instruction);
}

bool is_read_by_itself(const Evidence& evidence, const Event& read, const flow::Row& row,
                       const schema::Relation& relation, Site call) {
  const std::vector<Site> way = evidence.way_to(read);
  const auto passes = std::ranges::count(way, call.function, &Site::function);
  if (passes > 1) return true;
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return starts_from(evidence, event, row, relation) &&
           has_step_at(evidence, event.subject, call);
  });
}

bool is_asked_otherwise(const Evidence& evidence, const flow::Row& row,
                        const schema::Relation& relation) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == EventKind::execution && starts_from(evidence, event, row, relation) &&
           !evidence.is_plain_relation(event.subject);
  });
}

bool may_lead_to_deriving(const Evidence& evidence, const schema::Relation& relation) {
  if (!relation.target || !evidence.entity(relation.target).shares_objects) return false;
  const auto derives = [&](const schema::Entity& entity) {
    return std::ranges::find(entity.parents, relation.target) != entity.parents.end();
  };
  return std::ranges::any_of(evidence.world().schema.entities, derives);
}

bool goes_back(const Evidence& evidence, const flow::Row& row, const schema::Relation& relation) {
  std::vector<const schema::Relation*> way;
  schema::EntityId entity;
  if (row.path) entity = evidence.query(row.query).entity;
  for (const base::Name lookup : evidence.world().plans.names(row.path)) {
    const schema::Relation* step =
        entity ? evidence.entity(entity).relation_by_lookup(lookup) : nullptr;
    way.push_back(step);
    entity = step != nullptr ? step->target : schema::EntityId{};
  }
  way.push_back(&relation);
  const auto returns = [](const schema::Relation* there, const schema::Relation* back) {
    return there != nullptr && back != nullptr && there->inverse &&
           there->inverse == back->lookup && back->cardinality == schema::Cardinality::to_one;
  };
  return std::ranges::adjacent_find(way, returns) != way.end();
}

}  // namespace querylint::rules
