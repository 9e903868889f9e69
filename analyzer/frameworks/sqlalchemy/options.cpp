// Loader options: what is loaded with the rows, and which columns.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "analyzer/frameworks/sqlalchemy/queries.h"

namespace querylint::frameworks::sqlalchemy {

using namespace flow;

namespace {

enum class Loader : std::uint8_t {
  join,
  joined,  ///< by the query, which chooses the rows
  separate,
  forbid,
  way,
  columns,
  without,
  with,
  several,  ///< further options behind the one before
  nothing,
};

constexpr std::array<std::pair<std::string_view, Loader>, 18> loaders = {{
    {"joinedload", Loader::join},
    {"eagerload", Loader::join},
    {"contains_eager", Loader::joined},
    {"joinedload_all", Loader::join},
    {"selectinload", Loader::separate},
    {"subqueryload", Loader::separate},
    {"subqueryload_all", Loader::separate},
    {"immediateload", Loader::separate},
    {"defaultload", Loader::way},
    {"raiseload", Loader::forbid},
    {"noload", Loader::forbid},
    {"lazyload", Loader::way},
    {"load_only", Loader::columns},
    {"defer", Loader::without},
    {"undefer", Loader::with},
    {"undefer_group", Loader::with},
    {"options", Loader::several},
    {"Load", Loader::nothing},
}};

std::optional<Loader> loader_named(std::string_view name) {
  for (const auto& [known, loader] : loaders) {
    if (known == name) return loader;
  }
  return std::nullopt;
}

std::string_view loader_of(Interpreter& interpreter, Value option) {
  const std::string_view made = callee_of(interpreter, option);
  return made.starts_with(callee::option) ? made.substr(callee::option.size()) : std::string_view();
}

bool leads_to_relations(Loader loader) {
  return loader == Loader::join || loader == Loader::joined || loader == Loader::separate ||
         loader == Loader::forbid || loader == Loader::way;
}

/// `joinedload("books.reviews")`, of old; `joinedload(Author.books, Book.reviews)`.
PathId extended(Interpreter& interpreter, PathId path, Value attribute) {
  World& world = interpreter.world();
  if (const Name name = attribute_name(interpreter, attribute))
    return world.plans.extend(path, name);
  const Name text = string_of(world, attribute);
  std::string rest(text ? world.text(text) : std::string_view());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('.'), rest.size());
    path = world.plans.extend(path, world.names.intern(rest.substr(0, end)));
    rest.erase(0, std::min(end + 1, rest.size()));
  }
  return path;
}

bool is_wildcard(Interpreter& interpreter, Value attribute) {
  const Name text = string_of(interpreter.world(), attribute);
  return text && interpreter.world().text(text) == "*";
}

/// The way that a chain of options goes, from the query's rows.
PathId path_of(Interpreter& interpreter, Value option) {
  PathId path;
  const auto loader = loader_named(loader_of(interpreter, option));
  if (!loader) return path;
  const Attributes arguments = interpreter.values().term(option).arguments;
  path = path_of(interpreter, arguments.front().second);
  if (!leads_to_relations(*loader)) return path;
  for (const auto& [label, attribute] : arguments.subspan(1))
    path = extended(interpreter, path, attribute);
  return path;
}

Value with_step(const QueryCall& call, Value query, const Step& step) {
  return refined({call.interpreter, query, call.arguments, call.site}, step);
}

Value with_step(const QueryCall& call, Value query, StepKind kind) {
  Step step;
  step.kind = kind;
  return with_step(call, query, step);
}

Value with_columns(const QueryCall& call, Value query, Value option, StepKind kind) {
  const Attributes arguments = call.interpreter.values().term(option).arguments;
  std::vector<std::pair<Name, Value>> columns;
  for (const auto& [label, attribute] : arguments.subspan(1)) {
    if (label) continue;
    const Name name = attribute_name(call.interpreter, attribute);
    const bool is_text = static_cast<bool>(string_of(call.world(), attribute));
    if (!name && !is_text) return with_step(call, query, StepKind::other);
    columns.emplace_back(
        Name{}, name ? call.interpreter.values().make(Constant{ir::ConstantKind::string, name})
                     : attribute);
  }
  Step step;
  step.kind = kind;
  step.path = path_of(call.interpreter, arguments.front().second);
  step.arguments = columns;
  return with_step(call, query, step);
}

