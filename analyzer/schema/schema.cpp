#include "analyzer/schema/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>

namespace querylint::schema {
namespace {

template <typename Items, typename Predicate>
auto find(const Items& items, Predicate predicate) -> const typename Items::value_type* {
  const auto found = std::find_if(items.begin(), items.end(), predicate);
  return found == items.end() ? nullptr : &*found;
}

std::uint64_t label_key(Name group, Name name) {
  return (std::uint64_t{group.value} << 32) | name.value;
}

constexpr std::array type_names = {"text", "long text", "integer", "decimal",  "real", "boolean",
                                   "date", "datetime",  "time",    "duration", "json", "binary",
                                   "uuid", "file",      "vector",  "array",    "other"};

constexpr std::array loading_names = {"lazy", "joined", "loaded apart", "a query", "never loaded"};

std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool starts_word =
        i > 0 && std::isupper(c) != 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (starts_word) out.push_back('_');
    out.push_back(static_cast<char>(std::tolower(c)));
  }
  return out;
}

}  // namespace

bool Column::is_heavy() const {
  return type == ColumnType::long_text || type == ColumnType::json || type == ColumnType::binary ||
         type == ColumnType::vector;
}

bool Column::is_number() const {
  return type == ColumnType::integer || type == ColumnType::decimal || type == ColumnType::real ||
         type == ColumnType::duration;
}

const Column* Entity::column(Name wanted) const {
  return find(columns, [&](const Column& column) { return column.name == wanted; });
}

const Column* Entity::primary_key() const {
  return find(columns, [](const Column& column) { return column.is_primary; });
}

const Relation* Entity::relation(Name wanted) const {
  return find(relations, [&](const Relation& relation) { return relation.name == wanted; });
}

const Relation* Entity::relation_by_lookup(Name wanted) const {
  return find(relations, [&](const Relation& relation) { return relation.lookup == wanted; });
}

const Relation* Entity::relation_by_key(Name wanted) const {
  return find(relations, [&](const Relation& relation) {
    return relation.holds_key && relation.key_column == wanted;
  });
}

EntityId Schema::of_class(program::ClassId id) const {
  const auto found = by_class_.find(id);
  return found == by_class_.end() ? EntityId{} : found->second;
}

EntityId Schema::named(Name group, Name name) const {
  const auto found = by_label_.find(label_key(group, name));
  return found == by_label_.end() ? EntityId{} : found->second;
}

EntityId Schema::named(Name name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() || found->second.size() != 1 ? EntityId{} : found->second.front();
}

EntityId Schema::external(Name path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? EntityId{} : found->second;
}

bool Schema::is_kind_of(EntityId id, EntityId ancestor) const {
  if (id == ancestor) return true;
  const std::vector<EntityId>& parents = entity(id).parents;
  return std::any_of(parents.begin(), parents.end(),
                     [&](EntityId parent) { return is_kind_of(parent, ancestor); });
}

Spelled Schema::spelled(Name variable) const {
  const auto found = by_spelling_.find(variable);
  return found == by_spelling_.end() ? Spelled{} : found->second;
}

void Schema::spell_entities(base::Names& names) {
  const auto spell = [&](const std::string& variable, EntityId entity, bool is_plural) {
    const auto [entry, is_new] =
        by_spelling_.try_emplace(names.intern(variable), entity, is_plural);
    if (!is_new) entry->second = {};
  };
  for (std::uint32_t i = 0; i < entities.size(); ++i) {
    if (entities[i].is_abstract) continue;
    const std::string word = snake_case(names.text(entities[i].name));
    spell(word, {i}, false);
    spell(word + "s", {i}, true);
    spell(word + "_list", {i}, true);
  }
}

void Schema::add(Entity entity) {
  const EntityId id{static_cast<std::uint32_t>(entities.size())};
  if (entity.class_) by_class_.emplace(entity.class_, id);
  by_label_.emplace(label_key(entity.group, entity.name), id);
  if (!entity.is_abstract) by_name_[entity.name].push_back(id);
  entities.push_back(std::move(entity));
}

namespace {

std::string describe(const Column& column, const base::Names& names) {
  std::string out = fmt::format("{}: {}", names.text(column.name),
                                type_names[static_cast<std::size_t>(column.type)]);
  if (column.is_primary) out += ", primary";
  if (column.is_nullable) out += ", nullable";
  if (column.is_unique) out += ", unique";
  if (column.is_indexed) out += ", indexed";
  if (column.is_heavy()) out += ", heavy";
  if (column.is_deferred) out += ", deferred";
  return out;
}

std::string describe(const Relation& relation, const Schema& schema, const base::Names& names) {
  std::string out(relation.name ? names.text(relation.name) : "(no attribute)");
  if (relation.lookup != relation.name)
    out.append(" in paths ").append(names.text(relation.lookup));
  out += relation.cardinality == Cardinality::to_one ? ": to one " : ": to many ";
  if (relation.is_polymorphic) {
    out += "of any entity";
  } else {
    out += relation.target ? names.text(schema.entity(relation.target).name) : "unknown";
  }
  if (relation.holds_key) out.append(", key ").append(names.text(relation.key_column));
  if (relation.is_nullable) out += ", nullable";
  if (relation.is_many_to_many) out += ", many to many";
  if (relation.loading != Loading::lazy)
    out.append(", ").append(loading_names[static_cast<std::size_t>(relation.loading)]);
  if (relation.inverse) out.append(", inverse ").append(names.text(relation.inverse));
  return out;
}

void dump(const Entity& entity, const Schema& schema, const base::Names& names, std::string& out) {
  const auto end = std::back_inserter(out);
  fmt::format_to(end, "{}.{}", names.text(entity.group), names.text(entity.name));
  if (entity.is_abstract) out += " abstract";
  if (entity.is_proxy) out += " proxy";
  if (entity.is_partial) out += " partial";
  if (entity.hooks.on_save) out += " hooks-save";
  if (entity.hooks.on_delete) out += " hooks-delete";
  out += '\n';
  for (const EntityId parent : entity.parents) {
    fmt::format_to(end, "  parent {}\n", names.text(schema.entity(parent).name));
  }
  for (const Column& column : entity.columns) {
    fmt::format_to(end, "  column {}\n", describe(column, names));
  }
  for (const Relation& relation : entity.relations) {
    fmt::format_to(end, "  relation {}\n", describe(relation, schema, names));
  }
  for (const Index& index : entity.indexes) {
    fmt::format_to(end, "  {}{}index", index.is_unique ? "unique " : "",
                   index.is_partial ? "partial " : "");
    for (const Name column : index.columns) fmt::format_to(end, " {}", names.text(column));
    out += '\n';
  }
  for (const Name column : entity.ordering) fmt::format_to(end, "  order {}\n", names.text(column));
}

}  // namespace

std::string dump(const Schema& schema, const program::Program& program,
                 const std::function<bool(const std::string& path)>& wants) {
  std::vector<std::pair<std::string, std::string>> blocks;
  for (const Entity& entity : schema.entities) {
    const bool is_built_in = !entity.class_;
    if (entity.is_placeholder) continue;
    if (!wants(is_built_in ? "" : program.unit(program.class_(entity.class_).unit).path)) continue;
    std::string text;
    dump(entity, schema, program.names, text);
    blocks.emplace_back(text.substr(0, text.find('\n')), std::move(text));
  }
  std::sort(blocks.begin(), blocks.end());
  std::string out;
  for (const auto& [label, text] : blocks) out += text;
  return out;
}

}  // namespace querylint::schema
