#include "analyzer/frameworks/sqlalchemy/sqlalchemy.h"

#include <algorithm>
#include <array>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/sqlalchemy/queries.h"
#include "analyzer/frameworks/table.h"

namespace querylint::frameworks::sqlalchemy {
namespace {

using namespace flow;
using ir::Operator;

constexpr schema::Orm own_orm = schema::Orm::sqlalchemy;

/// What sessions are usually called. A guess, and made only in programs that map classes.
constexpr std::array<std::string_view, 8> session_names = {
    "session", "_session", "db_session", "dbsession", "async_session", "sess", "Session", "_db"};

bool is_session_name(std::string_view name) {
  return std::ranges::find(session_names, name) != session_names.end();
}

bool is_of_library(std::string_view path) {
  return path.starts_with("sqlalchemy.") || path.starts_with("sqlmodel.") ||
         path.starts_with("flask_sqlalchemy.") || path.starts_with("flask_sqlalchemy_lite.");
}

std::string_view last_part(std::string_view path) {
  return path.substr(std::min(path.rfind('.') + 1, path.size()));
}

bool is_session_class(std::string_view path) {
  const std::string_view name = last_part(path);
  return is_of_library(path) &&
         (name == "Session" || name == "AsyncSession" || name == "scoped_session" ||
          name == "async_scoped_session" || name == "SignallingSession" ||
          name == "create_session" || name == "object_session" || name == "async_object_session");
}

bool is_async_class(std::string_view name) {
  return name.starts_with("Async") || name.starts_with("async_");
}

Value factory(Interpreter& interpreter, bool is_async) {
  return make_term(interpreter, is_async ? callee::async_factory : callee::factory, "", {});
}

/// `sessionmaker(engine, class_=AsyncSession)`.
bool makes_async(Interpreter& interpreter, const Arguments& arguments) {
  const Value given = arguments.keyword(interpreter.world().name("class_"));
  return given && interpreter.values().is(given, ValueKind::external) &&
         is_async_class(last_part(interpreter.world().text(interpreter.values().external(given))));
}

/// Functions that make a part of a statement out of others.
constexpr std::array<std::string_view, 30> expressions = {
    "and_",           "or_",     "not_",         "desc",        "asc",       "cast",
    "case",           "literal", "text",         "exists",      "null",      "true",
    "false",          "between", "extract",      "type_coerce", "nullslast", "nullsfirst",
    "tuple_",         "any_",    "all_",         "over",        "label",     "collate",
    "literal_column", "column",  "within_group", "bindparam",   "union",     "union_all"};

class SqlAlchemy : public Framework {
 public:
  SqlAlchemy(const program::Program& program, const schema::Schema& schema)
      : query_methods_(program.names, query_methods()),
        query_(program.names.find("query")),
        has_entities_(std::ranges::any_of(
            schema.entities, [](const schema::Entity& entity) { return entity.orm == own_orm; })) {}

  Value attribute(Interpreter& interpreter, Value object, Name name, Site site) const override {
    if (!has_entities_) return {};
    switch (interpreter.values().kind(object)) {
      case ValueKind::class_:
        return class_attribute_of(interpreter, object, name, site);
      case ValueKind::term:
        return term_attribute(interpreter, object, name, site);
      case ValueKind::container: {
        const bool is_method =
            is_result(interpreter, object) && is_result_method(interpreter.world().text(name));
        return is_method ? interpreter.values().make(Method{object, name}) : Value{};
      }
      default:
        return {};
    }
  }

  /// A collection is loaded when it is read, and kept.
  Value relation(Interpreter& interpreter, const Manager& related, Site site) const override {
    if (!is_of(interpreter, related.row, own_orm)) return {};
    World& world = interpreter.world();
    const Row row = world.values.row(related.row);
    const schema::Relation* relation =
        interpreter.schema().entity(row.entity).relation(related.relation);
    const Value query = related_query(interpreter, related, site);
    if (relation == nullptr || relation->loading == schema::Loading::query) return query;
    if (presence(world, row, *relation) == Presence::absent)
      interpreter.execution(Cause::lazy_relation, related.row, site, row.born, relation->name);
    return rows_of(interpreter, query);
  }