/// `undefer(Book.text)`; `undefer("*")` and a group, whose members are not known, are all of them.
Value with_undeferred(const QueryCall& call, Value query, Value option) {
  const Attributes arguments = call.interpreter.values().term(option).arguments;
  const bool names_columns = std::ranges::all_of(arguments.subspan(1), [&](const auto& argument) {
    return static_cast<bool>(attribute_name(call.interpreter, argument.second));
  });
  return names_columns ? with_columns(call, query, option, StepKind::undefer)
                       : with_step(call, query, StepKind::undefer);
}

Value with_relation(const QueryCall& call, Value query, Value option, Loader loader) {
  const Attributes arguments = call.interpreter.values().term(option).arguments;
  Step step;
  const bool joins = loader == Loader::join || loader == Loader::joined;
  step.kind = joins ? StepKind::load_join : StepKind::load_separate;
  for (const auto& [label, attribute] : arguments.subspan(1)) {
    if (label) continue;
    const bool is_known =
        attribute_name(call.interpreter, attribute) || string_of(call.world(), attribute);
    if (is_wildcard(call.interpreter, attribute))
      step.kind = loader == Loader::forbid ? StepKind::forbid_lazy : StepKind::load_anything;
    if (!is_known) step.kind = StepKind::load_anything;
  }
  if (step.kind == StepKind::load_join || step.kind == StepKind::load_separate)
    step.path = path_of(call.interpreter, option);
  const std::pair<Name, Value> is_own{
      Name{}, call.interpreter.values().make(Constant{ir::ConstantKind::true_, {}})};
  if (step.kind == StepKind::load_join && loader == Loader::joined) step.arguments = {&is_own, 1};
  return with_step(call, query, step);
}

/// A chain of options that goes on behind another one.
Value behind(Interpreter& interpreter, Value before, Value option) {
  const std::string_view loader = loader_of(interpreter, option);
  if (loader.empty()) return option;
  Arguments parts;
  for (const auto& [label, part] : interpreter.values().term(option).arguments)
    parts.positional.push_back(part);
  const bool is_first = loader_of(interpreter, parts.positional.front()).empty();
  parts.positional.front() =
      is_first ? before : behind(interpreter, before, parts.positional.front());
  return make_term(interpreter, callee::option, loader, parts);
}

/// `selectinload(Author.books).options(joinedload(Book.genre), ...)`.
Value with_several(const QueryCall& call, Value query, Value option) {
  const Attributes arguments = call.interpreter.values().term(option).arguments;
  for (const auto& [label, further] : arguments.subspan(1)) {
    query = with_option(call, query, behind(call.interpreter, arguments.front().second, further));
  }
  return query;
}

}  // namespace

Value loader_option(Interpreter& interpreter, std::string_view name, Value before,
                    const Arguments& arguments) {
  const auto loader = loader_named(name);
  if (!loader || (*loader == Loader::several && !before)) return {};
  Arguments parts;
  parts.positional = {before ? before : interpreter.unknown()};
  parts.positional.insert(parts.positional.end(), arguments.positional.begin(),
                          arguments.positional.end());
  return make_term(interpreter, callee::option, name, parts);
}

Value with_option(const QueryCall& call, Value query, Value option) {
  World& world = call.world();
  if (world.values.is(option, ValueKind::container)) {  // `*options`, kept in a list
    for (const Value item : world.values.container(option).items)
      query = with_option(call, query, item);
    return query;
  }
  const auto loader = loader_named(loader_of(call.interpreter, option));
  if (!loader) {
    return with_step(call, query, StepKind::load_anything);  // nobody knows what it loads
  }
  const Value before = world.values.term(option).arguments.front().second;
  if (!loader_of(call.interpreter, before).empty()) query = with_option(call, query, before);
  switch (*loader) {
    case Loader::join:
    case Loader::joined:
    case Loader::separate:
    case Loader::forbid:
      return with_relation(call, query, option, *loader);
    case Loader::columns:
      return with_columns(call, query, option, StepKind::only);
    case Loader::without:
      return with_columns(call, query, option, StepKind::defer);
    case Loader::with:
      return with_undeferred(call, query, option);
    case Loader::several:
      return with_several(call, query, option);
    case Loader::way:
    case Loader::nothing:
      return query;
  }
  return query;
}

}  // namespace querylint::frameworks::sqlalchemy
