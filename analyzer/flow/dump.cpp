#include "analyzer/flow/dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace querylint::flow {
namespace {

constexpr std::array step_names = {"all",
                                   "related",
                                   "given",
                                   "created",
                                   "filter",
                                   "exclude",
                                   "distinct",
                                   "slice",
                                   "none",
                                   "combined",
                                   "join",
                                   "match",
                                   "table",
                                   "link",
                                   "order",
                                   "reverse",
                                   "load_join",
                                   "load_separate",
                                   "load_into",
                                   "forget_loads_join",
                                   "forget_loads_separate",
                                   "only",
                                   "defer",
                                   "undefer",
                                   "project",
                                   "annotate",
                                   "know_parent",
                                   "load_anything",
                                   "fetch_peers",
                                   "forbid_lazy",
                                   "stream",
                                   "awaited",
                                   "lock",
                                   "copy",
                                   "other",
                                   "maybe"};
static_assert(step_names.size() == static_cast<std::size_t>(StepKind::maybe) + 1);

constexpr std::array cause_names = {"iterated",
                                    "evaluated",
                                    "fetched",
                                    "lazy_relation",
                                    "deferred_column",
                                    "counted",
                                    "tested",
                                    "aggregated",
                                    "bulk_read",
                                    "saved",
                                    "created",
                                    "inserted",
                                    "deleted",
                                    "found_or_created",
                                    "relation_changed",
                                    "bulk_written",
                                    "bulk_deleted",
                                    "refreshed",
                                    "raw",
                                    "changed",
                                    "flushed",
                                    "committed",
                                    "begun",
                                    "ended"};
static_assert(cause_names.size() == static_cast<std::size_t>(Cause::ended) + 1);

constexpr std::array fold_names = {
    "sum",  "minimum",  "maximum", "average",    "count", "length", "filter", "group",
    "sort", "distinct", "any",     "membership", "slice", "index",  "join",   "truth"};
static_assert(fold_names.size() == static_cast<std::size_t>(FoldKind::truth) + 1);

constexpr std::array certainty_names = {"resolved", "annotated", "guessed"};
constexpr std::array event_names = {"execution", "use", "escape", "fold", "step", "wait"};

std::string entity_name(const World& world, EntityId entity) {
  return entity ? std::string(world.text(world.schema.entity(entity).name)) : "?";
}

std::string path_text(const World& world, PathId path) {
  std::string out;
  for (const Name name : world.plans.names(path)) {
    if (!out.empty()) out += '.';
    out += world.text(name);
  }
  return out;
}

std::string arguments_text(const World& world, Attributes arguments) {
  std::string out;
  for (const auto& [label, value] : arguments) {
    if (!out.empty()) out += ", ";
    if (label) out.append(world.text(label)).append("=");
    if (!value) continue;
    const Name text =
        world.values.is(value, ValueKind::constant) ? world.values.constant(value).text : Name{};
    out += text ? fmt::format("{:?}", world.text(text)) : describe(world, value);
  }
  return out;
}

std::string where(const World& world, Site site) {
  if (!site) return "-";
  return fmt::format("{}:{}", world.program.unit(world.program.unit_of(site)).path,
                     world.program.at(site).range.begin);
}

}  // namespace

std::string describe_plan(const World& world, const Query& query) {
  std::string out = entity_name(world, query.entity);
  std::vector<StepId> chain = world.plans.chain(query.last);
  std::reverse(chain.begin(), chain.end());
  for (const StepId id : chain) {
    const Step& step = world.plans.step(id);
    out += '.';
    out += step_names[static_cast<std::size_t>(step.kind)];
    const bool is_related = step.kind == StepKind::related;
    std::string inside = path_text(world, step.path);
    if (step.label) inside.append(" into ").append(world.text(step.label));
    const std::string arguments = is_related ? "" : arguments_text(world, step.arguments);
    if (!inside.empty() && !arguments.empty()) inside += ": ";
    inside += arguments;
    if (step.kind == StepKind::maybe) inside = fmt::format("{} ways", step.alternatives.size());
    if (!inside.empty()) out.append("(").append(inside).append(")");
  }
  return out;
}

