#include "analyzer/schema/django/models.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "analyzer/schema/django/built_ins.h"
#include "analyzer/schema/django/reader.h"

namespace querylint::schema::django {
namespace {

using program::as_bool;
using program::as_call;
using program::CallExpression;
using program::Member;
using program::Symbol;

constexpr std::array<std::string_view, 3> model_paths = {
    "django.db.models.Model", "django.db.models.base.Model", "django.contrib.gis.db.models.Model"};

/// One of them stands in each file that defines a model with columns, or settings.
constexpr std::array<std::string_view, 4> declaring_words = {"Model", "Field(", "ForeignKey(",
                                                             "AUTH_USER_MODEL"};

bool is_model_path(std::string_view path) {
  return std::find(model_paths.begin(), model_paths.end(), path) != model_paths.end();
}

/// `mptt.models.MPTTModel`: a base class that a library keeps among its models.
bool looks_like_model(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.starts_with("django.")) return false;
  const std::string_view module = path.substr(0, dot);
  const std::string_view name = path.substr(dot + 1);
  const bool among_models = module.ends_with(".models") || module.find(".models.") != module.npos;
  return among_models && name.ends_with("Model");
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    if (space > 0) words.push_back(line.substr(0, space));
    line.remove_prefix(std::min(space + 1, line.size()));
  }
  return words;
}

ColumnType built_in_type(std::string_view word) {
  if (word == "datetime") return ColumnType::datetime;
  if (word == "boolean") return ColumnType::boolean;
  if (word == "integer") return ColumnType::integer;
  if (word == "long_text") return ColumnType::long_text;
  return ColumnType::text;
}

}  // namespace

