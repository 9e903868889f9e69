#include <algorithm>

#include "analyzer/schema/sqlalchemy/reader.h"

namespace querylint::schema::sqlalchemy {
namespace {

using ir::Instruction;
using ir::Op;
using program::Member;

/// The annotation beside a value, or alone: `title: Mapped[str] = mapped_column()`.
Expression annotation_of(const program::Program& program, Expression value) {
  const Instruction& found = program::instruction(program, value);
  if (found.op != Op::annotated || found.b == Instruction::nowhere) return {};
  return {value.function, found.b};
}

/// The value that a method under `@declared_attr` gives, or the value itself.
Expression declared_value(const program::Program& program, const Member& member) {
  const program::FunctionId body = program.class_(member.owner).body;
  if (member.kind == Member::Kind::value) return {body, member.id};
  if (member.kind != Member::Kind::function) return {};
  const program::Function& method = program.function({member.id});
  const bool declares = std::ranges::any_of(method.decorators, [&](const program::Symbol& symbol) {
    return symbol.kind == program::Symbol::Kind::external &&
           program.text(symbol.external).find("declared_attr") != std::string_view::npos;
  });
  return declares ? returned(program, {member.id}) : Expression{};
}

}  // namespace

bool Reader::flag(const CallExpression& call, std::string_view keyword) const {
  const Name wanted = name(keyword);
  const Expression value = wanted ? call.keyword(wanted) : Expression{};
  return value && program::as_bool(program_, value).value_or(false);
}

void Reader::read_attributes(EntityId id) {
  seen_.clear();
  const Draft& draft = drafts_[id.value - first_];
  const ClassId class_ = entity(id).class_;
  Expression table = draft.table;
  const Name own_table = name("__table__");
  if (!table && own_table) table = program::class_value(program_, class_, own_table);
  if (table) read_table(id, table);
  if (draft.properties) {
    const Instruction& dict = program::instruction(program_, draft.properties);
    if (dict.op == Op::build) {
      const program::UnitId unit = program_.function(draft.properties.function).unit;
      const auto parts = program_.unit(unit).module->operands(dict);
      for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        const auto key = program::as_string(program_, {draft.properties.function, parts[i]});
        if (key) read_attribute(id, intern(*key), {draft.properties.function, parts[i + 1]});
      }
    }
  }
  for (const ClassId ancestor : program_.class_(class_).ancestors) {
    const EntityId parent = schema_.of_class(ancestor);
    if (parent && parent != id) entity(id).parents.push_back(parent);
    read_class(id, ancestor);
  }
  read_table_arguments(id);
  share_primary_key(id);
}

void Reader::read_class(EntityId id, ClassId from) {
  std::vector<Member> members = program_.class_(from).members;
  std::ranges::sort(members, {}, &Member::id);  // as they are written
  for (const Member& member : members) {
    if (program_.text(member.name).starts_with("__") || seen_.contains(member.name)) continue;
    const Expression value = declared_value(program_, member);
    if (value) read_attribute(id, member.name, value);
  }
}

void Reader::read_attribute(EntityId id, Name attribute, Expression value) {
  if (seen_.contains(attribute)) return;
  const Expression annotation = annotation_of(program_, value);
  MappedType annotated = annotation ? mapped_type(program_, annotation) : MappedType{};
  const bool wraps_all = drafts_[id.value - first_].registry.ends_with(".SQLModel");
  if (annotation && wraps_all) annotated.is_mapped = true;
  const auto call = program::as_call(program_, value);
  const auto construct = call ? construct_named(last_name(program_, call->callee)) : std::nullopt;
  if (!construct) {
    if (call || !annotated.is_mapped) return;
    seen_.insert(attribute);
    add_column(id, attribute, nullptr, annotated, value, false);
    return;
  }
  seen_.insert(attribute);
  switch (*construct) {
    case Construct::column:
      add_column(id, attribute, &*call, annotated, value, flag(*call, "deferred"));
      break;
    case Construct::deferred_column: {
      const auto inner = call->positional.empty()
                             ? std::nullopt
                             : program::as_call(program_, call->positional.front());
      add_column(id, attribute, inner ? &*inner : nullptr, annotated, value, true);
      break;
    }
    case Construct::expression:
      add_column(id, attribute, nullptr, annotated, value, false);
      break;
    case Construct::relation:
      drafts_[id.value - first_].relations.push_back({attribute, *call, value, annotated});
      break;
  }
}

/// The columns of `Table("book", metadata, Column("id", Integer), ...)`. Annotations of the class
/// only repeat them.
void Reader::read_table(EntityId id, Expression table) {
  const auto call = program::as_call(program_, table);
  if (!call) return;
  for (const Expression part : call->positional) {
    const auto column = program::as_call(program_, part);
    if (!column || last_name(program_, column->callee) != "Column" || column->positional.empty())
      continue;
    const auto text = program::as_string(program_, column->positional.front());
    if (text && seen_.insert(intern(*text)).second)
      add_column(id, intern(*text), &*column, {}, part, false);
  }
}

