#include <fmt/format.h>

#include <algorithm>

#include "analyzer/schema/sqlalchemy/reader.h"

namespace querylint::schema::sqlalchemy {
using ir::Instruction;
using ir::Op;

void Reader::resolve_relations(EntityId id) {
  const std::vector<Pending> relations = drafts_[id.value - first_].relations;
  for (const Pending& pending : relations) resolve_relation(id, pending);
}

/// SQLModel hands on what is in `sa_relationship_kwargs={"lazy": "joined"}`.
Expression Reader::argument(const CallExpression& call, std::string_view keyword) const {
  const Name wanted = name(keyword);
  const Expression given = wanted ? call.keyword(wanted) : Expression{};
  const Name rest = name("sa_relationship_kwargs");
  if (given || !rest) return given;
  const Expression handed_on = call.keyword(rest);
  return handed_on ? program::as_entry(program_, handed_on, keyword) : Expression{};
}

/// `Book`, `"Book"`, `"shop.models.Book"`, `lambda: Book`, or the type in the annotation.
EntityId Reader::target_of(EntityId id, const Pending& pending) const {
  Expression target;
  if (!pending.call.positional.empty()) target = pending.call.positional.front();
  if (!target) target = argument(pending.call, "argument");
  if (target) {
    if (const auto reference = program::as_string(program_, target))
      return entity_named(id, *reference);
    const Instruction& found = program::instruction(program_, target);
    if (found.op == Op::define && found.detail == 0) {
      const program::UnitId unit = program_.function(target.function).unit;
      target = returned(program_, {program_.unit(unit).first_function + found.a});
    }
  } else {
    target = pending.annotated.type;
  }
  const Symbol symbol = program::resolve(program_, target);
  if (symbol.kind == Symbol::Kind::class_) return schema_.of_class({symbol.id});
  return pending.annotated.name.empty() ? EntityId{} : entity_named(id, pending.annotated.name);
}

/// The only entity of the name; of several the one in the same module.
EntityId Reader::entity_named(EntityId from, std::string_view reference) const {
  reference.remove_prefix(std::min(reference.rfind('.') + 1, reference.size()));
  const auto found =
      by_name_.find(fmt::format("{}/{}", drafts_[from.value - first_].registry, reference));
  if (found == by_name_.end()) return {};
  for (const EntityId candidate : found->second) {
    if (schema_.entity(candidate).group == schema_.entity(from).group) return candidate;
  }
  return found->second.size() == 1 ? found->second.front() : EntityId{};
}

/// The foreign key of `from` that leads to `to`; that which `foreign_keys` names, or that is called
/// like the relation, if several do. Tables of one name in several schemas are told apart by that
/// name alone.
const Reader::Key* Reader::key_to(EntityId from, EntityId to, const Pending& pending) const {
  const Expression named = argument(pending.call, "foreign_keys");
  std::string_view wanted;
  if (named) {
    const auto elements = program::as_elements(program_, named);
    const Expression first = elements.empty() ? named : elements.front();
    wanted = program::as_string(program_, first).value_or(last_name(program_, first));
    wanted.remove_prefix(std::min(wanted.find_last_of(".[") + 1, wanted.size()));
    wanted = wanted.substr(0, wanted.find(']'));
  }
  const Key* found = nullptr;
  for (const Key& key : drafts_[from.value - first_].keys) {
    const auto by_table =
        by_table_.find(fmt::format("{}/{}", drafts_[from.value - first_].registry, key.table));
    bool leads = by_table != by_table_.end() && (schema_.is_kind_of(to, by_table->second) ||
                                                 schema_.is_kind_of(by_table->second, to));
    if (!leads && key.table.empty()) {  // ForeignKey(Book.id)
      const Instruction& target = program::instruction(program_, key.target);
      const Symbol class_ =
          target.op == Op::attribute ? program_.resolve(key.target.function, target.a) : Symbol{};
      leads = class_.kind == Symbol::Kind::class_ && schema_.of_class({class_.id}) == to;
    }
    const std::string_view column = program_.text(key.column);
    const bool is_called_alike =
        pending.name && column == fmt::format("{}_id", program_.text(pending.name));
    if (!leads && !is_called_alike) continue;
    if (column == wanted) return &key;
    if (found == nullptr || is_called_alike) found = &key;
  }
  return found;
}

Loading Reader::loading_of(const CallExpression& call) const {
  if (last_name(program_, call.callee) == "dynamic_loader") return Loading::query;
  const Expression given = argument(call, "lazy");
  if (!given) return Loading::lazy;
  const ir::Instruction& value = program::instruction(program_, given);
  const bool is_none =
      value.op == ir::Op::constant && ir::ConstantKind(value.detail) == ir::ConstantKind::none;
  if (is_none) return Loading::never;
  if (const auto is_lazy = program::as_bool(program_, given))
    return *is_lazy ? Loading::lazy : Loading::joined;
  const std::string_view text = program::as_string(program_, given).value_or("select");
  if (text == "joined") return Loading::joined;
  if (text == "selectin" || text == "subquery" || text == "immediate") return Loading::separate;
  if (text == "dynamic" || text == "write_only") return Loading::query;
  if (text == "raise" || text == "raise_on_sql" || text == "noload") return Loading::never;
  return Loading::lazy;
}

/// The column that a foreign key holds: `code` of `ForeignKey("book.code")`; null where it is not
/// seen.
const Column* Reader::referred_column(EntityId target, const Key& key) const {
  std::string_view column =
      program::as_string(program_, key.target).value_or(last_name(program_, key.target));
  column.remove_prefix(column.rfind('.') + 1);
  const Name found = name(column);
  return found ? schema_.entity(target).column(found) : nullptr;
}

/// Which side holds the key decides what a relation leads to.
void Reader::resolve_relation(EntityId id, const Pending& pending) {
  Relation relation;
  relation.name = pending.name;
  relation.lookup = pending.name;
  relation.declared = program::site(pending.value);
  relation.loading = loading_of(pending.call);
  if (pending.annotated.loading == Loading::query) relation.loading = Loading::query;
  relation.target = target_of(id, pending);
  relation.is_many_to_many = static_cast<bool>(argument(pending.call, "secondary"));
  const bool is_of_itself = relation.target == id;
  const Expression uselist = argument(pending.call, "uselist");
  const auto wants_list = uselist ? program::as_bool(program_, uselist) : std::nullopt;
  const Key* key = relation.target && is_own(relation.target) && !relation.is_many_to_many
                       ? key_to(id, relation.target, pending)
                       : nullptr;
  bool is_many = relation.is_many_to_many || key == nullptr;
  // Where no key is seen on either side, the name tells.
  const bool knows_target = relation.target && is_own(relation.target);
  const bool has_no_key = key == nullptr && !relation.is_many_to_many &&
                          (!knows_target || key_to(relation.target, id, {}) == nullptr);
  if (has_no_key) is_many = program_.text(pending.name).ends_with('s');
  if (is_of_itself) is_many = relation.is_many_to_many || !argument(pending.call, "remote_side");
  if (!pending.annotated.name.empty() && pending.annotated.is_mapped)
    is_many = pending.annotated.is_collection;
  if (wants_list) is_many = *wants_list;
  relation.cardinality = is_many ? Cardinality::to_many : Cardinality::to_one;
  if (!is_many && key != nullptr) {
    relation.holds_key = true;
    relation.key_column = key->column;
    const Column* column = entity(id).column(key->column);
    relation.is_nullable = column != nullptr && column->is_nullable;
    const Column* referred = referred_column(relation.target, *key);
    const bool knows_key =
        std::ranges::any_of(entity(relation.target).columns, &Column::is_primary);
    relation.is_by_value = knows_key && referred != nullptr && !referred->is_primary;
  }
  for (const std::string_view keyword : {"back_populates", "backref"}) {
    const auto text = program::as_string(program_, argument(pending.call, keyword));
    if (text) relation.inverse = intern(*text);
  }
  entity(id).relations.push_back(relation);
  if (const Expression reference = argument(pending.call, "backref"))
    add_back_reference(id, relation, reference);
}

/// `backref="books"` or `backref("books", lazy="dynamic")` makes the other side.
void Reader::add_back_reference(EntityId id, const Relation& relation, Expression reference) {
  if (!relation.target) return;
  Relation inverse;
  const auto call = program::as_call(program_, reference);
  auto text = program::as_string(program_, reference);
  if (call && !call->positional.empty()) {
    text = program::as_string(program_, call->positional.front());
    inverse.loading = loading_of(*call);
  }
  if (!text || entity(relation.target).relation(intern(*text)) != nullptr) return;
  inverse.name = intern(*text);
  inverse.lookup = inverse.name;
  inverse.target = id;
  inverse.inverse = relation.name;
  inverse.is_many_to_many = relation.is_many_to_many;
  inverse.declared = relation.declared;
  inverse.cardinality =
      relation.holds_key || relation.is_many_to_many ? Cardinality::to_many : Cardinality::to_one;
  if (call) {
    const Expression given = argument(*call, "uselist");
    if (given && !program::as_bool(program_, given).value_or(true))
      inverse.cardinality = Cardinality::to_one;
  }
  if (!relation.holds_key && !relation.is_many_to_many) {
    const Pending nothing;
    const Key* key = is_own(relation.target) ? key_to(relation.target, id, nothing) : nullptr;
    inverse.holds_key = key != nullptr;
    if (key != nullptr) inverse.key_column = key->column;
  }
  entity(relation.target).relations.push_back(inverse);
  for (Relation& own : entity(id).relations) {
    if (own.name == relation.name) own.inverse = inverse.name;
  }
}

/// The two sides of one key know each other, whether or not they say so: what one loads is in the
/// session when the other is read.
void Reader::link_inverses() {
  for (std::uint32_t i = first_; i < schema_.entities.size(); ++i) {
    for (Relation& relation : schema_.entities[i].relations) {
      if (relation.inverse || !relation.target || relation.is_many_to_many) continue;
      for (const Relation& other : schema_.entity(relation.target).relations) {
        const bool is_other_side = other.target == EntityId{i} && !other.inverse &&
                                   other.holds_key != relation.holds_key && !other.is_many_to_many;
        if (is_other_side && &other != &relation) relation.inverse = other.lookup;
      }
    }
  }
}

/// A child of a mapped class has what back references gave its parents.
void Reader::inherit_relations() {
  for (std::uint32_t i = first_; i < schema_.entities.size(); ++i) {
    for (const EntityId parent : schema_.entities[i].parents) {
      const std::vector<Relation> inherited = schema_.entity(parent).relations;
      for (const Relation& relation : inherited) {
        if (schema_.entities[i].relation(relation.name) == nullptr)
          schema_.entities[i].relations.push_back(relation);
      }
    }
  }
}

}  // namespace querylint::schema::sqlalchemy
