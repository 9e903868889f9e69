#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks {

using namespace flow;

namespace {

Value rooted_row(Interpreter& interpreter, EntityId entity, Certainty certainty, const Step& root) {
  World& world = interpreter.world();
  Query query;
  query.entity = entity;
  query.certainty = certainty;
  query.last = world.plans.add(root);
  query.born = interpreter.nest();
  Row row;
  row.entity = entity;
  row.certainty = certainty;
  row.query = world.values.make(query);
  row.born = interpreter.nest();
  return world.values.make(row);
}

}  // namespace

Value all_rows(Interpreter& interpreter, EntityId entity, ClassId class_, Site site) {
  World& world = interpreter.world();
  Step step;
  step.kind = StepKind::all;
  step.site = site;
  Query query;
  query.entity = entity;
  query.last = world.plans.add(step);
  query.born = interpreter.nest();
  query.class_ = class_;
  return world.values.make(query);
}

namespace {

EntityId entity_of(Interpreter& interpreter, Value value) {
  const Values& values = interpreter.values();
  switch (values.kind(value)) {
    case ValueKind::row:
      return values.row(value).entity;
    case ValueKind::query:
      return values.query(value).entity;
    case ValueKind::manager:
      return values.manager(value).entity;
    case ValueKind::class_:
      return values.class_(value).entity;
    case ValueKind::super:
      return entity_of(interpreter, values.super(value).self);
    default:
      return {};
  }
}

}  // namespace

bool is_of(Interpreter& interpreter, Value value, schema::Orm orm) {
  const EntityId entity = value ? entity_of(interpreter, value) : EntityId{};
  return entity && interpreter.schema().entity(entity).orm == orm;
}

bool is_of_another(Interpreter& interpreter, Value value, schema::Orm orm) {
  const EntityId entity = value ? entity_of(interpreter, value) : EntityId{};
  return entity && interpreter.schema().entity(entity).orm != orm;
}

void use_keys(Interpreter& interpreter, Value value, Site site, int depth) {
  constexpr int deepest = 3;
  const Values& values = interpreter.values();
  if (!value || depth > deepest) return;
  if (values.is(value, ValueKind::row)) {
    const schema::Column* key = interpreter.schema().entity(values.row(value).entity).primary_key();
    if (key != nullptr) interpreter.use(value, key->name, site);
  } else if (values.is(value, ValueKind::container)) {
    const Container container = values.container(value);
    use_keys(interpreter, container.element, site, depth + 1);
    for (const Value item : container.items) use_keys(interpreter, item, site, depth + 1);
  } else if (values.is(value, ValueKind::term)) {
    for (const auto& [label, argument] : values.term(value).arguments)
      use_keys(interpreter, argument, site, depth + 1);
  }
}

Value created_row(Interpreter& interpreter, EntityId entity, const Arguments& arguments,
                  Site site) {
  const auto all_arguments = arguments.all();
  for (const auto& [label, argument] : all_arguments) {  // the new object holds on to them
    use_keys(interpreter, argument, site);
    if (interpreter.values().is(argument, ValueKind::row)) interpreter.escape(argument, site);
  }
  Step step;
  step.kind = StepKind::created;
  step.site = site;
  step.arguments = all_arguments;
  return rooted_row(interpreter, entity, Certainty::resolved, step);
}

Value given_row(Interpreter& interpreter, EntityId entity, Certainty certainty, Site site) {
  Step step;
  step.kind = StepKind::given;
  step.site = site;
  return rooted_row(interpreter, entity, certainty, step);
}

Value given_query(Interpreter& interpreter, EntityId entity, Certainty certainty, Site site) {
  const Value row = given_row(interpreter, entity, certainty, site);
  return interpreter.values().row(row).query;
}

Value packed(Interpreter& interpreter, const Arguments& arguments) {
  const auto all_arguments = arguments.all();
  return interpreter.values().make(Term{{}, all_arguments});
}

}  // namespace querylint::frameworks
