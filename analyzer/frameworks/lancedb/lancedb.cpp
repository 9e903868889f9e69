#include "analyzer/frameworks/lancedb/lancedb.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "analyzer/frameworks/pandas/tables.h"
#include "analyzer/frameworks/roots.h"

namespace querylint::frameworks::lancedb {
namespace {

using namespace flow;

constexpr std::string_view connection = "lancedb.Connection";
constexpr std::string_view table = "lancedb.Table";

/// A search without a limit gives few rows, so that a limit with as many digits means all of them.
constexpr std::size_t digits_of_all = 4;

enum class Ending : std::uint8_t { frame, list, elsewhere };

constexpr auto endings = std::to_array<std::pair<std::string_view, Ending>>({
    {"to_pandas", Ending::frame},
    {"to_df", Ending::frame},
    {"to_list", Ending::list},
    {"to_pydantic", Ending::list},
    {"to_arrow", Ending::elsewhere},
    {"to_polars", Ending::elsewhere},
    {"to_batches", Ending::elsewhere},
});

constexpr auto steps = std::to_array<std::pair<std::string_view, StepKind>>({
    {"where", StepKind::filter},
    {"limit", StepKind::slice},
    {"offset", StepKind::slice},
    {"order_by", StepKind::order},
    {"select", StepKind::other},
    {"metric", StepKind::other},
    {"distance_type", StepKind::other},
    {"nprobes", StepKind::other},
    {"refine_factor", StepKind::other},
    {"rerank", StepKind::other},
    {"with_row_id", StepKind::other},
});

template <typename Entries>
auto find(const Entries& entries, std::string_view name) {
  const auto found =
      std::ranges::find(entries, name, [](const auto& entry) { return entry.first; });
  return found == entries.end() ? nullptr : &found->second;
}

bool is_made_by(Interpreter& interpreter, Value value, std::string_view callee) {
  return interpreter.values().is(value, ValueKind::term) &&
         interpreter.world().text(interpreter.values().term(value).callee) == callee;
}

bool is_query(Interpreter& interpreter, Value value) {
  return interpreter.values().is(value, ValueKind::query) &&
         is_of(interpreter, value, schema::Orm::lancedb);
}

Value made(Interpreter& interpreter, std::string_view callee) {
  return interpreter.values().make(Term{interpreter.world().names.intern(callee), {}});
}

Value everything(Interpreter& interpreter, Site site) {
  return all_rows(interpreter, interpreter.schema().store, {}, site);
}

using Given = std::vector<std::pair<Name, Value>>;

Value refined(Interpreter& interpreter, Value query, StepKind kind, const Given& given, Site site) {
  Step step;
  step.kind = kind;
  step.site = site;
  step.arguments = given;
  Query longer = interpreter.values().query(query);
  step.previous = longer.last;
  longer.last = interpreter.world().plans.add(step);
  longer.born = interpreter.nest();
  return interpreter.values().make(longer);
}

/// `limit(100000)`, `limit(None)`.
bool is_no_limit(Interpreter& interpreter, const Arguments& arguments) {
  const Value given = arguments.at(0, interpreter.world().name("limit"));
  if (!given || is_none(interpreter.world(), given)) return true;
  if (!is_constant(interpreter.world(), given, ir::ConstantKind::number)) return false;
  const Name digits = interpreter.values().constant(given).text;
  return interpreter.world().text(digits).size() >= digits_of_all;
}

Value ended(Interpreter& interpreter, Value query, Ending ending, Site site) {
  if (ending == Ending::frame) return pandas::table_of(interpreter, query, {}, site);
  const Container rows = interpreter.collect(query, ContainerKind::list, site);
  if (ending == Ending::elsewhere) interpreter.escape(query, site);
  return ending == Ending::list ? interpreter.values().make(rows) : interpreter.unknown();
}

class LanceDb : public Framework {
 public:
  explicit LanceDb(const program::Program& program)
      : connects_{program.names.find("lancedb.connect"),
                  program.names.find("lancedb.connect_async")} {}

