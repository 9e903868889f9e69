#include "rules/engine/usage.h"

#include <algorithm>
#include <utility>

#include "rules/engine/parts.h"

namespace querylint::rules {

using base::Name;
using flow::Cause;
using flow::EventKind;
using flow::FoldKind;
using flow::PathId;
using flow::ValueKind;

namespace {

using Read = std::pair<PathId, Name>;

/// Everything of rows that a folded value is made of.
void add_parts(const Evidence& evidence, Value value, std::set<Read>& parts) {
  const flow::Values& values = evidence.world().values;
  each_part(values, value, [&](Value part) {
    if (values.is(part, ValueKind::scalar)) {
      const flow::Scalar scalar = values.scalar(part);
      if (scalar.row && evidence.is_row(scalar.row)) {
        parts.emplace(evidence.row(scalar.row).path, scalar.column);
      }
    } else if (const schema::Relation* relation = evidence.relation_from_owner(part)) {
      parts.emplace(evidence.row(evidence.owner_of(part)).path, relation->lookup);
    }
    return true;
  });
}

bool is_part_loop(const Evidence& evidence, NestId nest, Value query) {
  const Value driver = evidence.world().chains.loop(nest).driver;
  if (!driver || !evidence.world().values.is(driver, ValueKind::container)) return false;
  return evidence.world().values.container(driver).is_filtered &&
         evidence.query_of_loop(nest) == query;
}

/// Whether an event happens in a loop over some of the query's rows.
bool is_in_part(const Evidence& evidence, const Event& event, Value query) {
  for (NestId nest = event.nest; nest; nest = evidence.world().chains.loop(nest).outer) {
    if (is_part_loop(evidence, nest, query)) return true;
  }
  return false;
}

bool is_in_fold(const Evidence& evidence, const Event& event, const Usage& usage) {
  return std::ranges::any_of(usage.folds, [&](const Event* fold) {
    std::set<Read> parts;
    add_parts(evidence, fold->detail_value, parts);
    return evidence.is_row(event.subject) &&
           parts.contains({evidence.row(event.subject).path, event.member});
  });
}

}  // namespace

bool takes_part(const Event& fold) {
  return fold.fold() == FoldKind::slice || fold.fold() == FoldKind::index;
}

Usage usage_of(const Evidence& evidence, Value query) {
  Usage usage;
  usage.query = query;
  usage.is_whole = !evidence.trace().was_cut;
  for (const std::uint32_t index : evidence.events_of(query)) {
    const Event& event = evidence.trace().events[index];
    const bool on_row =
        evidence.is_row(event.subject) && evidence.row(event.subject).query == query;
    switch (event.kind) {
      case EventKind::execution:
        if (event.subject == query) {
          usage.runs.push_back(&event);
        } else if (on_row && event.cause() == Cause::changed) {
          usage.changes.push_back(&event);
        } else if (on_row && event.cause() != Cause::lazy_relation &&
                   event.cause() != Cause::deferred_column) {
          usage.writes.push_back(&event);
        }
        break;
      case EventKind::use:
        if (on_row) {
          usage.reads.push_back(&event);
        } else if (event.subject == query) {
          usage.numbers.push_back(&event);
        }
        break;
      case EventKind::escape:
        if (on_row || event.subject == query) usage.escapes.push_back(&event);
        break;
      case EventKind::fold:
        if (event.subject == query) usage.folds.push_back(&event);
        break;
      case EventKind::step:
      case EventKind::wait:
        break;
    }
  }
  for (const std::uint32_t index : evidence.events_of_merged(query)) {
    const Event& event = evidence.trace().events[index];
    if (event.kind != EventKind::step) usage.escapes.push_back(&event);
  }
  return usage;
}

std::set<Name> columns_read(const Evidence& evidence, const Usage& usage, PathId path) {
  std::set<Name> columns;
  for (const Event* read : usage.reads) {
    const flow::Row row = evidence.row(read->subject);
    if (row.path != path) continue;
    const schema::Entity& entity = evidence.entity(row.entity);
    const schema::Column* key = entity.primary_key();
    if (const schema::Relation* relation = entity.relation(read->member)) {
      if (relation->holds_key) {
        columns.insert(relation->key_column);
      } else if (key != nullptr) {
        columns.insert(key->name);
      }
    } else if (entity.column(read->member) != nullptr) {
      columns.insert(read->member);
    }
  }
  return columns;
}

bool gets_away(const Evidence& evidence, const Usage& usage, PathId path) {
  if (!usage.is_whole) return true;
  const auto is_there = [&](const Event* event) {
    return !evidence.is_row(event->subject) || evidence.row(event->subject).path == path;
  };
  return std::ranges::any_of(usage.escapes, is_there) ||
         std::ranges::any_of(usage.writes, is_there);
}

bool is_of_part(const Evidence& evidence, const Event& event, Value query) {
  return (event.flags & flow::flag::part) != 0 || is_in_part(evidence, event, query);
}

bool is_unread(const Usage& usage) {
  const bool is_touched = !usage.is_whole || !usage.reads.empty() || !usage.writes.empty() ||
                          !usage.changes.empty() || !usage.escapes.empty();
  return !is_touched && std::ranges::all_of(usage.folds, [](const Event* fold) {
    return fold->fold() == FoldKind::truth || fold->fold() == FoldKind::length ||
           fold->fold() == FoldKind::membership;
  });
}

bool is_only_folded(const Evidence& evidence, const Usage& usage) {
  if (!usage.is_whole || usage.folds.empty()) return false;
  if (!usage.escapes.empty() || !usage.writes.empty() || !usage.changes.empty()) return false;
  std::set<Read> parts;
  for (const Event* fold : usage.folds) {
    add_parts(evidence, fold->detail_value, parts);
    const bool has_key = fold->fold() == FoldKind::group && fold->member;
    if (has_key) parts.emplace(PathId{}, fold->member);
  }
  return std::ranges::all_of(usage.reads, [&](const Event* read) {
    const flow::Row row = evidence.row(read->subject);
    if (parts.contains({row.path, read->member})) return true;
    const schema::Relation* relation = evidence.entity(row.entity).relation(read->member);
    if (relation == nullptr) return false;
    const PathId further = evidence.path_to(row, *relation);
    return std::ranges::any_of(parts, [&](const Read& part) {
      return part.first == further || part == Read{row.path, relation->lookup};
    });
  });
}

bool is_only_taken_apart(const Evidence& evidence, const Usage& usage) {
  const auto is_part = [&](const Event* event) {
    return is_of_part(evidence, *event, usage.query);
  };
  const auto runs_through_all = [&](const Event* event) {
    for (NestId nest = event->nest; nest; nest = evidence.world().chains.loop(nest).outer) {
      if (evidence.query_of_loop(nest) == usage.query &&
          !is_part_loop(evidence, nest, usage.query)) {
        return true;
      }
    }
    return false;
  };
  return usage.is_whole && std::ranges::all_of(usage.escapes, is_part) &&
         std::ranges::none_of(usage.writes, runs_through_all) &&
         std::ranges::none_of(usage.changes, runs_through_all) &&
         std::ranges::all_of(usage.reads, [&](const Event* read) {
           return !runs_through_all(read) || is_part(read) || is_in_fold(evidence, *read, usage);
         });
}

bool is_indexed(const Evidence& evidence, const Usage& usage) {
  const flow::StepId whole = evidence.query(usage.query).last;
  return std::ranges::any_of(evidence.trace().events, [&](const Event& event) {
    if (event.subject == usage.query && event.kind == EventKind::fold && takes_part(event)) {
      return true;
    }
    if (event.kind != EventKind::execution || event.cause() != Cause::fetched) return false;
    if (!evidence.is_query(event.subject)) return false;
    const flow::Step& last = evidence.world().plans.step(evidence.query(event.subject).last);
    return last.kind == flow::StepKind::slice && last.previous == whole;
  });
}

const Event* needless_run(const Evidence& evidence, const Event& fold) {
  // In a loop one part is taken after the other.
  const flow::Query query = evidence.query(fold.subject);
  if (!evidence.is_in_followed(fold.site) || fold.nest != query.born) return nullptr;
  // What becomes of values is not noted; a caller may have loaded a relation for this code.
  if (query.shape != flow::Shape::rows || evidence.is_of_passed(fold.subject)) return nullptr;
  if (is_by_keys(evidence, fold.subject) || evidence.is_limited(fold.subject) ||
      evidence.is_few_rows(fold.subject)) {
    return nullptr;
  }
  const Usage usage = usage_of(evidence, fold.subject);
  if (usage.runs.size() != 1 || usage.runs[0]->cause() != Cause::iterated) return nullptr;
  if (evidence.world().plans.has(query.last, flow::StepKind::slice)) return nullptr;
  const bool sorts = std::ranges::any_of(usage.folds, [](const Event* other) {
    return !takes_part(*other) && other->fold() != FoldKind::length &&
           other->fold() != FoldKind::truth;
  });
  const bool takes_the_rest = std::ranges::any_of(usage.folds, [&](const Event* other) {
    return takes_part(*other) && other->site != fold.site;  // `rows[0]`, `rows[1:]`
  });
  if (takes_the_rest || sorts || !usage.numbers.empty()) return nullptr;
  return is_only_taken_apart(evidence, usage) ? usage.runs[0] : nullptr;
}

bool is_by_keys(const Evidence& evidence, Value query) {
  bool found = false;
  evidence.world().plans.each(evidence.query(query).last, [&](const flow::Step& step, bool) {
    if (step.kind != flow::StepKind::filter) return true;
    found = std::ranges::any_of(step.arguments, [&](const auto& argument) {
      if (!argument.first || evidence.is_query(argument.second)) return false;
      const std::string_view lookup = evidence.text(argument.first);
      return lookup == "pk" || lookup == "id" || lookup.ends_with("__in");
    });
    return !found;
  });
  return found;
}

bool is_of_rows(const Evidence& evidence, Value value, Value query) {
  const flow::Values& values = evidence.world().values;
  bool found = false;
  each_part(values, value, [&](Value part) {
    Value row = evidence.owner_of(part);
    if (values.is(part, ValueKind::scalar)) row = values.scalar(part).row;
    found = found || (row && evidence.is_row(row) && evidence.row(row).query == query);
    return !found;
  });
  return found;
}

const Event* loading_run(const Usage& usage) {
  const auto loads = [](const Event* run) {
    return run->cause() == Cause::iterated || run->cause() == Cause::evaluated ||
           run->cause() == Cause::fetched || run->cause() == Cause::bulk_read;
  };
  const auto found = std::ranges::find_if(usage.runs, loads);
  if (found != usage.runs.end()) return *found;
  return usage.runs.empty() ? nullptr : usage.runs.front();
}

}  // namespace querylint::rules
