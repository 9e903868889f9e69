#include "analyzer/schema/sqlalchemy/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "analyzer/schema/sqlalchemy/reader.h"

namespace querylint::schema::sqlalchemy {
namespace {

using ir::Op;
using program::Member;

constexpr std::array<std::string_view, 6> declaring_words = {
    "Column(", "mapped_column", "relationship(", "SQLModel", "declarative_base", "DeclarativeBase"};

/// Classes to derive from, and calls that make one, by the end of their path.
constexpr std::array<std::string_view, 12> roots = {
    ".DeclarativeBase",  ".DeclarativeBaseNoMeta", ".declarative_base",
    ".automap_base",     ".generate_base",         ".as_declarative",
    ".SQLAlchemy.Model", "flask_sqlalchemy.Model", "flask_sqlalchemy.model.Model",
    "sqlmodel.SQLModel", "sqlmodel.main.SQLModel", ".AsyncAttrs"};

bool is_root_path(std::string_view path) {
  return std::ranges::any_of(roots, [&](std::string_view root) { return path.ends_with(root); });
}

bool is_direct_root(std::string_view path) {
  return path.ends_with(".DeclarativeBase") || path.ends_with(".DeclarativeBaseNoMeta");
}

std::string snake_case(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool starts_word =
        i > 0 && std::isupper(c) != 0 && std::isupper(static_cast<unsigned char>(text[i - 1])) == 0;
    if (starts_word) out.push_back('_');
    out.push_back(static_cast<char>(std::tolower(c)));
  }
  return out;
}

}  // namespace