  Value attribute(Interpreter& interpreter, Value object, Name name, Site) const override {
    const bool has_methods =
        is_made_by(interpreter, object, connection) || is_made_by(interpreter, object, table);
    return has_methods ? interpreter.values().make(Method{object, name}) : Value{};
  }

  Value inherited_attribute(Interpreter& interpreter, Value object, Name name,
                            Site) const override {
    return is_query(interpreter, object) ? interpreter.values().make(Method{object, name})
                                         : Value{};
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments&, Site) const override {
    const bool connects = path && std::ranges::find(connects_, path) != connects_.end();
    return connects ? made(interpreter, connection) : Value{};
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    const std::string_view text = interpreter.world().text(name);
    if (is_made_by(interpreter, arguments.self, connection)) {
      const bool gives_table = text == "open_table" || text == "create_table";
      return gives_table ? made(interpreter, table) : interpreter.unknown();
    }
    if (is_made_by(interpreter, arguments.self, table))
      return call_table(interpreter, text, arguments, site);
    return is_query(interpreter, arguments.self) ? call_query(interpreter, text, arguments, site)
                                                 : Value{};
  }

 private:
  static Value call_table(Interpreter& interpreter, std::string_view name, Arguments& arguments,
                          Site site) {
    const Value all = everything(interpreter, site);
    if (name == "search" || name == "query") {
      const bool is_nearest = arguments.size() > 0;  // to a vector, or to a text
      if (!is_nearest) return all;
      Given bounds = {{}, {}};  // not told; but what is near to other things are other rows
      std::ranges::copy(arguments.all(), std::back_inserter(bounds));
      return refined(interpreter, all, StepKind::slice, bounds, site);
    }
    if (const Ending* ending = find(endings, name)) return ended(interpreter, all, *ending, site);
    if (name == "count_rows") return run(interpreter, all, Cause::counted, site);
    if (name == "delete") return run(interpreter, all, Cause::bulk_deleted, site);
    if (name == "update") return run(interpreter, all, Cause::bulk_written, site);
    if (name != "add") return {};
    interpreter.escape_all(arguments, site);
    const Value rows = arguments.at(0, interpreter.world().name("data"));
    if (!is_single(interpreter, rows)) return run(interpreter, all, Cause::bulk_written, site);
    const Value row = created_row(interpreter, interpreter.schema().store, {}, site);
    interpreter.execution(Cause::created, row, site, interpreter.nest());
    return interpreter.unknown();
  }

  /// `[row]`
  static bool is_single(Interpreter& interpreter, Value rows) {
    if (!rows || !interpreter.values().is(rows, ValueKind::container)) return false;
    const Container list = interpreter.values().container(rows);
    return list.kind == ContainerKind::list && list.items.size() == 1 && !list.element;
  }

  static Value run(Interpreter& interpreter, Value query, Cause cause, Site site) {
    interpreter.execution(cause, query, site, interpreter.nest());
    return cause == Cause::counted ? interpreter.measured(interpreter.world().counted, query)
                                   : interpreter.unknown();
  }

  static Value call_query(Interpreter& interpreter, std::string_view name, Arguments& arguments,
                          Site site) {
    const Value query = arguments.self;
    if (const Ending* ending = find(endings, name)) return ended(interpreter, query, *ending, site);
    const StepKind* step = find(steps, name);
    if (step == nullptr || (name == "limit" && is_no_limit(interpreter, arguments))) return query;
    const Name number = interpreter.world().name(name);
    if (name == "limit")
      return refined(interpreter, query, *step, {{}, {{}, arguments.at(0, number)}}, site);
    if (name == "offset")
      return refined(interpreter, query, *step, {{{}, arguments.at(0, number)}, {}}, site);
    return refined(interpreter, query, *step, arguments.all(), site);
  }

  std::array<Name, 2> connects_;
};

}  // namespace

std::unique_ptr<Framework> make_lancedb(const program::Program& program) {
  return std::make_unique<LanceDb>(program);
}

}  // namespace querylint::frameworks::lancedb