std::string describe(const World& world, Value value) {
  if (!value) return "nothing";
  switch (world.values.kind(value)) {
    case ValueKind::unknown:
      return "unknown";
    case ValueKind::constant: {
      const Constant constant = world.values.constant(value);
      if (constant.text) return fmt::format("{:?}", world.text(constant.text));
      return constant.kind == ir::ConstantKind::none ? "None" : "constant";
    }
    case ValueKind::scalar: {
      const Scalar scalar = world.values.scalar(value);
      return fmt::format("column {}", scalar.column ? world.text(scalar.column) : "computed");
    }
    case ValueKind::operation: {
      const Operation operation = world.values.operation(value);
      return fmt::format("({} op {})", describe(world, operation.left),
                         describe(world, operation.right));
    }
    case ValueKind::container: {
      const Container container = world.values.container(value);
      std::string out = "[";
      for (const Value item : container.items) out += describe(world, item) + ", ";
      if (container.element) out += "each " + describe(world, container.element);
      return out + "]";
    }
    case ValueKind::row: {
      const Row row = world.values.row(value);
      std::string out = "row " + entity_name(world, row.entity);
      if (row.path) out += " via " + path_text(world, row.path);
      if (world.values.is(row.query, ValueKind::query)) {
        out += " of " + describe_plan(world, world.values.query(row.query));
      }
      return out;
    }
    case ValueKind::query:
      return "query " + describe_plan(world, world.values.query(value));
    case ValueKind::manager: {
      const Manager manager = world.values.manager(value);
      return fmt::format("manager {}", entity_name(world, manager.entity));
    }
    case ValueKind::class_: {
      const ClassValue class_ = world.values.class_(value);
      return fmt::format("class {}", class_.class_
                                         ? world.text(world.program.class_(class_.class_).name)
                                         : entity_name(world, class_.entity));
    }
    case ValueKind::function:
      return fmt::format(
          "function {}",
          world.text(world.program.function(world.values.function(value).function).name));
    case ValueKind::bound:
      return fmt::format(
          "method {}", world.text(world.program.function(world.values.bound(value).function).name));
    case ValueKind::method:
      return fmt::format("{}.{}", describe(world, world.values.method(value).self),
                         world.text(world.values.method(value).name));
    case ValueKind::instance:
      return fmt::format(
          "{} object", world.text(world.program.class_(world.values.instance(value).class_).name));
    case ValueKind::module:
      return "module";
    case ValueKind::external:
      return std::string(world.text(world.values.external(value)));
    case ValueKind::term: {
      const Term term = world.values.term(value);
      return fmt::format("{}({})", world.text(term.callee), arguments_text(world, term.arguments));
    }
    case ValueKind::super:
      return "super";
    case ValueKind::either: {
      std::string out = "either";
      for (const Value option : world.values.options(value)) out += " | " + describe(world, option);
      return out;
    }
  }
  return {};
}

std::string dump(const World& world, const Trace& trace) {
  std::string out;
  for (const Event& event : trace.events) {
    const auto end = std::back_inserter(out);
    fmt::format_to(end, "  {}", event_names[static_cast<std::size_t>(event.kind)]);
    if (event.kind == EventKind::execution) fmt::format_to(end, " {}", cause_names[event.detail]);
    if (event.kind == EventKind::fold) fmt::format_to(end, " {}", fold_names[event.detail]);
    if (event.member) fmt::format_to(end, " .{}", world.text(event.member));
    if (event.subject) fmt::format_to(end, " of {}", describe(world, event.subject));
    fmt::format_to(end, " at {}", where(world, event.site));
    for (const NestId nest : world.chains.nests(event.nest)) {
      const Loop& loop = world.chains.loop(nest);
      fmt::format_to(end, " in loop {} over {}", where(world, loop.site),
                     describe(world, loop.driver));
    }
    for (const Site site : world.chains.sites(event.calls)) {
      fmt::format_to(end, " through {}", where(world, site));
    }
    if ((event.flags & flag::in_transaction) != 0) out += " in a transaction";
    if (event.certainty != Certainty::resolved) {
      fmt::format_to(end, " ({})", certainty_names[static_cast<std::size_t>(event.certainty)]);
    }
    out += '\n';
  }
  if (trace.was_cut) out += "  cut\n";
  return out;
}

}  // namespace querylint::flow