  Value inherited_attribute(Interpreter& interpreter, Value object, Name name,
                            Site) const override {
    if (!has_entities_) return {};
    Values& values = interpreter.values();
    const std::string_view text = interpreter.world().text(name);
    switch (values.kind(object)) {
      case ValueKind::query:
        if (is_of(interpreter, object, own_orm) && (text == "statement" || text == "selectable"))
          return object;
        return is_of(interpreter, object, own_orm) || query_methods_.find(name) != nullptr
                   ? values.make(Method{object, name})
                   : Value{};
      case ValueKind::unknown:
        if (is_session_name(text)) return session_value(interpreter);
        if (text == "c") return columns_of(interpreter, object);
        return may_be_sessions(text) ? values.make(Method{object, name}) : Value{};
      case ValueKind::instance:
        return is_session_name(text) ? session_value(interpreter) : Value{};
      default:
        return {};
    }
  }

  Value call_method(Interpreter& interpreter, Name name, Arguments& arguments,
                    Site site) const override {
    if (!has_entities_) return {};
    const Value self = arguments.self;
    const std::string_view text = interpreter.world().text(name);
    switch (interpreter.values().kind(self)) {
      case ValueKind::query: {
        if (is_of_another(interpreter, self, own_orm) && !is_untold(interpreter, self)) return {};
        const QueryMethod* method = query_methods_.find(name);
        return method != nullptr ? (*method)({interpreter, self, arguments, site}) : Value{};
      }
      case ValueKind::term:
        return call_method_of_term(interpreter, text, arguments, site);
      case ValueKind::container:
        return call_result(interpreter, self, text, site);
      case ValueKind::unknown:
        return may_be_sessions(text) ? call_session(interpreter, self, text, arguments, site)
                                     : Value{};
      default:
        return {};
    }
  }

  Value call_external(Interpreter& interpreter, Name path, Arguments& arguments,
                      Site site) const override {
    const std::string_view text = interpreter.world().text(path);
    if (!is_of_library(text)) return {};
    if (text == callee::database) return make_term(interpreter, callee::database, "", {});
    const std::string_view name = last_part(text);
    if (is_session_class(text)) return session_value(interpreter, is_async_class(name));
    if (name == "sessionmaker") return factory(interpreter, makes_async(interpreter, arguments));
    if (name == "async_sessionmaker") return factory(interpreter, true);
    return call_function(interpreter, text, name, arguments, site);
  }

  Value call_term(Interpreter& interpreter, Value term, Arguments& arguments, Site) const override {
    const std::string_view made = callee_of(interpreter, term);
    if (made == callee::factory || made == callee::session) return session_value(interpreter);
    if (made == callee::async_factory || made == callee::async_session)
      return session_value(interpreter, true);
    if (made.starts_with(callee::condition)) return condition(interpreter, "called", arguments);
    return {};
  }

  Value construct(Interpreter& interpreter, Value class_, Arguments& arguments,
                  Site site) const override {
    const ClassValue called = interpreter.values().class_(class_);
    if (called.entity) {
      return is_of(interpreter, class_, own_orm)
                 ? created_row(interpreter, called.entity, arguments, site)
                 : Value{};
    }
    if (!called.class_) return {};
    for (const Name path : interpreter.program().class_(called.class_).externals) {
      const std::string_view text = interpreter.world().text(path);
      if (text == callee::database) return make_term(interpreter, callee::database, "", {});
      if (is_session_class(text))
        return session_value(interpreter, is_async_class(last_part(text)));
    }
    return {};
  }

  Value iterate(Interpreter& interpreter, Value iterable, NestId nest, Site) const override {
    if (callee_of(interpreter, iterable) != callee::page) return {};
    const Value query = interpreter.values().term(iterable).arguments.front().second;
    return interpreter.element_of_query(query, nest);
  }

