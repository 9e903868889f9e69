#include "analyzer/schema/sqlalchemy/spelling.h"

#include <algorithm>
#include <array>
#include <utility>

namespace querylint::schema::sqlalchemy {
namespace {

using ir::Instruction;
using ir::Op;
using program::Program;

constexpr int deepest = 6;  // generics in generics

/// The first part that decides wins, so the longer parts come first. In lower case, since types are
/// spelled `DateTime` and `TIMESTAMP`, `JSONB` and `Json`.
constexpr std::array<std::pair<std::string_view, ColumnType>, 35> type_by_part = {{
    {"array", ColumnType::array},       {"tsvector", ColumnType::array},
    {"vector", ColumnType::vector},     {"embedding", ColumnType::vector},
    {"json", ColumnType::json},         {"hstore", ColumnType::json},
    {"pickle", ColumnType::json},       {"binary", ColumnType::binary},
    {"blob", ColumnType::binary},       {"bytea", ColumnType::binary},
    {"bytes", ColumnType::binary},      {"unicodetext", ColumnType::long_text},
    {"text", ColumnType::long_text},    {"clob", ColumnType::long_text},
    {"string", ColumnType::text},       {"unicode", ColumnType::text},
    {"char", ColumnType::text},         {"enum", ColumnType::text},
    {"email", ColumnType::text},        {"str", ColumnType::text},
    {"interval", ColumnType::duration}, {"timedelta", ColumnType::duration},
    {"numeric", ColumnType::decimal},   {"decimal", ColumnType::decimal},
    {"float", ColumnType::real},        {"double", ColumnType::real},
    {"real", ColumnType::real},         {"bool", ColumnType::boolean},
    {"uuid", ColumnType::uuid},         {"guid", ColumnType::uuid},
    {"datetime", ColumnType::datetime}, {"timestamp", ColumnType::datetime},
    {"date", ColumnType::date},         {"time", ColumnType::time},
    {"int", ColumnType::integer},
}};

constexpr std::array<std::pair<std::string_view, Construct>, 13> constructs = {{
    {"Column", Construct::column},
    {"mapped_column", Construct::column},
    {"Field", Construct::column},
    {"deferred", Construct::deferred_column},
    {"column_property", Construct::expression},
    {"query_expression", Construct::expression},
    {"synonym", Construct::expression},
    {"composite", Construct::expression},
    {"relationship", Construct::relation},
    {"Relationship", Construct::relation},
    {"relation", Construct::relation},
    {"dynamic_loader", Construct::relation},
    {"backref", Construct::relation},
}};

constexpr std::array<std::string_view, 12> collections = {"list",
                                                          "List",
                                                          "set",
                                                          "Set",
                                                          "Sequence",
                                                          "Collection",
                                                          "dict",
                                                          "Dict",
                                                          "Iterable",
                                                          "AppenderQuery",
                                                          "WriteOnlyCollection",
                                                          "MutableSequence"};

bool is_collection(std::string_view name) {
  return std::ranges::find(collections, name) != collections.end();
}

const ir::Module& module_of(const Program& program, Expression expression) {
  return *program.unit(program.function(expression.function).unit).module;
}

/// `'list["Book"]'`, `"Optional[Book]"`: the parts of an annotation in a string.
void read_text(std::string_view text, MappedType& result) {
  for (int i = 0; i < deepest; ++i) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '"' || text.front() == '\''))
      text.remove_prefix(1);
    const std::size_t end = std::min(text.find_first_of("[]|\"', "), text.size());
    std::string_view name = text.substr(0, end);
    name.remove_prefix(std::min(name.rfind('.') + 1, name.size()));
    result.is_optional =
        result.is_optional || name == "Optional" || text.find("None") != std::string_view::npos;
    if (is_collection(name)) result.is_collection = true;
    if (end == text.size() || text[end] != '[') {
      result.name = name;
      return;
    }
    text.remove_prefix(end + 1);
  }
}

