#include "rules/engine/same_rows.h"
#include "rules/engine/regions.h"

#include <algorithm>
#include <span>

#include "rules/engine/code.h"
#include "rules/engine/parts.h"

namespace querylint::rules {

using flow::Cause;
using flow::Step;
using flow::StepId;
using flow::StepKind;
using flow::ValueKind;

namespace {

bool is_about_rows(StepKind kind, Order order) {
  switch (kind) {
    case StepKind::filter:
    case StepKind::exclude:
    case StepKind::distinct:
    case StepKind::slice:
    case StepKind::none:
    case StepKind::combined:
    case StepKind::join:
    case StepKind::match:
    case StepKind::other:
    case StepKind::maybe:
      return true;
    case StepKind::order:
    case StepKind::reverse:
      return order == Order::counts;
    default:
      return false;
  }
}

/// The steps that decide on the rows, from the first one, without the root.
std::vector<StepId> deciding_steps(const Evidence& evidence, Value query, Order order) {
  const flow::Plans& plans = evidence.world().plans;
  std::vector<StepId> steps;
  for (StepId id = evidence.query(query).last; id; id = plans.step(id).previous) {
    if (is_about_rows(plans.step(id).kind, order)) steps.push_back(id);
  }
  std::ranges::reverse(steps);
  return steps;
}

bool is_known(const Evidence& evidence, Value value, int depth) {
  constexpr int deepest = 3;
  const flow::Values& values = evidence.world().values;
  const auto is_asked_for = [&](Value query) {  // by conditions that are known
    if (evidence.is_row(query)) query = evidence.row(query).query;
    if (!evidence.is_query(query)) return true;
    bool known = depth < deepest;
    evidence.world().plans.each(evidence.query(query).last, [&](const Step& step, bool) {
      if (step.kind != StepKind::filter && step.kind != StepKind::exclude) return known;
      known = known && std::ranges::all_of(step.arguments, [&](const auto& argument) {
                return is_known(evidence, argument.second, depth + 1);
              });
      return known;
    });
    return known;
  };
  bool known = true;
  each_part(values, value, [&](Value part) {
    if (values.is(part, ValueKind::scalar)) {
      const flow::Scalar scalar = values.scalar(part);
      known = known && scalar.row && scalar.column && is_asked_for(scalar.row);
    } else if (values.is(part, ValueKind::row) || values.is(part, ValueKind::query)) {
      known = known && is_asked_for(part);
    } else if (values.is(part, ValueKind::container)) {
      known = known && !values.container(part).element && !values.container(part).items.empty();
    } else if (values.is(part, ValueKind::either) || values.is(part, ValueKind::instance) ||
               values.is_unknown(part)) {
      known = false;
    }
    return known;
  });
  return known;
}

/// Whether a query was refined there once, for all that the trace saw: a function that is called
/// twice refines another query each time.
bool is_made_once(const Evidence& evidence, StepId id) {
  const Step& step = evidence.world().plans.step(id);
  if (step.kind == StepKind::maybe) {
    return std::ranges::all_of(step.alternatives, [&](StepId alternative) {
      return std::ranges::all_of(evidence.world().plans.chain(alternative),
                                 [&](StepId part) { return is_made_once(evidence, part); });
    });
  }
  return !evidence.is_made_again(id);
}

/// Where the followed function goes on with a query that it got from elsewhere, or runs it.
Site use_of(const Evidence& evidence, const Event& event, Site run) {
  for (const StepId id : evidence.world().plans.chain(evidence.query(event.subject).last)) {
    const Site site = evidence.world().plans.step(id).site;
    if (site && evidence.is_in_followed(site)) return site;
  }
  return run;
}

/// Whether both go on with one and the same query.
bool is_same_object(const Evidence& evidence, const Event& a, const Event& b) {
  const bool is_one_call = a.calls == b.calls;
  return use_same_variable(evidence.world(),
                           use_of(evidence, a, is_one_call ? a.site : evidence.outermost_site(a)),
                           use_of(evidence, b, is_one_call ? b.site : evidence.outermost_site(b)));
}

bool same_step(const Evidence& evidence, StepId a, StepId b, bool is_same_object) {
  if (a == b && (is_same_object || is_made_once(evidence, a))) return true;
  const Step& left = evidence.world().plans.step(a);
  const Step& right = evidence.world().plans.step(b);
  if (left.kind != right.kind || left.kind == StepKind::maybe || left.kind == StepKind::other)
    return false;
  const bool is_condition = left.kind == StepKind::filter || left.kind == StepKind::exclude;
  if (is_condition && left.arguments.empty()) return false;  // `**conditions` that nobody knows
  if (left.path != right.path || left.arguments.size() != right.arguments.size()) return false;
  return std::ranges::equal(left.arguments, right.arguments) &&
         std::ranges::all_of(left.arguments, [&](const auto& argument) {
           return is_known(evidence, argument.second, 0);
         });
}

/// Compares the steps of two queries, one with the other.
auto same_steps(const Evidence& evidence, bool is_same_object) {
  return [&evidence, is_same_object](StepId left, StepId right) {
    return same_step(evidence, left, right, is_same_object);
  };
}

/// Whether a row is one object, for all that the trace saw: it was fetched once.
bool is_one_row(const Evidence& evidence, Value value) {
  if (!evidence.is_row(value)) return true;
  const Value query = evidence.row(value).query;
  if (!evidence.is_query(query)) return true;
  const auto chain = evidence.world().plans.chain(evidence.query(query).last);
  const Value owner = evidence.owner_of(query);
  return std::ranges::all_of(chain, [&](StepId id) { return is_made_once(evidence, id); }) &&
         (!owner || is_one_row(evidence, owner));
}

/// Whether two relations are read of one object: in a loop, another variable may hold the row of an
/// earlier iteration.
bool are_of_one_row(const Evidence& evidence, Value a, Value b) {
  const Value owner = evidence.owner_of(a);
  if (!evidence.is_row(owner) || !evidence.row(owner).born) return true;
  const Site left = flow::root_of(evidence.world(), a).site;
  const Site right = flow::root_of(evidence.world(), b).site;
  if (!left || !right || left.function != right.function) return true;
  return variable_behind(evidence.world(), left) == variable_behind(evidence.world(), right);
}

bool same_root(const Evidence& evidence, Value a, Value b, bool is_same_object) {
  const Step& left = flow::root_of(evidence.world(), a);
  const Step& right = flow::root_of(evidence.world(), b);
  if (left.kind != right.kind || evidence.query(a).entity != evidence.query(b).entity) return false;
  // Where only one may be something else altogether, they may differ.
  if (evidence.query(a).certainty != evidence.query(b).certainty) return false;
  if (evidence.world().schema.is_placeholder(evidence.query(a).entity)) return left == right;
  switch (left.kind) {
    case StepKind::all:
      return true;
    case StepKind::related:
      return left.path == right.path && std::ranges::equal(left.arguments, right.arguments) &&
             are_of_one_row(evidence, a, b) &&
             (is_same_object || is_one_row(evidence, evidence.owner_of(a)));
    default:
      return left == right;
  }
}

/// Whether a lookup names a column, or relations to one row: nothing that multiplies rows. What is
/// neither may be a relation that is declared elsewhere.
bool joins_nothing(const Evidence& evidence, schema::EntityId entity, std::string_view lookup) {
  while (!lookup.empty() && entity) {
    const std::size_t end = std::min(lookup.find("__"), lookup.size());
    const std::string_view part = lookup.substr(0, end);
    const base::Name name = evidence.world().name(part);
    const schema::Relation* relation =
        name ? evidence.entity(entity).relation_by_lookup(name) : nullptr;
    if (relation == nullptr) {
      return part == "pk" || (name && evidence.entity(entity).column(name) != nullptr);
    }
    if (relation->cardinality == schema::Cardinality::to_many) return false;
    entity = relation->target;
    lookup.remove_prefix(std::min(end + 2, lookup.size()));
  }
  return true;
}

/// The same of all lookups of a condition: its keywords, and those of `Q()`, however deep.
/// Positional arguments of another kind are not known to join nothing.
bool joins_nothing(const Evidence& evidence, schema::EntityId entity, const Step& step) {
  const flow::Values& values = evidence.world().values;
  return std::ranges::all_of(step.arguments, [&](const auto& argument) {
    if (argument.first) return joins_nothing(evidence, entity, evidence.text(argument.first));
    bool holds = !values.is_unknown(argument.second);
    each_part(values, argument.second, [&](Value part) {
      if (!values.is(part, ValueKind::term)) return true;
      for (const auto& [label, value] : values.term(part).arguments) {
        holds = holds && (!label || joins_nothing(evidence, entity, evidence.text(label)));
      }
      return holds;
    });
    return holds;
  });
}

bool same_rows(const Evidence& evidence, Value a, Value b, Order order, bool is_same_object) {
  if (!evidence.is_query(a) || !evidence.is_query(b)) return false;
  if (!same_root(evidence, a, b, is_same_object)) return false;
  return std::ranges::equal(deciding_steps(evidence, a, order), deciding_steps(evidence, b, order),
                            same_steps(evidence, is_same_object));
}

/// Whether a row counts once however often it was joined: by all of its columns, with its key.
bool is_distinct_by_key(const Evidence& evidence, Value query) {
  return is_distinct(evidence, query) && !is_distinct_by_columns(evidence, query) &&
         !evidence.world().plans.has(evidence.query(query).last, StepKind::project);
}

/// Whether one of the conditions may repeat rows.
bool joins(const Evidence& evidence, schema::EntityId entity, std::span<const StepId> steps) {
  return std::ranges::any_of(steps, [&](StepId id) {
    const Step& step = evidence.world().plans.step(id);
    return step.kind != StepKind::distinct && !joins_nothing(evidence, entity, step);
  });
}

/// Whether steps of the query are conditions that an aggregate can take as its own: those that
/// repeat no rows, or whose copies count once.
bool is_conditional(const Evidence& evidence, Value query, std::span<const StepId> steps) {
  const bool counts_once = is_distinct_by_key(evidence, query);
  return std::ranges::all_of(steps, [&](StepId id) {
    const Step& step = evidence.world().plans.step(id);
    if (step.kind == StepKind::distinct) return counts_once;
    const bool narrows = step.kind == StepKind::filter || step.kind == StepKind::exclude;
    return narrows && (counts_once || joins_nothing(evidence, evidence.query(query).entity, step));
  });
}

}  // namespace

bool is_known(const Evidence& evidence, Value value) { return is_known(evidence, value, 0); }

bool same_rows(const Evidence& evidence, const Event& a, const Event& b, Order order) {
  if (!evidence.is_query(a.subject) || !evidence.is_query(b.subject)) return false;
  return same_rows(evidence, a.subject, b.subject, order, is_same_object(evidence, a, b));
}

bool same_rows(const Evidence& evidence, Value a, Value b, Order order) {
  return a == b || same_rows(evidence, a, b, order, false);
}

bool same_columns(const Evidence& evidence, const Event& a, const Event& b) {
  const auto steps = [&](Value query) {
    const flow::Plans& plans = evidence.world().plans;
    std::vector<StepId> found;
    for (StepId id = evidence.query(query).last; id; id = plans.step(id).previous) {
      const StepKind kind = plans.step(id).kind;
      if (kind == StepKind::project || kind == StepKind::annotate) found.push_back(id);
    }
    return found;
  };
  return evidence.query(a.subject).shape == evidence.query(b.subject).shape &&
         std::ranges::equal(steps(a.subject), steps(b.subject),
                            same_steps(evidence, is_same_object(evidence, a, b)));
}

bool repeats_rows(const Evidence& evidence, Value query) {
  const flow::Plans& plans = evidence.world().plans;
  const schema::EntityId entity = evidence.query(query).entity;
  return std::ranges::any_of(plans.chain(evidence.query(query).last), [&](StepId id) {
    const StepKind kind = plans.step(id).kind;
    const bool narrows = kind == StepKind::filter || kind == StepKind::exclude;
    return narrows && !joins_nothing(evidence, entity, plans.step(id));
  });
}

bool is_distinct(const Evidence& evidence, Value query) {
  return evidence.is_query(query) &&
         evidence.world().plans.has(evidence.query(query).last, StepKind::distinct);
}

bool is_distinct_by_columns(const Evidence& evidence, Value query) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const Step& step, bool) {
    found = step.kind == StepKind::distinct && !step.arguments.empty();
    return !found;
  });
  return found;
}