bool may_declare(std::string_view text) {
  return std::ranges::any_of(declaring_words, [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

void read_models(program::Program& program, Schema& schema) { Reader(program, schema).run(); }

void Reader::run() {
  first_ = static_cast<std::uint32_t>(schema_.entities.size());
  find_mappings_by_calls();
  find_entities();
  const auto count = static_cast<std::uint32_t>(schema_.entities.size());
  for (std::uint32_t i = first_; i < count; ++i) read_attributes({i});
  for (std::uint32_t i = first_; i < count; ++i) resolve_relations({i});
  link_inverses();
  inherit_relations();
}

/// `mapper(Book, books, properties={...})` and `registry.map_imperatively(...)` at the top level of
/// a file.
void Reader::find_mappings_by_calls() {
  for (const program::Unit& unit : program_.units) {
    const program::FunctionId top{unit.first_function};
    const auto code = program_.body(top);
    for (std::uint32_t i = 0; i < code.size(); ++i) {
      if (code[i].op != Op::call) continue;
      const std::string_view callee = last_name(program_, {top, code[i].a});
      if (callee != "mapper" && callee != "map_imperatively") continue;
      const auto call = program::as_call(program_, {top, i});
      if (!call || call->positional.size() < 2) continue;
      const Symbol mapped = program::resolve(program_, call->positional[0]);
      const Expression table = program::follow(program_, call->positional[1]);
      if (mapped.kind != Symbol::Kind::class_ || last_name(program_, table) != "Table") continue;
      Draft draft;
      draft.table = table;
      if (const Name properties = name("properties"))
        draft.properties = program::follow(program_, call->keyword(properties));
      mapped_by_calls_.emplace(ClassId{mapped.id}, draft);
    }
  }
}

/// `Base` of `class Book(Base)`: a class of SQLAlchemy's, or a variable that one of its functions
/// made.
bool Reader::is_root(const Symbol& base) const {
  if (base.kind == Symbol::Kind::external) return is_root_path(program_.text(base.external));
  if (base.kind != Symbol::Kind::variable) return false;
  const program::FunctionId top{program_.unit(base.unit).first_function};
  const std::string_view callee = last_name(program_, {top, base.id});
  return callee == "declarative_base" || callee == "automap_base" || callee == "generate_base" ||
         callee == "make_declarative_base";
}

std::string Reader::registry_of(ClassId id) const {
  for (const ClassId ancestor : program_.class_(id).ancestors) {
    for (const Symbol& base : program_.class_(ancestor).bases) {
      if (!is_root(base)) continue;
      if (base.kind == Symbol::Kind::variable)
        return fmt::format("variable {} {}", base.unit.value, base.id);
      const std::string_view path = program_.text(base.external);
      return is_direct_root(path) ? fmt::format("class {}", ancestor.value) : std::string(path);
    }
  }
  return {};
}

/// Whether it says which table it is mapped to: by a name, a table or a method that gives the name.
bool Reader::names_tables(ClassId id) const {
  for (const std::string_view attribute : {"__tablename__", "__table__"}) {
    const Name wanted = name(attribute);
    if (wanted && program_.member(id, wanted) != nullptr) return true;
  }
  return false;
}

bool Reader::is_abstract(ClassId id) const {
  const Name wanted = name("__abstract__");
  const Member* own = wanted ? program_.own_member(id, wanted) : nullptr;
  if (own != nullptr && own->kind == Member::Kind::value) {
    const Expression value{program_.class_(id).body, own->id};
    if (program::as_bool(program_, value).value_or(true)) return true;
  }
  return std::ranges::any_of(program_.class_(id).bases, [&](const Symbol& base) {
    return base.kind == Symbol::Kind::external && is_direct_root(program_.text(base.external));
  });
}

bool Reader::has_primary_key(ClassId id) const {
  for (const ClassId ancestor : program_.class_(id).ancestors) {
    for (const Member& member : program_.class_(ancestor).members) {
      if (member.kind != Member::Kind::value) continue;
      const auto call = program::as_call(program_, {program_.class_(ancestor).body, member.id});
      if (call && flag(*call, "primary_key")) return true;
    }
  }
  return false;
}

/// A class that derives from a declarative base and has a table, if only one that Flask-SQLAlchemy
/// or SQLModel names. Where the base is in a library that is not here, it shows by a table's name
/// and a key.
bool Reader::is_mapped(ClassId id) const {
  if (mapped_by_calls_.contains(id)) return true;
  if (is_abstract(id)) return false;
  if (registry_of(id).empty()) return names_tables(id) && has_primary_key(id);
  return names_tables(id) || has_primary_key(id);
}

void Reader::find_entities() {
  for (std::uint32_t i = 0; i < program_.classes.size(); ++i) {
    if (schema_.of_class({i}) || !is_mapped({i})) continue;
    const program::Class& class_ = program_.classes[i];
    Entity entity;
    entity.name = class_.name;
    entity.orm = Orm::sqlalchemy;
    entity.keeps_rows = false;
    entity.shares_objects = true;
    entity.deletes_one_by_one = false;
    entity.writes_changes = true;
    entity.opens_transactions = true;
    entity.group = program_.unit(class_.unit).dotted_name;
    entity.class_ = {i};
    entity.declared = {class_.body, 0};
    entity.is_partial = std::ranges::any_of(class_.ancestors, [&](ClassId ancestor) {
      return std::ranges::any_of(program_.class_(ancestor).bases, [&](const Symbol& base) {
        const bool is_known = base.kind == Symbol::Kind::class_ || is_root(base) ||
                              (base.kind == Symbol::Kind::external &&
                               (program_.text(base.external).starts_with("builtins.") ||
                                program_.text(base.external).starts_with("typing.") ||
                                program_.text(base.external).starts_with("sqlalchemy.")));
        return !is_known;
      });
    });
    schema_.add(std::move(entity));
    const EntityId id{static_cast<std::uint32_t>(schema_.entities.size()) - 1};
    const auto by_call = mapped_by_calls_.find({i});
    drafts_.push_back(by_call != mapped_by_calls_.end() ? by_call->second : Draft{});
    Draft& draft = drafts_.back();
    draft.registry = registry_of({i});
    draft.table_name = table_name({i});
    by_table_.try_emplace(fmt::format("{}/{}", draft.registry, draft.table_name), id);
    by_name_[fmt::format("{}/{}", draft.registry, program_.text(class_.name))].push_back(id);
  }
}

std::string Reader::table_name(ClassId id) const {
  const Name text = name("__tablename__");
  const Name table = name("__table__");
  Expression found = text ? program::class_value(program_, id, text) : Expression{};
  if (const auto given = program::as_string(program_, found)) return std::string(*given);
  found = table ? program::class_value(program_, id, table) : Expression{};
  const auto by_call = mapped_by_calls_.find(id);
  if (by_call != mapped_by_calls_.end()) found = by_call->second.table;
  if (const auto call = program::as_call(program_, found)) {
    const auto given = call->positional.empty()
                           ? std::nullopt
                           : program::as_string(program_, call->positional.front());
    if (given) return std::string(*given);
  }
  return snake_case(program_.text(program_.class_(id).name));
}

}  // namespace querylint::schema::sqlalchemy