  Value index(Interpreter& interpreter, Value object, Value key, Site site) const override {
    if (is_expression(interpreter, object)) {
      Arguments operands;
      operands.positional = {object, key};
      return condition(interpreter, "[]", operands);
    }
    const bool is_query = interpreter.values().is(object, ValueKind::query);
    if (!is_query || !is_of(interpreter, object, own_orm)) return {};
    return indexed(interpreter, object, key, site);
  }

  Value operate(Interpreter& interpreter, Operator operation, Value left, Value right,
                Site) const override {
    if (!is_expression(interpreter, left) && !is_expression(interpreter, right)) return {};
    Arguments operands;
    operands.positional = {left};
    if (right) operands.positional.push_back(right);
    return condition(interpreter, operator_name(operation), operands);
  }

  Value enter(Interpreter& interpreter, Value context, bool&, Site) const override {
    return is_session(interpreter, context) ? context : Value{};
  }

  Value parameter(Interpreter& interpreter, FunctionId function,
                  std::size_t position) const override {
    if (!has_entities_) return {};
    const program::Function& info = interpreter.program().function(function);
    const auto parameters = interpreter.program().unit(info.unit).module->parameters_of(*info.code);
    const Name name = interpreter.program().name(info.unit, parameters[position].name);
    return is_session_name(interpreter.world().text(name)) ? session_value(interpreter) : Value{};
  }

  Value named(Interpreter& interpreter, Name name, Value value, Site) const override {
    const bool is_guess = has_entities_ && interpreter.values().is_unknown(value);
    return is_guess && is_session_name(interpreter.world().text(name)) ? session_value(interpreter)
                                                                       : Value{};
  }

  Value self(Interpreter& interpreter, ClassId class_) const override {
    const EntityId entity = interpreter.schema().of_class(class_);
    if (!entity || interpreter.schema().entity(entity).orm != own_orm) return {};
    const program::Program& program = interpreter.program();
    const Site site{program.class_(class_).body, 0};
    return given_row(interpreter, entity, Certainty::resolved, site);
  }

  /// `Book` is a row, `Session` a session, `Query[Book]` a query.
  Value annotated(Interpreter& interpreter, Value type,
                  std::span<const Value> arguments) const override {
    Values& values = interpreter.values();
    if (is_of(interpreter, type, own_orm) && values.is(type, ValueKind::class_))
      return given_row(interpreter, values.class_(type).entity, Certainty::annotated, {});
    if (!values.is(type, ValueKind::external)) return {};
    const std::string_view path = interpreter.world().text(values.external(type));
    const std::string_view name = last_part(path);
    if (is_session_class(path)) return session_value(interpreter, is_async_class(name));
    if (is_of_library(path) && (name == "sessionmaker" || name == "async_sessionmaker"))
      return factory(interpreter, name == "async_sessionmaker");
    const bool is_generic = !arguments.empty() && is_of(interpreter, arguments[0], own_orm) &&
                            values.is(arguments[0], ValueKind::row);
    const bool is_query = name == "Query" || name == "Select";
    if (!is_of_library(path) || !is_query || !is_generic) return {};
    return given_query(interpreter, values.row(arguments[0]).entity, Certainty::annotated, {});
  }

  void decorate(Name path, const program::Program& program, FunctionRole& role) const override {
    const std::string_view text = program.text(path);
    if (text.ends_with(".hybrid_property") || text.ends_with(".declared_attr"))
      role.is_property = true;
    if (text.ends_with(".memoized_property")) role.is_property = role.is_kept = true;
  }

 private:
  /// Methods that show by their arguments that the object is a session.
  static bool may_be_sessions(std::string_view name) {
    constexpr std::array<std::string_view, 16> telling = {"query",
                                                          "execute",
                                                          "stream",
                                                          "scalars",
                                                          "stream_scalars",
                                                          "scalar",
                                                          "get",
                                                          "get_one",
                                                          "exec",
                                                          "add",
                                                          "delete",
                                                          "merge",
                                                          "refresh",
                                                          "bulk_insert_mappings",
                                                          "bulk_update_mappings",
                                                          "get_or_404"};
    return std::ranges::find(telling, name) != telling.end();
  }