void Reader::add_column(EntityId id, Name column_name, const CallExpression* call,
                        const MappedType& annotated, Expression value, bool is_deferred) {
  Column column;
  column.name = column_name;
  column.declared = program::site(value);
  column.is_deferred = is_deferred;
  column.is_nullable = annotated.is_optional;
  std::string_view type = call != nullptr ? type_of(program_, *call) : std::string_view();
  if (type.empty() && annotated.name == "str") type = "String";
  if (type.empty()) type = annotated.name;
  column.type = column_type(type);
  const bool is_key = call != nullptr && refers_elsewhere(id, *call, column_name);
  if (is_key && column.type == ColumnType::other) column.type = ColumnType::integer;
  if (call != nullptr) {
    column.has_choices = type.ends_with("Enum");
    column.is_primary = flag(*call, "primary_key");
    column.is_unique = flag(*call, "unique") || column.is_primary;
    column.is_indexed = flag(*call, "index") || column.is_unique;
  }
  entity(id).columns.push_back(column);
  if (column.is_indexed)
    entity(id).indexes.push_back({{column_name}, column.is_unique, false, column.declared});
}

/// Notes the foreign key of a column, if it has one: `ForeignKey("book.id")`, `ForeignKey(Book.id)`
/// or SQLModel's `foreign_key="book.id"`.
bool Reader::refers_elsewhere(EntityId id, const CallExpression& call, Name column) {
  std::vector<Expression> targets;
  for (const Expression part : call.positional) {
    const auto key = program::as_call(program_, part);
    const bool refers = key && last_name(program_, key->callee) == "ForeignKey";
    if (refers && !key->positional.empty()) targets.push_back(key->positional.front());
  }
  const Name keyword = name("foreign_key");
  if (const Expression given = keyword ? call.keyword(keyword) : Expression{})
    targets.push_back(given);
  for (const Expression target : targets) {
    std::string table(program::as_string(program_, target).value_or(std::string_view()));
    table.resize(std::min(table.rfind('.'), table.size()));
    table.erase(0, table.rfind('.') + 1);  // the schema in front of the table
    drafts_[id.value - first_].keys.push_back({column, table, target});
  }
  return !targets.empty();
}

/// `__table_args__ = (UniqueConstraint("a", "b"), Index("name", "a"))`.
void Reader::read_table_arguments(EntityId id) {
  const Name wanted = name("__table_args__");
  if (!wanted) return;
  const Expression given = program::class_value(program_, entity(id).class_, wanted);
  for (const Expression part : program::as_elements(program_, given)) {
    const auto call = program::as_call(program_, part);
    if (!call) continue;
    const std::string_view kind = last_name(program_, call->callee);
    const bool is_unique = kind == "UniqueConstraint" || kind == "PrimaryKeyConstraint";
    if (!is_unique && kind != "Index") continue;
    Index index;
    index.is_unique = is_unique || flag(*call, "unique");
    index.declared = program::site(part);
    for (std::size_t i = is_unique ? 0 : 1; i < call->positional.size(); ++i) {
      const auto text = program::as_string(program_, call->positional[i]);
      const std::string_view column = text ? *text : last_name(program_, call->positional[i]);
      if (entity(id).column(name(column)) != nullptr) index.columns.push_back(name(column));
    }
    if (kind == "PrimaryKeyConstraint") {
      for (Column& column : entity(id).columns)
        column.is_primary = column.is_primary ||
                            std::ranges::find(index.columns, column.name) != index.columns.end();
    }
    if (!index.columns.empty()) entity(id).indexes.push_back(std::move(index));
  }
}

/// A key of several columns is one index over all of them, and none of them is unique by itself.
void Reader::share_primary_key(EntityId id) {
  Index key;
  key.is_unique = true;
  for (const Column& column : entity(id).columns) {
    if (column.is_primary) key.columns.push_back(column.name);
  }
  if (key.columns.size() < 2) return;
  key.declared = entity(id).declared;
  const auto is_part = [&](Name column) {
    return std::ranges::find(key.columns, column) != key.columns.end();
  };
  for (Column& column : entity(id).columns) {
    if (column.is_primary) column.is_unique = column.is_indexed = false;
  }
  std::erase_if(entity(id).indexes, [&](const Index& index) {
    return index.columns.size() == 1 && is_part(index.columns.front()) && index.is_unique;
  });
  entity(id).indexes.push_back(std::move(key));
}

}  // namespace querylint::schema::sqlalchemy
