#include "analyzer/frameworks/django/querysets.h"

#include <algorithm>
#include <array>
#include <string>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::django {

using namespace flow;

namespace {

Value constant_string(World& world, Name text) {
  return world.values.make(Constant{ir::ConstantKind::string, text});
}

Name last_part(const World& world, Name path) {
  const std::string_view text = world.text(path);
  const std::size_t dot = text.rfind('.');
  return dot == std::string_view::npos ? path : world.names.find(text.substr(dot + 1));
}

Value refine(const QueryCall& call, StepKind kind) {
  const auto all = call.arguments.all();
  Step step;
  step.kind = kind;
  step.arguments = all;
  return refined(call, step);
}

// Which rows, in which order

Value filter(const QueryCall& call) { return refine(call, StepKind::filter); }
Value exclude(const QueryCall& call) { return refine(call, StepKind::exclude); }
Value order_by(const QueryCall& call) { return refine(call, StepKind::order); }
Value reverse(const QueryCall& call) { return refine(call, StepKind::reverse); }
Value distinct(const QueryCall& call) { return refine(call, StepKind::distinct); }
Value none(const QueryCall& call) { return refine(call, StepKind::none); }
Value all(const QueryCall& call) { return refine(call, StepKind::copy); }
Value combine(const QueryCall& call) { return refine(call, StepKind::combined); }
Value lock(const QueryCall& call) { return refine(call, StepKind::lock); }
Value other(const QueryCall& call) { return refine(call, StepKind::other); }

// What comes with the rows

Value select_related(const QueryCall& call) {
  World& world = call.world();
  if (call.arguments.positional.empty()) return refine(call, StepKind::load_join);
  if (is_none(world, call.arguments.positional[0])) {
    return refine(call, StepKind::forget_loads_join);
  }
  Value query = call.query;
  for (const Value argument : call.arguments.positional) {
    const Name lookup = string_of(world, argument);
    Step step;
    step.kind = lookup ? StepKind::load_join : StepKind::load_anything;
    if (lookup) step.path = path_of(world, world.text(lookup));
    query = refined({call.interpreter, query, call.arguments, call.site}, step);
  }
  return query;
}

Value prefetch_related(const QueryCall& call) {
  const std::vector<Value>& lookups = call.arguments.positional;
  if (lookups.size() == 1 && is_none(call.world(), lookups[0])) {
    return refine(call, StepKind::forget_loads_separate);
  }
  return with_prefetches(call, call.query, lookups);
}

/// `defer(None)`.
Value all_columns_again(const QueryCall& call) {
  Step step;
  step.kind = StepKind::defer;
  return refined(call, step);
}

/// `only("a", "b__c")` is a step for the rows' own columns and one for those of each relation.
Value restrict_columns(const QueryCall& call, StepKind kind) {
  World& world = call.world();
  std::vector<std::pair<PathId, std::vector<std::pair<Name, Value>>>> by_path;
  for (const Value argument : call.arguments.positional) {
    const Name lookup = string_of(world, argument);
    if (is_none(world, argument)) return all_columns_again(call);
    if (!lookup) return refine(call, StepKind::other);
    const PathId path = path_of(world, world.text(lookup));
    const PathId owner = world.plans.parent(path);
    auto found = std::ranges::find(by_path, owner, [](const auto& entry) { return entry.first; });
    if (found == by_path.end()) found = by_path.insert(by_path.end(), {owner, {}});
    found->second.emplace_back(Name{}, constant_string(world, world.plans.last(path)));
  }
  Value query = call.query;
  for (const auto& [path, columns] : by_path) {
    Step step;
    step.kind = kind;
    step.path = path;
    step.arguments = columns;
    query = refined({call.interpreter, query, call.arguments, call.site}, step);
  }
  return query;
}

Value only(const QueryCall& call) { return restrict_columns(call, StepKind::only); }
Value defer(const QueryCall& call) { return restrict_columns(call, StepKind::defer); }

Value project(const QueryCall& call, Shape shape) {
  Arguments columns = call.arguments;
  std::erase_if(columns.keywords, [&](const auto& keyword) {
    const std::string_view name = call.world().text(keyword.first);
    return name == "flat" || name == "named";
  });
  const auto all_columns = columns.all();
  Step step;
  step.kind = StepKind::project;
  step.arguments = all_columns;
  const Value query = refined(call, step);
  Query data = call.interpreter.values().query(query);
  data.shape = shape;
  return call.interpreter.values().make(data);
}

Value values(const QueryCall& call) { return project(call, Shape::dicts); }

Value values_list(const QueryCall& call) {
  const Value flat = call.arguments.keyword(call.world().name("flat"));
  const bool is_flat =
      is_constant(call.world(), flat ? flat : call.interpreter.unknown(), ir::ConstantKind::true_);
  return project(call, is_flat ? Shape::scalars : Shape::tuples);
}

Value dates(const QueryCall& call) { return project(call, Shape::scalars); }

/// Which annotations rows do not have: `step.label` of the step.
constexpr std::string_view alias_label = "alias";

/// A positional aggregate is named after its first argument and itself: `books__count`.
Value annotate_as(const QueryCall& call, Name label_of_step) {
  World& world = call.world();
  Arguments named = call.arguments;
  named.positional.clear();
  for (const Value argument : call.arguments.positional) {
    if (!world.values.is(argument, ValueKind::term)) continue;
    const Term term = world.values.term(argument);
    if (term.arguments.empty()) continue;
    const Name source = string_of(world, term.arguments[0].second);
    if (!source) continue;
    std::string label(world.text(source));
    label.append("__").append(world.text(last_part(world, term.callee)));
    std::ranges::transform(label, label.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    named.keywords.emplace_back(world.names.intern(label), argument);
  }
  const auto all = named.all();
  Step step;
  step.kind = StepKind::annotate;
  step.label = label_of_step;
  step.arguments = all;
  return refined(call, step);
}

Value annotate(const QueryCall& call) { return annotate_as(call, {}); }
Value alias(const QueryCall& call) {
  return annotate_as(call, call.world().names.intern(alias_label));
}

/// Django 6.1: how a relation or column that was not loaded is read.
Value fetch_mode(const QueryCall& call) {
  World& world = call.world();
  if (call.arguments.positional.empty()) return call.query;
  const Value mode = call.arguments.positional[0];
  const std::string_view name = world.values.is(mode, ValueKind::external)
                                    ? world.text(world.values.external(mode))
                                    : std::string_view();
  if (name.ends_with("FETCH_PEERS")) return refine(call, StepKind::fetch_peers);
  if (name.ends_with("RAISE")) return refine(call, StepKind::forbid_lazy);
  return call.query;
}

Value iterator(const QueryCall& call) { return refine(call, StepKind::stream); }

// What runs

void run(const QueryCall& call, Cause cause, Value query) {
  call.interpreter.execution(cause, query, call.site, call.interpreter.nest(), {},
                             packed(call.interpreter, call.arguments));
}

Value fetch(const QueryCall& call, Value query) {
  run(call, Cause::fetched, query);
  return one_row(call, query);
}

Value get(const QueryCall& call) {
  const bool narrowed = call.arguments.size() > 0 || call.arguments.is_open;
  return fetch(call, narrowed ? filter(call) : call.query);
}

/// By itself, or by the `Prefetch` that has its rows.
bool is_ordered(const QueryCall& call) {
  World& world = call.world();
  const Query query = call.data();
  if (!call.interpreter.schema().entity(query.entity).ordering.empty()) return true;
  if (world.plans.has(query.last, StepKind::order)) return true;
  const Step& root = root_of(world, call.query);
  if (root.kind != StepKind::related) return false;
  const Value owner = root.arguments.front().second;
  if (!world.values.is(owner, ValueKind::row)) return false;
  const Row row = world.values.row(owner);
  const schema::Relation* relation =
      call.interpreter.schema().entity(row.entity).relation_by_lookup(world.plans.last(root.path));
  if (relation == nullptr) return false;
  const Row member = related_row(world, row, *relation, row.born);
  return member.query != row.query &&
         world.plans.has(world.values.query(member.query).last, StepKind::order);
}

/// One of the rows that are there already.
Value picked_row(const QueryCall& call) {
  call.interpreter.fold(flow::FoldKind::index, call.query, {}, {}, call.site);
  return one_row(call, call.query);
}

/// Served by a prefetch when that is ordered; else it asks for the lowest key.
Value first(const QueryCall& call) {
  const Query query = call.data();
  const bool is_loaded =
      is_prefetched(call.world(), query) || call.interpreter.has_rows(call.query);
  if (is_loaded && is_ordered(call)) return picked_row(call);
  return fetch(call, all(call));
}

Value last(const QueryCall& call) { return fetch(call, reverse(call)); }
Value latest(const QueryCall& call) { return fetch(call, order_by(call)); }

/// `count()`, `exists()` and `contains()` look at what is loaded before they ask the database.
Value measure(const QueryCall& call, Cause cause) {
  const bool is_there = call.interpreter.has_rows(call.query);
  if (is_prefetched(call.world(), call.data())) {
    const Step& root = root_of(call.world(), call.query);
    call.interpreter.use(root.arguments.front().second, call.world().plans.last(root.path),
                         call.site);
  } else if (!is_there) {
    run(call, cause, call.query);
  }
  const World& world = call.world();
  return call.interpreter.measured(cause == Cause::counted ? world.counted : world.tested,
                                   call.query);
}

Value count(const QueryCall& call) { return measure(call, Cause::counted); }
Value exists(const QueryCall& call) { return measure(call, Cause::tested); }

Value aggregate(const QueryCall& call) {
  run(call, Cause::aggregated, call.query);
  Container result;
  result.kind = ContainerKind::dict;
  result.element = call.interpreter.unknown();
  return call.interpreter.values().make(result);
}

Value in_bulk(const QueryCall& call) {
  run(call, Cause::bulk_read, call.query);
  Container result;
  result.kind = ContainerKind::dict;
  result.key = call.interpreter.unknown();
  result.element = one_row(call, call.query);
  result.source = call.query;
  return call.interpreter.values().make(result);
}

Value create(const QueryCall& call) {
  const Value row = created_row(call.interpreter, call.data().entity, call.arguments, call.site);
  call.interpreter.execution(Cause::created, row, call.site, call.interpreter.nest());
  return row;
}

Value found_or_created(const QueryCall& call) {
  const Value query = filter(call);
  run(call, Cause::found_or_created, query);
  const std::array<Value, 2> items = {one_row(call, query), call.interpreter.unknown()};
  Container pair;
  pair.kind = ContainerKind::tuple;
  pair.items = items;
  return call.interpreter.values().make(pair);
}

Value bulk_write(const QueryCall& call) {
  run(call, Cause::bulk_written, call.query);
  if (call.arguments.positional.empty()) return call.interpreter.unknown();
  call.interpreter.escape(call.arguments.positional[0], call.site);
  return call.arguments.positional[0];
}

Value update(const QueryCall& call) {
  run(call, Cause::bulk_written, call.query);
  return call.interpreter.unknown();
}

Value delete_all(const QueryCall& call) {
  run(call, Cause::bulk_deleted, call.query);
  return call.interpreter.unknown();
}

Value raw(const QueryCall& call) { return refine(call, StepKind::other); }

Value relation_write(const QueryCall& call) {
  run(call, Cause::relation_changed, call.query);
  return call.interpreter.unknown();
}

Value explain(const QueryCall& call) {
  run(call, Cause::raw, call.query);
  return call.interpreter.unknown();
}

/// Whether a condition is more than columns compared with values that are written down.
bool asks_for_more(const World& world, const Step& step) {
  return world.plans.has(step.previous, StepKind::annotate) ||
         std::ranges::any_of(step.arguments, [&](const auto& argument) {
           return argument.second && !world.values.is(argument.second, ValueKind::constant);
         });
}

constexpr std::array<std::pair<std::string_view, QueryMethod>, 55> methods = {{
    {"filter", filter},
    {"complex_filter", filter},
    {"exclude", exclude},
    {"order_by", order_by},
    {"reverse", reverse},
    {"distinct", distinct},
    {"none", none},
    {"all", all},
    {"get_queryset", all},
    {"union", combine},
    {"intersection", combine},
    {"difference", combine},
    {"select_for_update", lock},
    {"using", other},
    {"db_manager", other},
    {"extra", other},
    {"alias", alias},
    {"annotate", annotate},
    {"select_related", select_related},
    {"prefetch_related", prefetch_related},
    {"only", only},
    {"defer", defer},
    {"values", values},
    {"values_list", values_list},
    {"dates", dates},
    {"datetimes", dates},
    {"fetch_mode", fetch_mode},
    {"iterator", iterator},
    {"get", get},
    {"first", first},
    {"last", last},
    {"latest", latest},
    {"earliest", latest},
    {"count", count},
    {"exists", exists},
    {"contains", exists},
    {"aggregate", aggregate},
    {"in_bulk", in_bulk},
    {"create", create},
    {"get_or_create", found_or_created},
    {"update_or_create", found_or_created},
    {"bulk_create", bulk_write},
    {"bulk_update", bulk_write},
    {"update", update},
    {"delete", delete_all},
    {"raw", raw},
    {"explain", explain},
    {"add", relation_write},
    {"remove", relation_write},
    {"set", relation_write},
    {"clear", relation_write},
    {"as_manager", all},
    {"_clone", all},
    {"_chain", all},
    {"__iter__", all},
}};

}  // namespace

std::span<const std::pair<std::string_view, QueryMethod>> query_methods() { return methods; }

PathId path_of(World& world, std::string_view lookup) {
  PathId path;
  while (!lookup.empty()) {
    const std::size_t end = std::min(lookup.find("__"), lookup.size());
    path = world.plans.extend(path, world.names.intern(lookup.substr(0, end)));
    lookup.remove_prefix(std::min(end + 2, lookup.size()));
  }
  return path;
}

Value refined(const QueryCall& call, Step step) {
  Query query = call.data();
  step.previous = query.last;
  step.site = call.site;
  query.last = call.world().plans.add(step);
  query.born = call.interpreter.nest();
  const Value result = call.interpreter.values().make(query);
  const bool narrows = step.kind == StepKind::filter || step.kind == StepKind::exclude;
  const bool may_differ = narrows || step.kind == StepKind::slice || step.kind == StepKind::order ||
                          step.kind == StepKind::other;
  const bool is_told =
      step.kind == StepKind::annotate || step.kind == StepKind::distinct ||
      step.kind == StepKind::combined || step.kind == StepKind::slice ||
      (may_differ && (call.arguments.is_open || asks_for_more(call.world(), step)));
  if (is_told) call.interpreter.step(step.kind, result, call.site);
  if (narrows) {
    for (const auto& [label, argument] : step.arguments)
      use_keys(call.interpreter, argument, call.site);
  }
  return result;
}

Value one_row(const QueryCall& call, Value query) {
  const NestId nest = call.interpreter.nest();
  return call.interpreter.element_of_query(query, nest);
}

Value sliced(Interpreter& interpreter, Value query, Value key, Site site) {
  World& world = interpreter.world();
  Arguments none;
  const QueryCall call{interpreter, query, none, site};
  const bool is_slice =
      world.values.is(key, ValueKind::term) && world.values.term(key).callee == world.slice;
  if (interpreter.has_rows(query)) {
    if (!is_slice) return picked_row(call);
    Container part;
    part.element = one_row(call, query);
    part.source = query;
    part.is_filtered = true;
    return world.values.make(part);
  }
  const std::pair<Name, Value> position{Name{}, key};
  Step step;
  step.kind = StepKind::slice;
  step.arguments = {&position, 1};
  if (is_slice) step.arguments = world.values.term(key).arguments;
  const Value part = refined(call, step);
  if (is_slice) return part;
  if (!is_prefetched(world, call.data())) {
    interpreter.execution(Cause::fetched, part, site, interpreter.nest());
  }
  return one_row(call, part);
}

/// `chair_set__colour` as lookups: prefetches are named by attributes.
PathId path_of_attributes(const QueryCall& call, std::string_view attributes) {
  World& world = call.world();
  PathId path;
  EntityId entity = call.data().entity;
  for (const Name name : world.plans.names(path_of(world, attributes))) {
    const schema::Relation* relation =
        entity ? call.interpreter.schema().entity(entity).relation(name) : nullptr;
    path = world.plans.extend(path, relation != nullptr ? relation->lookup : name);
    entity = relation != nullptr ? relation->target : EntityId{};
  }
  return path;
}

Value with_prefetches(const QueryCall& call, Value query, std::span<const Value> lookups) {
  World& world = call.world();
  for (const Value lookup : lookups) {
    Step step;
    step.kind = StepKind::load_separate;
    std::pair<Name, Value> inner;
    Name name = string_of(world, lookup);
    if (world.values.is(lookup, ValueKind::term)) {  // Prefetch(lookup, queryset, to_attr)
      Arguments given;
      for (const auto& [label, value] : world.values.term(lookup).arguments) {
        if (label) {
          given.keywords.emplace_back(label, value);
        } else {
          given.positional.push_back(value);
        }
      }
      const Value path = given.at(0, world.name("lookup"));
      name = path ? string_of(world, path) : Name{};
      const Value attribute = given.at(2, world.name("to_attr"));
      if (attribute) step.label = string_of(world, attribute);
      if (step.label) step.kind = StepKind::load_into;
      inner.second = given.at(1, world.name("queryset"));
      if (!inner.second) inner.second = given.keyword(world.name("querysets"));
    }
    if (name) {
      step.path = path_of_attributes(call, world.text(name));
    } else {
      step.kind = StepKind::load_anything;
    }
    if (world.values.is(inner.second, ValueKind::query)) step.arguments = {&inner, 1};
    query = refined({call.interpreter, query, call.arguments, call.site}, step);
  }
  return query;
}

}  // namespace querylint::frameworks::django