bool same_base(const Evidence& evidence, const Event& first, const Event& second) {
  const Value a = first.subject;
  const Value b = second.subject;
  if (!evidence.is_query(a) || !evidence.is_query(b)) return false;
  const bool is_object_same = is_same_object(evidence, first, second);
  if (!same_root(evidence, a, b, is_object_same)) return false;
  const schema::EntityId entity = evidence.query(a).entity;
  const auto steps_a = deciding_steps(evidence, a, Order::ignored);
  const auto steps_b = deciding_steps(evidence, b, Order::ignored);
  const auto [end_a, end_b] =
      std::ranges::mismatch(steps_a, steps_b, same_steps(evidence, is_object_same));
  const std::span<const StepId> own_a{end_a, steps_a.end()};
  const std::span<const StepId> own_b{end_b, steps_b.end()};
  if (!is_conditional(evidence, a, own_a) || !is_conditional(evidence, b, own_b)) return false;
  // Two that join would join every row of one relation with every row of the other.
  if (joins(evidence, entity, own_a) && joins(evidence, entity, own_b)) return false;
  // A condition on a whole table is worth an index; without it the table would be scanned.
  const bool starts_narrow =
      end_a != steps_a.begin() || flow::root_of(evidence.world(), a).kind != StepKind::all;
  if (starts_narrow || end_a == steps_a.end() || end_b == steps_b.end()) return true;
  const auto labels = [&](StepId id) {
    std::vector<base::Name> names;
    for (const auto& [label, value] : evidence.world().plans.step(id).arguments)
      names.push_back(label);
    return names;
  };
  // Rows that fewer conditions of the same kind leave are scanned in any case.
  const auto is_within = [](const std::vector<base::Name>& few,
                            const std::vector<base::Name>& more) {
    return std::ranges::all_of(
        few, [&](base::Name name) { return name && std::ranges::find(more, name) != more.end(); });
  };
  const auto labels_a = labels(*end_a);
  const auto labels_b = labels(*end_b);
  return steps_a.size() == 1 && steps_b.size() == 1 &&
         (labels_a == labels_b || is_within(labels_a, labels_b) || is_within(labels_b, labels_a));
}

