#include "rules/engine/loading_fix.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/engine/edits.h"
#include "rules/engine/fix_place.h"
#include "rules/engine/wording.h"

namespace querylint::rules {
namespace {

using diagnostics::Fix;
using diagnostics::Safety;
using flow::StepKind;
using ir::Instruction;
using ir::Op;

/// How a further call goes with a query.
enum class Fit : std::uint8_t { safe, unsafe, never };

/// What a step of the query means for a relation that is loaded as well.
Fit fit_of(const flow::Step& step, bool joins, bool is_nested) {
  switch (step.kind) {
    case StepKind::all:
    case StepKind::related:
    case StepKind::filter:
    case StepKind::exclude:
    case StepKind::slice:
    case StepKind::none:
    case StepKind::join:
    case StepKind::match:
    case StepKind::order:
    case StepKind::reverse:
    case StepKind::load_separate:
    case StepKind::undefer:
    case StepKind::know_parent:
    case StepKind::awaited:
    case StepKind::copy:
    case StepKind::maybe:
      return Fit::safe;
    case StepKind::load_join:  // of every relation: naming one would forget the others
      return joins && !step.path ? Fit::never : Fit::safe;
    case StepKind::load_into:  // rows of an attribute that has no path
      return is_nested ? Fit::never : Fit::safe;
    case StepKind::stream:
      return joins ? Fit::safe : Fit::never;
    case StepKind::distinct:  // compares more columns
    case StepKind::annotate:  // groups by more columns
    case StepKind::fetch_peers:
    case StepKind::other:
      return Fit::unsafe;
    default:
      return Fit::never;
  }
}

Fit fit_of(const Evidence& evidence, const flow::Row& row, bool joins) {
  const flow::Query query = evidence.query(row.query);
  Fit fit = query.shape == flow::Shape::rows ? Fit::safe : Fit::never;
  const bool is_nested = static_cast<bool>(row.path);
  evidence.world().plans.each(query.last, [&](const flow::Step& step, bool /*is_certain*/) {
    fit = std::max(fit, fit_of(step, joins, is_nested));
    return fit != Fit::never;
  });
  return fit;
}

/// Whether the query is, up to that step, the relation of a row which may have it loaded: of one of
/// many rows, or of one that other code fetched. Then to ask for more means to ask again.
bool may_be_loaded(const Evidence& evidence, Value query, flow::StepId end) {
  const Value owner = evidence.owner_of(query);
  if (!owner) return false;
  const flow::Plans& plans = evidence.world().plans;
  for (flow::StepId id = end; id; id = plans.step(id).previous) {
    const StepKind kind = plans.step(id).kind;
    if (kind != StepKind::copy && kind != StepKind::related) return false;
  }
  if (!evidence.is_row(owner)) return true;
  const flow::Row row = evidence.row(owner);
  if (row.born || !evidence.is_query(row.query) || evidence.is_from_given(row.query)) return true;
  const Site fetched = evidence.site_of_query(row.query);
  const Site read = plans.step(plans.root(end)).site;
  return !fetched || !read || fetched.function != read.function;
}

/// `filter` of a call or attribute, `select` of a call of a function.
std::string_view name_at(const flow::World& world, Site site) {
  const auto code = code_around(world, site);
  if (!code) return {};
  const Instruction& part = code->body[site.instruction];
  if (part.op == Op::attribute)
    return world.text(world.program.name(world.program.unit_of(site), {part.b}));
  return part.op == Op::call ? callee_name(world, world.program.unit_of(site), *code, part)
                             : std::string_view();
}

/// The newest step whose call surely made the query what it is and gives a query. Those behind it
/// run it, or were taken on one of several ways. No step where that is out of sight.
flow::StepId end_of_query(const Evidence& evidence, Value query, const flow::Words& words) {
  const flow::Plans& plans = evidence.world().plans;
  for (flow::StepId id = evidence.query(query).last; id; id = plans.step(id).previous) {
    const Site site = plans.step(id).site;
    if (site && words.gives_query(name_at(evidence.world(), site))) return id;
  }
  return {};
}

/// A call such as `.load("author")`, taken apart.
struct Call {
  std::string_view name;
  std::string_view arguments;

