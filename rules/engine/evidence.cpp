#include "rules/engine/evidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/code.h"
#include "rules/engine/occasions.h"
#include "rules/engine/regions.h"

namespace querylint::rules {

using flow::Step;
using flow::StepKind;
using flow::ValueKind;
using ir::Instruction;
using ir::Op;

namespace {

/// Whether it is the body of a class that is declared once, when its file is imported. The file's
/// own body may be a script, which does its work there.
bool declares_a_class(const program::Program& program, flow::FunctionId id) {
  if (program.function(id).code->kind == ir::FunctionKind::module) return false;
  while (id && program.function(id).code->kind == ir::FunctionKind::class_body) {
    id = program.function(id).parent;
  }
  return id && program.function(id).code->kind == ir::FunctionKind::module;
}

}  // namespace

diagnostics::Certainty certainty_of(const Evidence& evidence, const Event& event) {
  switch (event.certainty) {
    case flow::Certainty::resolved:
      return evidence.is_seldom(event) ? diagnostics::Certainty::likely
                                       : diagnostics::Certainty::firm;
    case flow::Certainty::annotated:
      return diagnostics::Certainty::likely;
    case flow::Certainty::guessed:
      return diagnostics::Certainty::possible;
  }
  return diagnostics::Certainty::possible;
}

diagnostics::Certainty certainty_of(const Evidence& evidence, const Event& event,
                                    const Repetition& repetition) {
  diagnostics::Certainty certainty = certainty_of(evidence, event);
  if (repetition.driver == Driver::collection || repetition.is_few ||
      evidence.is_kept(evidence.query_of_loop(repetition.nest))) {
    certainty = weaker(certainty, diagnostics::Certainty::likely);
  }
  const bool is_near = repetition.is_direct || (repetition.gives_value && repetition.calls <= 2);
  if (!is_near || repetition.in_batches) certainty = diagnostics::Certainty::possible;
  return certainty;
}

diagnostics::Certainty weaker(diagnostics::Certainty a, diagnostics::Certainty b) {
  return std::max(a, b);
}

Evidence::Evidence(flow::World& world, const flow::Trace& trace)
    : world_(world),
      trace_(trace),
      is_seldom_(world.program.is_out_of_use(trace.function) ||
                 declares_a_class(world.program, trace.function)) {
  std::unordered_map<flow::StepId, flow::CallsId> made;
  Site before;
  for (std::uint32_t i = 0; i < trace.events.size(); ++i) {
    const Site site = trace.events[i].site;
    if (site && site != before) entered_.insert(site.function);
    before = site;
    Value subject = trace.events[i].subject;
    if (!subject) continue;
    if ((trace.events[i].flags & flow::flag::kept) != 0 &&
        trace.events[i].kind == flow::EventKind::execution) {
      kept_.insert(subject);
    }
    if (trace.events[i].kind == flow::EventKind::step && is_query(subject)) {
      const auto [known, is_new] = made.try_emplace(query(subject).last, trace.events[i].calls);
      if (!is_new && known->second != trace.events[i].calls) made_again_.insert(known->first);
    }
    if (is_row(subject)) subject = row(subject).query;
    if (!subject || !is_query(subject)) continue;
    note_event(subject, i);
    const Value owner = owner_of(subject);  // a relation's query reads the row that it starts from
    if (owner && is_row(owner) && is_query(row(owner).query)) note_event(row(owner).query, i);
  }
}

std::span<const std::uint32_t> Evidence::events_of(Value query) const {
  const auto found = by_query_.find(query);
  return found == by_query_.end() ? std::span<const std::uint32_t>{} : found->second;
}

void Evidence::note_event(Value value, std::uint32_t index) {
  std::vector<std::uint32_t>& events = by_query_[value];
  events.push_back(index);
  if (events.size() > 1) return;
  const Step& step = world_.plans.step(query(value).last);
  if (step.kind != StepKind::maybe) return;
  merged_[step.previous].push_back(value);
  for (const flow::StepId alternative : step.alternatives) {
    if (alternative != step.previous) merged_[alternative].push_back(value);
  }
}

std::vector<std::uint32_t> Evidence::events_of_merged(Value wanted) const {
  std::vector<std::uint32_t> found;
  const auto merged = merged_.find(query(wanted).last);
  if (merged == merged_.end()) return found;
  for (const Value value : merged->second) {
    const auto events = events_of(value);
    found.insert(found.end(), events.begin(), events.end());
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
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
  result.is_few = is_few_rows(query_of_loop(result.nest)) || is_set_of_parents(result.nest);
  const std::vector<Site> way = way_to(event);
  auto found =
      std::ranges::find_if(way, [&](Site site) { return is_inside(world_, site, result.loop); });
  if (found == way.end()) {
    const flow::FunctionId around = result.loop.function;
    found = std::ranges::find_if(way, [&](Site site) { return site.function == around; });
  }
  if (found == way.end()) found = way.end() - 1;
  result.place = *found;
  result.calls = static_cast<int>(way.end() - found) - 1;
  result.is_direct = result.calls == 0;
  result.gives_value = is_used(world_, result.place);
  result.depends = depends_on_loop(world_, result.place, result.loop);
  if (leaves_loop(world_, result.place, result.loop)) return std::nullopt;
  return result;
}

bool Evidence::is_element(const flow::Row& row, NestId nest) const {
  const Value query = query_of_loop(nest);
  return query && query == row.query;
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

std::vector<Site> Evidence::way_to(const Event& event) const {
  std::vector<Site> way = world_.chains.sites(event.calls);
  way.push_back(event.site);
  return way;
}

bool Evidence::is_of_made(Value value) const {
  return is_query(value) && flow::root_of(world_, value).kind == StepKind::created;
}

Site Evidence::site_of_query(Value value) const {
  if (!is_query(value)) return {};
  for (flow::StepId id = query(value).last; id; id = world_.plans.step(id).previous) {
    if (world_.plans.step(id).site) return world_.plans.step(id).site;
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
    if (step.kind == StepKind::related || step.kind == StepKind::copy || !step.site) continue;
    narrowed = step.site;
    break;
  }
  const std::string_view name = called_name(world_, narrowed);
  return name.empty() ? "this query" : fmt::format(".{}()", name);
}

bool Evidence::is_called_in_loop(const Event& event, const Repetition& repetition) const {
  if (repetition.is_direct) return true;
  const std::string_view name = called_name(world_, repetition.place);
  if (name.empty() || name != called_name(world_, event.site)) return false;
  // What an override writes of other objects is its own business.
  if (!is_row(event.subject)) return true;
  const bool is_new =
      event.cause() == flow::Cause::created || event.cause() == flow::Cause::inserted;
  return !is_new && is_element(row(event.subject), repetition.nest);
}

diagnostics::Cause Evidence::cause_of_read(Value query_value, const Repetition& repetition,
                                           std::string_view part) const {
  const Site built = site_of_query(query_value);
  return {{},
          place(built ? built : repetition.loop),
          fmt::format("{}:{}", function_name(repetition.loop), part)};
}

bool Evidence::is_conditional_there(const Event& event, const Repetition& repetition) const {
  if (repetition.is_direct) return false;
  const flow::FunctionId around = repetition.loop.function;
  // An inner loop of a called function may have nothing to run over.
  const std::vector<Site> way = way_to(event);
  const auto place = std::ranges::find(way, repetition.place);
  const auto behind = place == way.end() ? way.begin() : place + 1;
  if (std::any_of(behind, way.end(), [&](Site site) { return is_in_some_loop(world_, site); })) {
    return true;
  }
  // A function that calls itself in the loop decides again.
  const auto is_around_loop = [&](Site decided) {
    const auto code = code_around(world_, decided);
    const std::uint32_t loop = repetition.loop.instruction;
    return decided.instruction < loop && loop < code->body[decided.instruction].c;
  };
  return std::ranges::any_of(world_.chains.decisions(event.branch), [&](Site decided) {
    return decided.function != around ||
           !(is_inside(world_, decided, repetition.loop) || is_around_loop(decided));
  });
}

bool Evidence::is_told_by_row(const Event& event, const Repetition& repetition) const {
  switch (event.cause()) {
    case flow::Cause::bulk_written:
    case flow::Cause::bulk_deleted:
    case flow::Cause::raw:
    case flow::Cause::refreshed:
      return false;
    default:
      break;
  }
  if (!is_query(event.subject) || repetition.driver != Driver::rows) return false;
  if (!repetition.depends) return repetition.is_direct;
  bool is_tied = false;
  for (flow::StepId id = query(event.subject).last; id; id = world_.plans.step(id).previous) {
    const Told told = told_by(world_.plans.step(id), repetition.nest);
    if (told == Told::by_others) return false;
    is_tied = is_tied || told == Told::by_row;
  }
  return is_tied;
}

/// Whose values a step of a query asks with.
Evidence::Told Evidence::told_by(const Step& step, NestId nest) const {
  switch (step.kind) {
    case StepKind::related:
      return told_by(step.arguments.front().second, nest);
    case StepKind::filter:
    case StepKind::exclude: {
      Told told = Told::by_nobody;
      for (const auto& [label, value] : step.arguments) {
        const Told here = label && value ? told_by(value, nest) : Told::by_others;
        if (here == Told::by_others) return here;
        if (here == Told::by_row && step.kind == StepKind::filter) told = here;
      }
      return told;
    }
    case StepKind::all:
    case StepKind::copy:
    case StepKind::order:
    case StepKind::reverse:
    case StepKind::load_join:
    case StepKind::load_separate:
    case StepKind::only:
    case StepKind::defer:
    case StepKind::project:
    case StepKind::match:
    case StepKind::table:
    case StepKind::link:
      return Told::by_nobody;
    default:
      return Told::by_others;
  }
}

Evidence::Told Evidence::told_by(Value value, NestId nest) const {
  if (world_.values.is_unknown(value)) return Told::by_others;
  if (world_.values.is(value, ValueKind::scalar)) value = world_.values.scalar(value).row;
  if (!value || !is_row(value)) return Told::by_nobody;
  if (is_element(row(value), nest)) return Told::by_row;
  return varies(row(value), nest) ? Told::by_others : Told::by_nobody;
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
    const bool is_owner = subject.query == owner.query && subject.path == owner.path;
    const bool tells_others =
        event.kind == flow::EventKind::execution &&
        (event.cause() == flow::Cause::saved || event.cause() == flow::Cause::created) &&
        entity(subject.entity).hooks.on_save;
    if (is_owner && tells_others) return false;  // a receiver may read the object
    if (subject.query != target.query || subject.path != target.path) continue;
    if (!is_use || key == nullptr || event.member != key->name) return false;
    // A method that is called on the object needs it, whatever it reads of it.
    const bool is_called = event.calls != lazy_read.calls;
    if (is_called && is_in_methods_of(entity(relation->target), event.site)) return false;
  }
  return true;
}

bool Evidence::was_read_before(const Event& lazy_read) const {
  const flow::Row read = row(lazy_read.subject);
  if (!read.query) return false;
  const auto events = events_of(read.query);
  const auto loads = std::ranges::count_if(events, [&](std::uint32_t index) {
    const Event& event = trace_.events[index];
    return event.kind == flow::EventKind::execution && event.subject == read.query;
  });
  return loads == 1 && std::ranges::any_of(events, [&](std::uint32_t index) {
           const Event& earlier = trace_.events[index];
           const bool is_same_read =
               &earlier < &lazy_read && earlier.kind == lazy_read.kind &&
               earlier.detail == lazy_read.detail && earlier.member == lazy_read.member &&
               earlier.calls != lazy_read.calls && earlier.nest != lazy_read.nest;
           return is_same_read && row(earlier.subject).query == read.query &&
                  row(earlier.subject).path == read.path &&
                  world_.chains.implies(lazy_read.branch, earlier.branch);
         });
}

bool Evidence::rests_on_parameter(const Event& event) const {
  if (event.certainty == flow::Certainty::resolved) return false;
  Value value = event.subject;
  while (value) {
    if (is_row(value)) value = row(value).query;
    if (!is_query(value)) return false;
    const Step& root = flow::root_of(world_, value);
    if (root.kind == StepKind::given) {
      return !root.site || root.site == Site{trace_.function, 0};
    }
    value = owner_of(value);
  }
  return false;
}

diagnostics::Place Evidence::place(Site site) const {
  if (!site) return {};
  diagnostics::Place where{world_.program.unit(world_.program.unit_of(site)).path,
                           world_.program.at(site).range};
  const std::string_view name = called_name(world_, site);
  if (name.empty()) return where;
  // A call in a chain begins with its own name, which may stand lines below the chain's beginning.
  const Code code = *code_around(world_, site);
  const base::ByteRange callee = code.body[world_.program.at(site).a].range;
  where.range.begin = callee.end - static_cast<std::uint32_t>(name.size());
  return where;
}

std::string Evidence::function_name(Site site) const {
  const flow::FunctionId function = site.function;
  if (!function) return {};
  const program::Unit& unit = world_.program.unit(world_.program.unit_of(site));
  return std::string(unit.module->text(world_.program.function(function).code->qualified_name));
}

Site Evidence::site_in_followed(const Event& event) const {
  return is_in_followed(event.site) ? event.site : outermost_site(event);
}

Site Evidence::outermost_site(const Event& event) const {
  const std::vector<Site> sites = world_.chains.sites(event.calls);
  return sites.empty() ? event.site : sites.front();
}

bool Evidence::is_from_given(Value value) const {
  while (is_query(value)) {
    if (flow::root_of(world_, value).kind == StepKind::given) return true;
    if (!is_plain_relation(value)) return false;  // it asks anew, whatever is loaded
    const Value owner = owner_of(value);
    value = owner && is_row(owner) ? row(owner).query : Value{};
  }
  return false;
}

bool Evidence::is_of_passed(Value value) const {
  const Value owner = owner_of(value);
  if (!owner || !is_row(owner) || !is_plain_relation(value)) return false;
  const Site fetched = site_of_query(row(owner).query);
  const Site read = flow::root_of(world_, value).site;
  return !fetched || !read || fetched.function != read.function;
}

bool Evidence::is_of_given_entity(Value value) const {
  if (!is_query(value)) return false;
  const Step& root = flow::root_of(world_, value);
  return root.kind == StepKind::all && begins_with_parameter(world_, root.site);
}

bool Evidence::is_made_in_trace(Value value) const {
  const Site site = world_.plans.step(query(value).last).site;
  if (!site || is_in_followed(site)) return true;
  const program::Function& made = world_.program.function(site.function);
  if (made.code->kind != ir::FunctionKind::function) return false;
  if (names_member(world_, trace_.function, made.name)) return true;
  return std::ranges::any_of(entered_, [&](flow::FunctionId around) {
    return around &&
           (&world_.program.function(around) == &made || names_member(world_, around, made.name));
  });
}

bool Evidence::is_kept(Value value) const { return value && kept_.contains(value); }

bool Evidence::is_seldom(const Event& event) const {
  if (is_seldom_) return true;
  const flow::UnitId followed = world_.program.function(trace_.function).unit;
  for (const flow::UnitId id : {followed, world_.program.unit_of(event.site)}) {
    if (!id) continue;
    const program::Unit& unit = world_.program.unit(id);
    if (is_run_by_hand(unit.path) || makes_up_data(*unit.module)) return true;
  }
  if (is_in_handler(world_, event.site)) return true;
  return std::ranges::any_of(world_.chains.sites(event.calls),
                             [&](Site site) { return is_in_handler(world_, site); });
}

bool Evidence::is_in_followed(Site site) const {
  for (flow::FunctionId at = site.function; at; at = world_.program.function(at).parent) {
    if (at == trace_.function) return true;
    if (world_.program.function(at).code->kind == ir::FunctionKind::class_body) return false;
  }
  return false;
}

bool Evidence::is_in_methods_of(const schema::Entity& entity, Site site) const {
  const flow::FunctionId function = site.function;
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
  return asks_the_same(world_, a[0], b[0]);
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