bool may_declare(std::string_view text) {
  return std::ranges::any_of(declaring_words, [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

void read_models(program::Program& program, Schema& schema) { Reader(program, schema).run(); }

void Reader::run() {
  drafts_.resize(schema_.entities.size());
  add_built_ins();
  find_models();
  find_user();
  const auto count = static_cast<std::uint32_t>(schema_.entities.size());
  state_.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) read_entity({i});
  for (std::uint32_t i = 0; i < count; ++i) resolve_relations({i});
  share_inverses_with_children();
  for (std::uint32_t i = 0; i < count; ++i) read_indexes({i});
  find_hooks();
}

std::string Reader::lower(Name text) const {
  std::string out(program_.text(text));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void Reader::add_built_ins() {
  std::string_view rest = built_in_models;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::vector<std::string_view> words = words_of(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (words.size() < 2) continue;
    const auto has = [&](std::string_view flag) {
      return std::find(words.begin(), words.end(), flag) != words.end();
    };
    if (words[0] == "entity") {
      const std::size_t dot = words[1].find('.');
      Entity entity;
      entity.group = intern(words[1].substr(0, dot));
      entity.name = intern(words[1].substr(dot + 1));
      entity.is_abstract = has("abstract");
      schema_.add(std::move(entity));
      drafts_.emplace_back();
      continue;
    }
    const EntityId last{static_cast<std::uint32_t>(schema_.entities.size()) - 1};
    if (words[0] == "path") {
      schema_.name_external(intern(words[1]), last);
    } else if (words[1] == "foreign_key" || words[1] == "many_to_many") {
      Pending pending;
      pending.name = intern(words[0]);
      pending.kind = words[1] == "foreign_key" ? FieldKind::foreign_key : FieldKind::many_to_many;
      const std::size_t dot = words[2].find('.');
      pending.built_in_target =
          schema_.named(intern(words[2].substr(0, dot)), intern(words[2].substr(dot + 1)));
      if (words.size() > 4) {
        pending.built_in_related_name = words[3];
        pending.built_in_query_name = words[4];
      }
      drafts_.back().relations.push_back(pending);
    } else {
      Column column;
      column.name = intern(words[0]);
      column.type = built_in_type(words[1]);
      column.is_nullable = has("nullable");
      column.is_primary = has("primary");
      column.is_unique = has("unique") || column.is_primary;
      column.is_indexed = has("indexed") || column.is_unique;
      entity(last).columns.push_back(column);
    }
  }
}

void Reader::find_models() {
  for (std::uint32_t i = 0; i < program_.classes.size(); ++i) {
    bool is_partial = false;
    if (!is_model_class({i}, is_partial)) continue;
    const program::Class& class_ = program_.classes[i];
    Entity entity;
    entity.name = class_.name;
    entity.group = app_label({i});
    entity.class_ = {i};
    entity.is_partial = is_partial;
    entity.declared = {class_.body, 0};
    const auto is_set = [&](std::string_view option) {
      const std::vector<Expression> values = meta_values({i}, option);
      return !values.empty() && as_bool(program_, values.front()).value_or(false);
    };
    entity.is_abstract = is_set("abstract");
    entity.is_proxy = is_set("proxy");
    schema_.add(std::move(entity));
    drafts_.emplace_back();
  }
}

/// A model derives from `django.db.models.Model`; where the base is in a library that is not here,
/// it shows by declaring Django's fields or by the name of that base.
bool Reader::is_model_class(ClassId id, bool& is_partial) const {
  const program::Class& class_ = program_.class_(id);
  bool is_model = false;
  for (const ClassId ancestor : class_.ancestors) {
    for (const Symbol& base : program_.class_(ancestor).bases) {
      const bool is_external = base.kind == Symbol::Kind::external;
      const std::string_view path = is_external ? program_.text(base.external) : std::string_view();
      if (is_external && (is_model_path(path) || schema_.external(base.external))) {
        is_model = true;
      } else if (base.kind != Symbol::Kind::class_) {
        is_partial = is_partial || path != "builtins.object";
        is_model = is_model || looks_like_model(path);
      }
    }
  }
  if (is_model || class_.bases.empty() || !is_partial) return is_model;
  return std::any_of(class_.ancestors.begin(), class_.ancestors.end(),
                     [&](ClassId ancestor) { return declares_fields(ancestor); });
}

bool Reader::declares_fields(ClassId id) const {
  const program::Class& class_ = program_.class_(id);
  return std::any_of(class_.members.begin(), class_.members.end(), [&](const Member& member) {
    if (member.kind != Member::Kind::value) return false;
    if (program_.text(member.name) == "output_field") return false;  // of a database function
    const auto call = as_call(program_, {class_.body, member.id});
    if (!call) return false;
    const auto field = classify(program_, program::resolve(program_, call->callee));
    return field && field->is_certain;
  });
}

/// `Meta.app_label`, else the label of the nearest package that is an app.
Name Reader::app_label(ClassId id) {
  const std::vector<Expression> given = meta_values(id, "app_label");
  if (!given.empty()) {
    if (const auto label = program::as_string(program_, given.front())) return intern(*label);
  }
  const program::UnitId from = program_.class_(id).unit;
  std::string package(program_.text(program_.unit(from).dotted_name));
  while (package.find('.') != std::string::npos) {
    package.resize(package.rfind('.'));
    const bool is_app = program_.unit_named(package + ".apps", from) ||
                        program_.unit_named(package + ".models", from);
    if (is_app) return intern(program_.text(package_label(package, from)));
  }
  return intern(package);
}

Name Reader::package_label(const std::string& package, program::UnitId from) {
  if (const program::UnitId apps = program_.unit_named(package + ".apps", from)) {
    const program::Unit& unit = program_.unit(apps);
    for (std::uint32_t i = 0; i < unit.module->classes.size(); ++i) {
      const Expression label =
          program::class_value(program_, {unit.first_class + i}, name("label"));
      if (const auto text = program::as_string(program_, label)) return name(*text);
    }
  }
  return program_.names.intern(std::string_view(package).substr(package.rfind('.') + 1));
}

void Reader::read_entity(EntityId id) {
  if (state_[id.value] != 0) return;
  state_[id.value] = 1;
  if (entity(id).class_) {
    read_own_fields(id);
    const std::vector<Symbol> bases = program_.class_(entity(id).class_).bases;
    for (const Symbol& base : bases) {
      EntityId parent;
      if (base.kind == Symbol::Kind::class_) parent = schema_.of_class({base.id});
      if (base.kind == Symbol::Kind::external) parent = schema_.external(base.external);
      if (!parent || state_[parent.value] == 1) continue;
      read_entity(parent);
      inherit(id, parent);
    }
  }
  read_meta(id);
  if (!entity(id).is_abstract) add_primary_key(id);
  state_[id.value] = 2;
}

void Reader::read_own_fields(EntityId id) {
  const program::Class& class_ = program_.class_(entity(id).class_);
  std::vector<Member> members = class_.members;
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.id < b.id; });  // as they are written
  for (const Member& member : members) {
    if (member.kind != Member::Kind::value) continue;
    const Expression value{class_.body, member.id};
    const auto call = as_call(program_, value);
    if (!call) continue;
    const auto field = classify(program_, program::resolve(program_, call->callee));
    if (!field) continue;
    if (field->kind == FieldKind::column) {
      add_column(id, member.name, *field, *call, value);
    } else {
      Pending pending;
      pending.name = member.name;
      pending.kind = field->kind;
      pending.call = *call;
      pending.value = value;
      pending.declared_in = entity(id).class_;
      drafts_[id.value].relations.push_back(pending);
    }
  }
}

bool Reader::flag(const CallExpression& call, std::string_view keyword, bool otherwise) const {
  const Name wanted = name(keyword);
  if (!wanted) return otherwise;
  return as_bool(program_, call.keyword(wanted)).value_or(otherwise);
}

void Reader::add_column(EntityId id, Name column_name, const FieldClass& field,
                        const CallExpression& call, Expression value) {
  const Symbol callee = program::resolve(program_, call.callee);
  const bool is_slug = callee.kind == Symbol::Kind::external &&
                       program_.text(callee.external).ends_with("SlugField");
  Column column;
  column.name = column_name;
  column.type = field.type;
  column.is_nullable = flag(call, "null", false);
  column.has_choices = static_cast<bool>(call.keyword(name("choices")));
  column.is_touched = flag(call, "auto_now", false);
  column.is_primary = flag(call, "primary_key", false);
  column.is_unique = flag(call, "unique", false) || column.is_primary;
  column.is_indexed = flag(call, "db_index", is_slug) || column.is_unique;
  column.declared = program::site(value);
  entity(id).columns.push_back(column);
}

void Reader::inherit(EntityId id, EntityId parent) {
  Entity& child = entity(id);
  const Entity& base = schema_.entity(parent);
  child.is_partial = child.is_partial || base.is_partial;
  if (!base.is_abstract) {
    child.parents.push_back(parent);
    if (!child.is_proxy && !declares_parent_link(id)) add_parent_link(id, parent);
  }
  const auto overridden = [&](Name field) {
    return child.class_ && program_.own_member(child.class_, field) != nullptr;
  };
  for (const Column& column : base.columns) {
    if (child.column(column.name) == nullptr && !overridden(column.name)) {
      child.columns.push_back(column);
      if (!base.is_abstract && !child.is_proxy) child.columns.back().is_primary = false;
    }
  }
  if (!base.is_abstract) return;  // relations of concrete parents are shared once they are resolved
  auto& relations = drafts_[id.value].relations;
  for (const Pending& pending : drafts_[parent.value].relations) {
    const bool known = std::any_of(relations.begin(), relations.end(), [&](const Pending& other) {
      return other.name == pending.name;
    });
    if (!known && !overridden(pending.name)) relations.push_back(pending);
  }
}

/// `place = OneToOneField(Place, parent_link=True)` takes the place of the link that Django adds.
bool Reader::declares_parent_link(EntityId id) const {
  const auto& relations = drafts_[id.value].relations;
  return std::any_of(relations.begin(), relations.end(), [&](const Pending& pending) {
    return flag(pending.call, "parent_link", false);
  });
}

/// Multi-table inheritance: the child's key is a one-to-one to its parent.
void Reader::add_parent_link(EntityId id, EntityId parent) {
  const std::string link = lower(schema_.entity(parent).name) + "_ptr";
  Relation relation;
  relation.name = intern(link);
  relation.lookup = relation.name;
  relation.holds_key = true;
  relation.target = parent;
  relation.inverse = intern(lower(entity(id).name));
  relation.key_column = intern(link + "_id");
  entity(id).relations.push_back(relation);
  Column key;
  key.name = relation.key_column;
  key.type = ColumnType::integer;
  key.is_primary = key.is_unique = key.is_indexed = true;
  entity(id).columns.push_back(key);
  Relation inverse;
  inverse.name = relation.inverse;
  inverse.lookup = relation.inverse;
  inverse.is_nullable = true;
  inverse.target = id;
  inverse.inverse = relation.lookup;
  schema_.entities[parent.value].relations.push_back(inverse);
}

void Reader::add_primary_key(EntityId id) {
  if (entity(id).primary_key() != nullptr || declares_parent_link(id)) return;
  for (const Pending& pending : drafts_[id.value].relations) {
    if (flag(pending.call, "primary_key", false)) return;  // becomes a column with its relation
  }
  Column key;
  key.name = intern("id");
  key.type = ColumnType::integer;
  key.is_primary = key.is_unique = key.is_indexed = true;
  auto& columns = entity(id).columns;
  columns.insert(columns.begin(), key);
}

}  // namespace querylint::schema::django
