// What a loop runs over: rows, batches, or a few things that a project has written down.
#include <algorithm>
#include <cctype>

#include "rules/engine/evidence.h"

namespace querylint::rules {

using flow::Container;
using flow::Loop;
using flow::Step;
using flow::StepKind;
using flow::ValueKind;
using ir::Instruction;
using ir::Op;

namespace {

constexpr int small_slice = 10;  // rows: `[:5]` is not worth a finding

/// The number of rows that a slice leaves at most; nothing when that is not written down.
std::optional<int> slice_length(const flow::World& world, const Step& step) {
  std::vector<int> bounds;
  for (const auto& [label, bound] : step.arguments) {
    int number = 0;
    if (bound) {
      if (!flow::is_constant(world, bound, ir::ConstantKind::number)) return std::nullopt;
      for (const char c : world.text(world.values.constant(bound).text)) {
        if (std::isdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
        number = std::min(10 * number + (c - '0'), 1'000'000);
      }
    } else if (bounds.size() == 1) {
      return std::nullopt;
    }
    bounds.push_back(number);
  }
  if (bounds.size() < 2) return std::nullopt;
  return bounds[1] - bounds[0];
}

bool is_short(const flow::World& world, Value query) {
  bool found = false;
  world.plans.each(world.values.query(query).last, [&](const Step& step, bool is_certain) {
    if (step.kind != StepKind::slice || !is_certain) return true;
    const auto length = slice_length(world, step);
    found = length && *length <= small_slice;
    return !found;
  });
  return found;
}

/// Whether conditions count that only some runs have.
enum class Sure : std::uint8_t { yes, no };

/// Whether a condition of the query compares a column of its rows with one value, and `fits` says
/// so of the column's name.
template <typename Fits>
bool is_compared(const flow::World& world, Value query, Sure sure, Fits fits) {
  bool found = false;
  world.plans.each(world.values.query(query).last, [&](const Step& step, bool is_certain) {
    if (step.kind != StepKind::filter || (sure == Sure::yes && !is_certain)) return true;
    for (const auto& [label, value] : step.arguments) {
      std::string_view lookup = label ? world.text(label) : std::string_view();
      for (const std::string_view exactly : {"__iexact", "__exact"}) {
        if (lookup.ends_with(exactly)) lookup.remove_suffix(exactly.size());
      }
      found = found || (!lookup.empty() && fits(lookup));
    }
    return !found;
  });
  return found;
}

/// Names of columns that tell rows apart, if not by a constraint.
bool tells_apart(std::string_view column) {
  for (const std::string_view name :
       {"username", "email", "slug", "uuid", "guid", "token", "hash", "identifier", "checksum",
        "fingerprint", "key", "url", "link"}) {
    if (column == name ||
        (column.ends_with(name) && column[column.size() - name.size() - 1] == '_'))
      return true;
  }
  return false;
}

bool is_upper_case(std::string_view name) {
  return name.size() > 1 &&
         std::ranges::none_of(name, [](unsigned char c) { return std::islower(c); }) &&
         std::ranges::any_of(name, [](unsigned char c) { return std::isupper(c); });
}

/// Names of things that a project has a few of.
bool is_few(std::string_view name) {
  return is_upper_case(name) || name == "choices" || name == "labels" || name == "fields" ||
         name == "base_fields" || name == "_meta" || name == "formsets" || name == "settings" ||
         name == "__subclasses__" || name == "DATABASES" || name == "get_fields" ||
         name == "concrete_fields" || name == "_fields" || name == "get_models";
}

/// What an enumeration says of its members, where it is not called.
bool lists_members(std::string_view name) { return name == "values" || name == "names"; }

/// `enumerate(x)` has as many elements as `x`.
bool passes_through(std::string_view name) {
  return name == "enumerate" || name == "sorted" || name == "reversed" || name == "list" ||
         name == "set" || name == "tuple";
}

/// Names of functions that cut something into batches.
bool makes_batches(std::string_view name) {
  for (const std::string_view part :
       {"batch", "chunk", "paginat", "slices", "grouper", "pages", "page_range"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

/// Whether the query asks for rows with one value in a column: by a condition, or since it starts
/// at the row that the column is the key of.
bool fixes(const Evidence& evidence, Value value, base::Name column, Sure sure) {
  const schema::Entity& rows = evidence.entity(evidence.query(value).entity);
  const schema::Relation* way = evidence.relation_from_owner(value);
  const schema::Relation* back = way != nullptr ? rows.relation_by_lookup(way->inverse) : nullptr;
  if (back != nullptr && back->key_column == column) return true;
  return is_compared(evidence.world(), value, sure, [&](std::string_view lookup) {
    const base::Name name = evidence.world().name(lookup);
    const schema::Relation* relation = name ? rows.relation_by_lookup(name) : nullptr;
    return name == column || (relation != nullptr && relation->key_column == column);
  });
}

/// Whether columns that are unique together have one value each, or one of a few choices. Where not
/// all conditions are sure, one of them is.
bool is_by_unique_index(const Evidence& evidence, Value value, Sure sure) {
  if (!evidence.query(value).entity) return false;
  const schema::Entity& rows = evidence.entity(evidence.query(value).entity);
  return std::ranges::any_of(rows.indexes, [&](const schema::Index& index) {
    if (!index.is_unique || index.is_partial || index.columns.size() < 2) return false;
    const auto is_surely_fixed = [&](base::Name name) {
      return fixes(evidence, value, name, Sure::yes);
    };
    return std::ranges::any_of(index.columns, is_surely_fixed) &&
           std::ranges::all_of(index.columns, [&](base::Name name) {
             const schema::Column* column = rows.column(name);
             return (column != nullptr && column->has_choices) ||
                    fixes(evidence, value, name, sure);
           });
  });
}

bool is_by_unique_column(const Evidence& evidence, Value value) {
  if (!evidence.query(value).entity) return false;
  const schema::Entity& rows = evidence.entity(evidence.query(value).entity);
  return is_compared(evidence.world(), value, Sure::yes, [&](std::string_view lookup) {
    base::Name name = evidence.world().name(lookup);
    const schema::Relation* relation = name ? rows.relation_by_lookup(name) : nullptr;
    if (relation != nullptr && relation->holds_key) name = relation->key_column;
    const schema::Column* column = name ? rows.column(name) : nullptr;
    return lookup == "pk" || (column != nullptr && (column->is_primary || column->is_unique));
  });
}

/// Whether a condition asks for rows that belong to an object that was made here: there can hardly
/// be any.
bool is_of_new_object(const Evidence& evidence, Value value) {
  bool found = false;
  evidence.world().plans.each(evidence.query(value).last, [&](const Step& step, bool) {
    if (step.kind != StepKind::filter) return true;
    found = std::ranges::any_of(step.arguments, [&](const auto& argument) {
      if (!argument.second || !evidence.is_row(argument.second)) return false;
      return evidence.is_of_made(evidence.row(argument.second).query);
    });
    return !found;
  });
  return found;
}

}  // namespace

Driver Evidence::driver_of(NestId nest) const {
  const Loop& loop = world_.chains.loop(nest);
  if (loop.kind == ir::LoopKind::while_) return Driver::batches;
  const Value driver = loop.driver;
  // Rows are as many as there are, whatever the query is called.
  if (!is_query(driver) && is_bounded_expression(loop.site)) return Driver::bounded;
  switch (world_.values.kind(driver)) {
    case ValueKind::container:
      if (!world_.values.container(driver).element) return Driver::bounded;
      [[fallthrough]];
    case ValueKind::query: {
      const Value query = query_of_loop(nest);
      const bool is_guess =
          query && is_query(query) && this->query(query).certainty == flow::Certainty::guessed;
      // Objects that were made here are as many as somebody put together.
      if (!query || is_of_made(query) || is_guess) return Driver::collection;
      return is_short(world_, query) || is_limited(query) ? Driver::bounded : Driver::rows;
    }
    case ValueKind::class_:
    case ValueKind::constant:
      return Driver::bounded;
    case ValueKind::term: {
      const flow::Term term = world_.values.term(driver);
      const std::string_view callee = text(term.callee);
      if (callee == "builtins.range") {
        if (term.arguments.size() == 3) return Driver::batches;
        const bool literal = std::ranges::all_of(term.arguments, [&](const auto& argument) {
          return flow::is_constant(world_, argument.second, ir::ConstantKind::number);
        });
        return literal ? Driver::bounded : Driver::collection;
      }
      if (callee.ends_with("Paginator")) return Driver::batches;
      return callee.ends_with("Page") ? Driver::rows : Driver::collection;
    }
    default:
      return Driver::collection;
  }
}

/// A condition on a unique column, or conditions on columns that are unique together, leave one row
/// at most; without those on columns with a few choices, one for each.
bool Evidence::is_limited(Value value) const {
  return is_query(value) &&
         (is_by_unique_column(*this, value) || is_by_unique_index(*this, value, Sure::yes));
}

bool Evidence::is_distinct_in(Value value, base::Name column) const {
  if (!is_query(value) || !query(value).entity) return false;
  return std::ranges::any_of(entity(query(value).entity).indexes, [&](const schema::Index& index) {
    if (!index.is_unique || index.is_partial) return false;
    return std::ranges::find(index.columns, column) != index.columns.end() &&
           std::ranges::all_of(index.columns, [&](base::Name other) {
             return other == column || fixes(*this, value, other, Sure::yes);
           });
  });
}

bool Evidence::is_fixed(Value value, base::Name column) const {
  return is_query(value) && query(value).entity && fixes(*this, value, column, Sure::yes);
}

bool Evidence::is_few_rows(Value value) const {
  return is_query(value) &&
         (is_compared(world_, value, Sure::yes, tells_apart) ||
          is_by_unique_index(*this, value, Sure::no) || is_of_new_object(*this, value));
}

/// `{book.author for book in books}`: how many they are the books do not tell.
bool Evidence::is_set_of_parents(NestId nest) const {
  const Value driver = world_.chains.loop(nest).driver;
  if (!world_.values.is(driver, ValueKind::container)) return false;
  const Container container = world_.values.container(driver);
  return container.kind == flow::ContainerKind::set && container.element &&
         is_row(container.element) && row(container.element).path;
}

Value Evidence::query_of_loop(NestId nest) const {
  const Value driver = world_.chains.loop(nest).driver;
  if (!driver) return {};
  if (is_query(driver)) return driver;
  if (!world_.values.is(driver, ValueKind::container)) return {};
  const Container container = world_.values.container(driver);
  if (container.source) return container.source;
  Value element = container.element;
  if (element && world_.values.is(element, ValueKind::container)) {  // enumerate, zip, items
    for (const Value item : world_.values.container(element).items) {
      if (item && is_row(item)) element = item;
    }
  }
  if (element && is_row(element)) return row(element).query;
  return {};
}

/// What is written where the loop's iterable stands: settings, choices and fields are few, and so
/// are the batches that something is cut into.
bool Evidence::is_bounded_expression(Site site) const {
  const Instruction& loop = world_.program.at(site);
  if (loop.op != Op::loop || loop.a == Instruction::nowhere) return false;
  const flow::FunctionId function = site.function;
  const auto code = world_.program.body(function);
  const flow::UnitId unit = world_.program.unit_of(site);
  std::uint32_t at = loop.a;
  bool is_callee = false;
  for (int hops = 0; hops < 8; ++hops) {
    const Instruction& instruction = code[at];
    switch (instruction.op) {
      case Op::attribute: {
        const std::string_view name = text(world_.program.name(unit, {instruction.b}));
        if (is_few(name) || makes_batches(name)) return true;
        if (!is_callee && lists_members(name)) return true;
        at = instruction.a;
        is_callee = false;
        continue;
      }
      case Op::call: {
        at = instruction.a;
        is_callee = true;
        if (code[at].op != Op::load || instruction.count == 0) continue;
        if (static_cast<ir::Scope>(code[at].detail) != ir::Scope::global) continue;
        const std::string_view name = text(world_.program.name(unit, {code[at].a}));
        if (makes_batches(name)) return true;
        if (passes_through(name)) {
          at = world_.program.unit(unit).module->operands(instruction)[0];
          is_callee = false;
        }
        continue;
      }
      case Op::load: {
        if (static_cast<ir::Scope>(instruction.detail) != ir::Scope::global) return false;
        const std::string_view name = text(world_.program.name(unit, {instruction.a}));
        return is_few(name) || makes_batches(name);
      }
      default:
        return false;
    }
  }
  return false;
}

}  // namespace querylint::rules