  /// A query whose entity nothing has told so far: `select(func.count())`.
  static bool is_untold(Interpreter& interpreter, Value query) {
    const Query found = interpreter.values().query(query);
    return found.entity == interpreter.schema().unknown &&
           interpreter.world().plans.has(found.last, StepKind::project);
  }

  Value class_attribute_of(Interpreter& interpreter, Value class_, Name name, Site site) const {
    if (!is_of(interpreter, class_, own_orm)) return {};
    if (const Value attribute = attribute_of(interpreter, class_, name)) return attribute;
    const ClassValue called = interpreter.values().class_(class_);
    if (interpreter.world().text(name) == "__table__") return table_of(interpreter, class_);
    if (name != query_) return {};
    const program::Member* own = interpreter.program().member(called.class_, name);
    const bool is_own = own != nullptr && own->kind == program::Member::Kind::function;
    return is_own ? Value{} : all_rows(interpreter, called.entity, {}, site);
  }

  static Value term_attribute(Interpreter& interpreter, Value term, Name name, Site) {
    const std::string_view made = callee_of(interpreter, term);
    const std::string_view text = interpreter.world().text(name);
    Values& values = interpreter.values();
    if (made == callee::database) {
      if (text == "session") return session_value(interpreter);
      const Name path = interpreter.world().names.intern("sqlalchemy." + std::string(text));
      return values.make_external(path);
    }
    if (made == callee::alias) return attribute_of(interpreter, term, name);
    if (made == callee::columns) return column_of(interpreter, term, name);
    const bool has_columns = made == callee::table || is_subquery(made);
    if (has_columns && (text == "c" || text == "columns")) return columns_of(interpreter, term);
    if (made == callee::page) {
      const Value query = values.term(term).arguments.front().second;
      return text == "items" ? rows_of(interpreter, query) : interpreter.unknown();
    }
    const bool has_methods = is_session(interpreter, term) || made == callee::factory ||
                             made == callee::async_factory || made.starts_with(callee::option) ||
                             made.starts_with(callee::write) || made == callee::table ||
                             is_expression(interpreter, term);
    return has_methods ? values.make(Method{term, name}) : Value{};
  }

  static Value call_method_of_term(Interpreter& interpreter, std::string_view name,
                                   Arguments& arguments, Site site) {
    const Value self = arguments.self;
    const std::string_view made = callee_of(interpreter, self);
    if (is_session(interpreter, self))
      return call_session(interpreter, self, name, arguments, site);
    if (made == callee::factory || made == callee::async_factory)
      return session_value(interpreter, made == callee::async_factory);
    if (made.starts_with(callee::option)) {
      const Value option = loader_option(interpreter, name, self, arguments);
      return option ? option : self;
    }
    if (made.starts_with(callee::write)) {
      interpreter.escape_all(arguments, site);
      return made.ends_with(".insert") && inserts_many(interpreter, name, arguments)
                 ? of_table(interpreter, "insert many", self)
                 : self;
    }
    if (made == callee::table) return call_table(interpreter, name, arguments);
    if (!is_expression(interpreter, self)) return {};
    if (name == "of_type" && made == callee::attribute && !arguments.positional.empty())
      return attribute_of_type(interpreter, self, arguments.positional.front());
    if (name == "label" || name == "of_type" || name == "and_") return self;
    Arguments operands;
    operands.positional = {self};
    operands.positional.insert(operands.positional.end(), arguments.positional.begin(),
                               arguments.positional.end());
    operands.keywords = arguments.keywords;
    return condition(interpreter, name, operands);
  }

  // Tables and their columns