std::vector<StepId> own_conditions(const Evidence& evidence, const Event& event,
                                   const Event& other) {
  const auto steps = deciding_steps(evidence, event.subject, Order::ignored);
  const auto others = deciding_steps(evidence, other.subject, Order::ignored);
  const auto own = std::ranges::mismatch(
      steps, others, same_steps(evidence, is_same_object(evidence, event, other)));
  return {own.in1, steps.end()};
}

bool follows(const Evidence& evidence, const Event& first, const Event& second) {
  return first.nest == second.nest && &first < &second &&
         evidence.world().chains.compatible(first.branch, second.branch) &&
         !leaves_before(evidence.world(), evidence.site_in_followed(first),
                        evidence.site_in_followed(second));
}

bool is_write(const Event& event) {
  if (event.kind != flow::EventKind::execution) return false;
  switch (event.cause()) {
    case Cause::saved:
    case Cause::changed:
    case Cause::created:
    case Cause::inserted:
    case Cause::deleted:
    case Cause::found_or_created:
    case Cause::relation_changed:
    case Cause::bulk_written:
    case Cause::bulk_deleted:
    case Cause::raw:
    case Cause::flushed:
    case Cause::committed:
      return true;
    default:
      return false;
  }
}

bool is_written_between(const Evidence& evidence, const Event& first, const Event& second,
                        schema::EntityId entity) {
  return std::any_of(&first + 1, &second, [&](const Event& event) {
    const bool is_made = event.kind == flow::EventKind::escape && evidence.is_row(event.subject) &&
                         evidence.is_of_made(evidence.row(event.subject).query);
    if (!is_write(event) && !is_made) return false;
    if (!entity) return true;
    if (evidence.is_row(event.subject)) return evidence.row(event.subject).entity == entity;
    return !evidence.is_query(event.subject) || evidence.query(event.subject).entity == entity;
  });
}

}  // namespace querylint::rules
