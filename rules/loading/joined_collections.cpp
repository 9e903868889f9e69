#include "rules/generated/joined_collections.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rules/engine/wording.h"

namespace querylint::rules::loading {
namespace {

using Path = std::vector<base::Name>;

/// The part of a path up to its last relation that leads to many rows; empty when there is none.
Path collection_on(const Evidence& evidence, schema::EntityId entity, const Path& path) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < path.size() && entity; ++i) {
    const schema::Relation* relation = evidence.entity(entity).relation_by_lookup(path[i]);
    if (relation == nullptr) break;
    if (relation->cardinality == schema::Cardinality::to_many) length = i + 1;
    entity = relation->target;
  }
  return {path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length)};
}

bool is_front_of(const Path& front, const Path& path) {
  return front.size() <= path.size() && std::equal(front.begin(), front.end(), path.begin());
}

/// The collections that the query joins, without those that another one leads through.
std::set<Path> joined_collections_of(const Evidence& evidence, const flow::Query& query) {
  std::set<Path> found;
  const auto add = [&](const Path& path) {
    const Path collection = collection_on(evidence, query.entity, path);
    if (!collection.empty()) found.insert(collection);
  };
  const flow::Plans& plans = evidence.world().plans;
  std::vector<Path> apart;  // what is joined behind them is joined in their statement
  plans.each(query.last, [&](const flow::Step& step, bool) {
    if (step.kind == flow::StepKind::load_separate) apart.push_back(plans.names(step.path));
    return true;
  });
  const auto is_apart = [&](const Path& path) {
    return std::ranges::any_of(
        apart, [&](const Path& front) { return !front.empty() && is_front_of(front, path); });
  };
  plans.each(query.last, [&](const flow::Step& step, bool is_certain) {
    if (!is_certain) return true;
    if (step.kind != flow::StepKind::load_join || !step.path) return true;
    if (!step.arguments.empty()) return true;  // rows that a condition may have chosen
    const Path path = plans.names(step.path);
    if (!is_apart(path)) add(path);
    return true;
  });
  for (const schema::Relation& relation : evidence.entity(query.entity).relations) {
    const bool is_joined = relation.loading == schema::Loading::joined;
    if (is_joined && !is_apart({relation.lookup})) add({relation.lookup});
  }
  std::set<Path> ends;
  for (const Path& path : found) {
    const bool leads_on = std::ranges::any_of(
        found, [&](const Path& other) { return other != path && is_front_of(path, other); });
    if (!leads_on) ends.insert(path);
  }
  return ends;
}

std::string text_of(const Evidence& evidence, const Path& path) {
  std::string text;
  for (const base::Name name : path)
    text.append(text.empty() ? "" : ".").append(evidence.text(name));
  return fmt::format("`{}`", text);
}

}  // namespace

void joined_collections(const Evidence& evidence, const Event& event, Findings& findings) {
  if (!evidence.is_query(event.subject)) return;
  const flow::Query query = evidence.query(event.subject);
  const std::set<Path> collections = joined_collections_of(evidence, query);
  if (query.shape != flow::Shape::rows || collections.size() < 2) return;
  std::vector<std::string> names;
  for (const Path& path : collections) names.push_back(text_of(evidence, path));
  std::ranges::sort(names);
  diagnostics::Diagnostic finding = findings.at(event.site, event);
  if (event.cause() == flow::Cause::fetched)  // of one row
    finding.certainty = weaker(finding.certainty, diagnostics::Certainty::likely);
  finding.message = JoinedCollections{.relations = fmt::format("{}", fmt::join(names, ", ")),
                                      .entity = entity_name(evidence, query.entity)}
                        .message();
  const Site built = evidence.site_of_query(event.subject);
  if (built && built != event.site) finding.related.push_back({evidence.place(built), "the query"});
  findings.add(std::move(finding));
}

}  // namespace querylint::rules::loading