  static bool is_subquery(std::string_view made) {
    return made.starts_with(callee::condition) && made.ends_with(".subquery");
  }

  static Value of(Interpreter& interpreter, std::string_view kind, Value value) {
    Arguments parts;
    parts.positional = {value};
    return make_term(interpreter, kind, "", parts);
  }
  static Value table_of(Interpreter& interpreter, Value class_) {
    return of(interpreter, callee::table, class_);
  }
  static Value columns_of(Interpreter& interpreter, Value table) {
    return of(interpreter, callee::columns, table);
  }

  /// `Book.__table__.c.title` is `Book.title`; of other tables a column of which only that is
  /// known.
  static Value column_of(Interpreter& interpreter, Value columns, Name name) {
    const Value table = interpreter.values().term(columns).arguments.front().second;
    if (callee_of(interpreter, table) == callee::table) {
      const Value class_ = interpreter.values().term(table).arguments.front().second;
      if (const Value attribute = attribute_of(interpreter, class_, name)) return attribute;
    }
    Arguments operands;
    operands.positional = {table};
    return condition(interpreter, "column", operands);
  }

  /// Another kind of write to the same table.
  static Value of_table(Interpreter& interpreter, std::string_view kind, Value write) {
    Arguments parts;
    for (const auto& [label, part] : interpreter.values().term(write).arguments)
      parts.positional.push_back(part);
    return make_term(interpreter, callee::write, kind, parts);
  }

  /// `insert(Book).values(rows)`, `insert(Book).from_select(...)`.
  static bool inserts_many(Interpreter& interpreter, std::string_view name,
                           const Arguments& arguments) {
    if (name == "from_select") return true;
    if (name != "values" || arguments.positional.empty()) return false;
    const Value given = arguments.positional.front();
    return !interpreter.values().is(given, ValueKind::container) ||
           interpreter.values().container(given).kind != ContainerKind::dict;
  }

  /// `table.insert().values(...)`; of what else tables do, only their parts matter.
  static Value call_table(Interpreter& interpreter, std::string_view name,
                          const Arguments& arguments) {
    Arguments parts;
    parts.positional = {arguments.self};
    for (const auto& [label, part] : arguments.all()) {
      if (!label) parts.positional.push_back(part);
    }
    if (name == "insert" || name == "update" || name == "delete")
      return make_term(interpreter, callee::write, name, parts);
    return interpreter.unknown();
  }

  Value call_function(Interpreter& interpreter, std::string_view path, std::string_view name,
                      Arguments& arguments, Site site) const {
    if (name == "select" || name == "Select") return query_of(interpreter, arguments, site);
    if (name == "aliased" || name == "with_polymorphic") {
      const bool is_class =
          !arguments.positional.empty() && entity_behind(interpreter, arguments.positional.front());
      Arguments of;
      if (is_class) of.positional = arguments.positional;
      return is_class ? make_term(interpreter, callee::alias, "", of) : Value{};
    }
    if (name == "Table" && !arguments.positional.empty()) {
      Arguments of;
      of.positional = {arguments.positional.front()};
      return make_term(interpreter, callee::table, "", of);
    }
    if (name == "insert" || name == "update" || name == "delete")
      return make_term(interpreter, callee::write, name, arguments);
    if (path.find(".func.") != std::string_view::npos)
      return make_term(interpreter, callee::function, name, arguments);
    if (const Value option = loader_option(interpreter, name, {}, arguments)) return option;
    if (std::ranges::find(expressions, name) == expressions.end()) return {};
    std::string_view kind = name;
    if (kind.ends_with('_')) kind.remove_suffix(1);
    return condition(interpreter, kind, arguments);
  }

  Table<QueryMethod> query_methods_;
  Name query_;
  bool has_entities_;
};

}  // namespace

std::unique_ptr<Framework> make_sqlalchemy(const program::Program& program,
                                           const schema::Schema& schema) {
  return std::make_unique<SqlAlchemy>(program, schema);
}

}  // namespace querylint::frameworks::sqlalchemy