  explicit Call(std::string_view text)
      : name(text.substr(1, text.find('(') - 1)),
        arguments(text.substr(name.size() + 2, text.size() - name.size() - 3)) {}
};

/// The call of that name in the chain of calls that ends with the one at `at`.
std::optional<std::uint32_t> in_chain(const flow::World& world, flow::UnitId unit, const Code& code,
                                      std::uint32_t at, std::string_view name) {
  while (code.body[at].op == Op::call || code.body[at].op == Op::attribute) {
    const Instruction& part = code.body[at];
    if (part.op == Op::call && callee_name(world, unit, code, part) == name) return at;
    at = part.a;
  }
  return std::nullopt;
}

/// An expression as the words of an ORM write it: `"author"`, `load(Book.author)`; empty for
/// others.
std::string written(const flow::World& world, flow::UnitId unit, const Code& code,
                    std::uint32_t at) {
  const Instruction& part = code.body[at];
  const bool is_global = part.op == Op::load && !is_local(part);
  if (part.op == Op::constant) return fmt::format("\"{}\"", code.module->text({part.a}));
  if (is_global) return std::string(world.text(world.program.name(unit, {part.a})));
  if (part.op == Op::attribute) {
    return fmt::format("{}.{}", written(world, unit, code, part.a),
                       world.text(world.program.name(unit, {part.b})));
  }
  if (part.op != Op::call || part.count != 1) return {};
  const std::uint32_t argument = code.module->operands(part).front();
  return fmt::format("{}({})", written(world, unit, code, part.a),
                     written(world, unit, code, argument));
}

/// Adds the arguments to those of a call. False where it takes no more, or has them: then the rows
/// that lack the relation come another way.
bool add_arguments(const flow::World& world, flow::UnitId unit, const Code& code,
                   std::uint32_t call, std::string_view arguments, Edits& edits) {
  const auto operands = code.module->operands(code.body[call]);
  if (operands.empty()) return false;
  std::uint32_t behind = 0;
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    const Instruction& argument = code.body[operands[i]];
    const bool is_loader =
        argument.op == Op::call ||
        (argument.op == Op::constant &&
         static_cast<ir::ConstantKind>(argument.detail) == ir::ConstantKind::string);
    if (!is_loader || operands[i + 1] != Instruction::nowhere) return false;
    if (written(world, unit, code, operands[i]) == arguments) return false;
    behind = argument.range.end;
  }
  edits.insert(behind, fmt::format(", {}", arguments), diagnostics::Layout::in_list);
  return true;
}

/// Adds the call, or its arguments to the one of that name; false where that does not help.
bool add_call(const flow::World& world, Site end, const Call& call, Edits& edits) {
  const Code code = *code_around(world, end);
  const flow::UnitId unit = world.program.unit_of(end);
  const auto known = in_chain(world, unit, code, end.instruction, call.name);
  if (known) return add_arguments(world, unit, code, *known, call.arguments, edits);
  edits.insert(code.body[end.instruction].range.end,
               fmt::format(".{}({})", call.name, call.arguments), diagnostics::Layout::in_chain);
  return true;
}

/// Whether each entity of the way is called by its own name at the place.
bool can_name(const Evidence& evidence, Site place, const std::vector<flow::Hop>& way) {
  const flow::World& world = evidence.world();
  return std::ranges::all_of(way, [&](const flow::Hop& hop) {
    const base::Name name = world.name(hop.entity);
    const program::Symbol symbol =
        name ? world.program.global(world.program.unit_of(place), name) : program::Symbol{};
    if (symbol.kind != program::Symbol::Kind::class_) return false;
    const schema::EntityId entity = world.schema.of_class({symbol.id});
    return entity && evidence.entity(entity).name == name &&
           is_top_level_name(world, place, hop.entity);
  });
}

/// Whether the query itself gets to where nobody can follow, who may not want more in it.
bool gets_away(const Evidence& evidence, Value query) {
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    return event.kind == flow::EventKind::escape && event.subject == query;
  });
}

}  // namespace

std::optional<Fix> loading_fix(const Evidence& evidence, const MissingLoad& missing) {
  const Value query = missing.row.query;
  if (!evidence.is_query(query)) return std::nullopt;
  const bool joins = is_joined(evidence, missing.row, *missing.relation);
  const Fit fit = fit_of(evidence, missing.row, joins);
  const flow::Words& words = evidence.words(missing.row.entity);
  const flow::StepId last = end_of_query(evidence, query, words);
  if (fit == Fit::never || !last || may_be_loaded(evidence, query, last)) return std::nullopt;
  const Site end = evidence.world().plans.step(last).site;
  if (may_serve_others(evidence, query, end) ||
      is_read_by_itself(evidence, missing.read, missing.row, *missing.relation, end) ||
      is_asked_otherwise(evidence, missing.row, *missing.relation) ||
      may_lead_to_deriving(evidence, *missing.relation) ||
      goes_back(evidence, missing.row, *missing.relation))
    return std::nullopt;

  const std::string call = loading_call(evidence, missing.row, *missing.relation);
  const flow::UnitId unit = evidence.world().program.unit_of(end);
  Edits edits(evidence.world(), unit);
  if (!add_call(evidence.world(), end, Call(call), edits)) return std::nullopt;
  Fix fix{fmt::format("Add {}", call), Safety::unsafe, edits.take()};
  if (const auto loader = words.loader(joins)) {
    const auto imports = import_of(evidence.world(), unit, *loader);
    if (!imports || !can_name(evidence, end, way_along(evidence, missing.row, *missing.relation)))
      return std::nullopt;
    fix.edits.insert(fix.edits.end(), imports->begin(), imports->end());
  }
  const bool is_safe = joins && fit == Fit::safe && missing.is_always_read &&
                       evidence.is_in_followed(end) && !evidence.trace().was_cut &&
                       !gets_away(evidence, query);
  if (is_safe) fix.safety = Safety::safe;
  return weakened(std::move(fix), missing.certainty);
}

}  // namespace querylint::rules