void read_annotation(const Program& program, Expression annotation, MappedType& result, int depth) {
  if (!annotation || depth > deepest) return;
  const Instruction& found = program::instruction(program, annotation);
  if (const auto text = program::as_string(program, annotation)) {
    read_text(*text, result);
    return;
  }
  const Expression left{annotation.function, found.a};
  const Expression right{annotation.function, found.b};
  if (found.op == Op::operate) {  // Book | None
    const bool is_none_left = left && program::instruction(program, left).op == Op::constant &&
                              !program::as_string(program, left);
    result.is_optional = true;
    read_annotation(program, is_none_left ? right : left, result, depth + 1);
    return;
  }
  if (found.op != Op::index) {
    result.name = last_name(program, annotation);
    result.type = annotation;
    return;
  }
  const std::string_view wrapper = last_name(program, left);
  if (wrapper.ends_with("Mapped")) result.is_mapped = true;
  if (wrapper == "DynamicMapped" || wrapper == "WriteOnlyMapped") {
    result.is_collection = true;
    result.loading = Loading::query;
  }
  if (wrapper == "Optional") result.is_optional = true;
  if (is_collection(wrapper)) result.is_collection = true;
  Expression inner = right;
  const Instruction& key = program::instruction(program, right);
  if (key.op == Op::build) {  // Annotated[int, ...], dict[str, Book]
    const auto parts = module_of(program, right).operands(key);
    if (parts.empty()) return;
    const bool is_last = wrapper == "dict" || wrapper == "Dict";
    inner = {right.function, is_last ? parts.back() : parts.front()};
  }
  read_annotation(program, inner, result, depth + 1);
}

/// What a library calls it, whatever a file does: `from sqlalchemy import Column as _Column`.
std::optional<std::string_view> external_name(const Program& program, Expression expression) {
  const program::Symbol symbol = program::resolve(program, expression);
  if (symbol.kind != program::Symbol::Kind::external) return std::nullopt;
  const std::string_view path = program.text(symbol.external);
  return path.substr(path.rfind('.') + 1);
}

}  // namespace

std::string_view last_name(const Program& program, Expression expression) {
  for (int i = 0; expression && i < deepest; ++i) {
    const Instruction& found = program::instruction(program, expression);
    const ir::Module& module = module_of(program, expression);
    switch (found.op) {
      case Op::attribute:
        return module.text({found.b});
      case Op::load:
        if (ir::Scope(found.detail) == ir::Scope::global)
          return external_name(program, expression).value_or(module.text({found.a}));
        if (ir::Scope(found.detail) == ir::Scope::local) {
          const ir::Function& code = *program.function(expression.function).code;
          return module.text(module.slot_names[code.first_slot + found.a]);
        }
        return {};
      case Op::call:
      case Op::index:
        expression.operand = found.a;
        break;
      default:
        return {};
    }
  }
  return {};
}

Expression returned(const Program& program, program::FunctionId function) {
  const auto code = program.body(function);
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    if (code[i].op == Op::return_ && code[i].a != Instruction::nowhere)
      return {function, code[i].a};
  }
  return {};
}

std::optional<Construct> construct_named(std::string_view callee) {
  for (const auto& [name, construct] : constructs) {
    if (name == callee) return construct;
  }
  return std::nullopt;
}

ColumnType column_type(std::string_view type_name) {
  std::string lower(type_name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [part, type] : type_by_part) {
    if (lower.find(part) != std::string::npos) return type;
  }
  return ColumnType::other;
}

std::string_view type_of(const Program& program, const program::CallExpression& column) {
  std::vector<Expression> candidates = column.positional;
  for (const auto& [label, value] : column.keywords) {
    const std::string_view name = program.text(label);
    if (name == "type_" || name == "sa_type") candidates.push_back(value);
  }
  for (const Expression argument : candidates) {
    std::string_view name = last_name(program, argument);
    if (name == "as_mutable") {  // MutableDict.as_mutable(JSONB)
      const auto wrapped = program::as_call(program, argument);
      if (wrapped && !wrapped->positional.empty())
        name = last_name(program, wrapped->positional.front());
    }
    const bool is_other = name.empty() || name == "ForeignKey" || name == "Sequence" ||
                          name == "Identity" || name == "Computed" || name == "CheckConstraint" ||
                          name == "FetchedValue";
    if (!is_other) return name;
  }
  return {};
}

MappedType mapped_type(const Program& program, Expression annotation) {
  MappedType result;
  read_annotation(program, annotation, result, 0);
  return result;
}

}  // namespace querylint::schema::sqlalchemy
