#include "analyzer/frameworks/django/functions.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "analyzer/flow/loading.h"
#include "analyzer/frameworks/django/models.h"
#include "analyzer/frameworks/django/querysets.h"

namespace querylint::frameworks::django {

using namespace flow;

namespace {

constexpr std::string_view paginator_class = "django.core.paginator.Paginator";
constexpr std::string_view page_class = "django.core.paginator.Page";

Value first_argument(const FunctionCall& call) {
  const Value value = call.arguments.at(0);
  return value ? value : call.interpreter.unknown();
}

/// The arguments behind the first as those of a filter.
Value filtered(const FunctionCall& call, Value query) {
  Arguments conditions = call.arguments;
  if (!conditions.positional.empty()) conditions.positional.erase(conditions.positional.begin());
  const auto all = conditions.all();
  Step step;
  step.kind = StepKind::filter;
  step.arguments = all;
  return refined({call.interpreter, query, call.arguments, call.site}, step);
}

Value get_object_or_404(const FunctionCall& call) {
  const Value query = query_from(call.interpreter, call.managers, first_argument(call), call.site);
  if (!query) return call.interpreter.unknown();
  const Value narrowed = filtered(call, query);
  call.interpreter.execution(Cause::fetched, narrowed, call.site, call.interpreter.nest(), {},
                             packed(call.interpreter, call.arguments));
  return call.interpreter.element_of_query(narrowed, call.interpreter.nest());
}

Value get_list_or_404(const FunctionCall& call) {
  const Value query = query_from(call.interpreter, call.managers, first_argument(call), call.site);
  if (!query) return call.interpreter.unknown();
  const Value narrowed = filtered(call, query);
  return call.interpreter.values().make(
      call.interpreter.collect(narrowed, ContainerKind::list, call.site));
}

/// Loads relations onto rows that are there already. A query loads its rows for it, and keeps them.
Value prefetch_related_objects(const FunctionCall& call) {
  Interpreter& interpreter = call.interpreter;
  World& world = interpreter.world();
  if (call.arguments.positional.empty()) return interpreter.unknown();
  const std::span<const Value> lookups = std::span(call.arguments.positional).subspan(1);
  const auto loading = [&](Value query) -> Value {
    if (!world.values.is(query, ValueKind::query)) return query;
    return with_prefetches({interpreter, query, call.arguments, call.site}, query, lookups);
  };
  const auto loaded = [&](Value value) -> Value {
    if (!world.values.is(value, ValueKind::row)) return value;
    Row row = world.values.row(value);
    if (row.path) {  // the query is that of the row it was reached from
      interpreter.escape(value, call.site);
      const Value own = given_row(interpreter, row.entity, row.certainty, call.site);
      row.query = world.values.row(own).query;
      row.path = {};
    }
    row.query = loading(row.query);
    return world.values.make(row);
  };
  Value& rows = call.arguments.positional[0];
  const bool is_query = world.values.is(rows, ValueKind::query);
  const bool is_there = is_query && interpreter.has_rows(rows);
  if (is_query) rows = loading(rows);
  if (is_there) return interpreter.unknown();
  const Container given = interpreter.collect(rows, ContainerKind::list, call.site);
  if (is_query || !world.values.is(rows, ValueKind::container)) return interpreter.unknown();
  Container result = given;
  std::vector<Value> items;
  for (const Value item : given.items) items.push_back(loaded(item));
  result.items = items;
  if (given.element) result.element = loaded(given.element);
  result.source = loading(given.source);
  rows = world.values.make(result);
  return interpreter.unknown();
}

Value get_user_model(const FunctionCall& call) {
  return model_value(call.interpreter, call.interpreter.schema().user);
}

/// `apps.get_model("app", "Model")` and `("app.Model")`.
Value get_model(const FunctionCall& call) {
  World& world = call.interpreter.world();
  const Value first = call.arguments.at(0, world.name("app_label"));
  const Value second = call.arguments.at(1, world.name("model_name"));
  std::string_view label = first ? world.text(string_of(world, first)) : std::string_view();
  std::string_view model = second ? world.text(string_of(world, second)) : std::string_view();
  if (model.empty()) {
    const std::size_t dot = label.rfind('.');
    if (dot == std::string_view::npos) return call.interpreter.unknown();
    model = label.substr(dot + 1);
    label = label.substr(0, dot);
  }
  return model_value(call.interpreter,
                     call.interpreter.schema().named(world.name(label), world.name(model)));
}

Value keep(const FunctionCall& call) {
  const auto all = call.arguments.all();
  return call.interpreter.values().make(Term{call.path, all});
}

Value plain_manager(const FunctionCall& call) { return call.interpreter.values().make(Manager{}); }

/// Looks at its arguments and keeps nothing of them.
Value look(const FunctionCall& call) { return call.interpreter.unknown(); }

constexpr std::array<std::pair<std::string_view, DjangoFunction>, 33> functions = {{
    {"django.shortcuts.get_object_or_404", get_object_or_404},
    {"django.shortcuts.aget_object_or_404", get_object_or_404},
    {"rest_framework.generics.get_object_or_404", get_object_or_404},
    {"rest_framework.get_object_or_404", get_object_or_404},
    {"django.shortcuts.get_list_or_404", get_list_or_404},
    {"django.shortcuts.aget_list_or_404", get_list_or_404},
    {"django.db.models.prefetch_related_objects", prefetch_related_objects},
    {"django.db.models.query.prefetch_related_objects", prefetch_related_objects},
    {"django.db.models.aprefetch_related_objects", prefetch_related_objects},
    {"django.contrib.auth.get_user_model", get_user_model},
    {"django.apps.apps.get_model", get_model},
    {"django.db.transaction.atomic", keep},
    {"django.core.paginator.Paginator", keep},
    {"django.db.models.Manager", plain_manager},
    {"django.db.models.manager.Manager", plain_manager},
    {"django.db.models.manager.BaseManager", plain_manager},
    {"django.db.models.Manager.from_queryset", keep},
    {"django.db.models.manager.BaseManager.from_queryset", keep},
    {"django.utils.timezone.now", look},
    {"django.utils.timezone.localtime", look},
    {"django.utils.timezone.timedelta", look},
    {"django.utils.translation.gettext", look},
    {"django.utils.translation.gettext_lazy", look},
    {"django.utils.translation.ngettext", look},
    {"django.utils.text.slugify", look},
    {"django.urls.reverse", look},
    {"django.urls.reverse_lazy", look},
    {"django.utils.html.escape", look},
    {"django.core.exceptions.ValidationError", look},
    {"django.core.exceptions.PermissionDenied", look},
    {"django.http.Http404", look},
    {"django.db.models.Prefetch", keep},
    {"django.db.models.query.Prefetch", keep},
}};

Value paginated_query(Interpreter& interpreter, Value term) {
  const Term paginator = interpreter.values().term(term);
  for (const auto& [label, value] : paginator.arguments) {
    if (!label || interpreter.world().text(label) == "object_list") return value;
  }
  return {};
}

/// The page's own slice of the rows: the same object whoever asks for it.
Value page_rows(Interpreter& interpreter, Value term) {
  World& world = interpreter.world();
  const Value rows = paginated_query(interpreter, term);
  if (!rows || !world.values.is(rows, ValueKind::query)) return rows;
  Arguments none;
  Step step;
  step.kind = StepKind::slice;
  const Site site = world.plans.step(world.values.query(rows).last).site;
  const Value page = refined({interpreter, rows, none, site}, step);
  Query kept = world.values.query(page);
  kept.born = world.values.query(rows).born;
  return world.values.make(kept);
}

bool is_term_of(Interpreter& interpreter, Value value, std::string_view path) {
  return interpreter.values().is(value, ValueKind::term) &&
         interpreter.world().text(interpreter.values().term(value).callee) == path;
}

/// A paginator remembers how many rows there are.
void count_once(Interpreter& interpreter, Value rows, Site site) {
  interpreter.execution(Cause::counted, rows, site, interpreter.nest(), {}, {}, flag::kept);
}

Value page_of(Interpreter& interpreter, Value paginator) {
  const Name page = interpreter.world().names.intern(page_class);
  return interpreter.values().make(Term{page, interpreter.values().term(paginator).arguments});
}

}  // namespace

std::span<const std::pair<std::string_view, DjangoFunction>> django_functions() {
  return functions;
}

bool is_expression(std::string_view path) {
  const bool is_database = path.starts_with("django.db.models.") ||
                           path.starts_with("django.contrib.postgres.") ||
                           path.starts_with("django.contrib.gis.db.models");
  const std::size_t dot = path.rfind('.');
  return is_database && dot + 1 < path.size() &&
         std::isupper(static_cast<unsigned char>(path[dot + 1])) != 0;
}

Value query_from(Interpreter& interpreter, const ManagerClasses& managers, Value source,
                 Site site) {
  Values& values = interpreter.values();
  if (values.is(source, ValueKind::query)) return source;
  if (values.is(source, ValueKind::manager)) {
    return values.manager(source).entity ? query_of(interpreter, source, site) : Value{};
  }
  if (!values.is(source, ValueKind::class_) || !values.class_(source).entity) return {};
  const Manager manager = managers.default_manager(values.class_(source).entity);
  return query_of(interpreter, values.make(manager), site);
}

Value paginator_attribute(Interpreter& interpreter, Value term, Name name, Site site) {
  const std::string_view text = interpreter.world().text(name);
  if (is_term_of(interpreter, term, page_class)) {
    if (text == "object_list") return page_rows(interpreter, term);
    return interpreter.unknown();
  }
  if (!is_term_of(interpreter, term, paginator_class)) return {};
  if (text == "object_list") return paginated_query(interpreter, term);
  if (text == "count" || text == "num_pages" || text == "page_range") {
    const Value rows = paginated_query(interpreter, term);
    if (rows && interpreter.values().is(rows, ValueKind::query)) {
      count_once(interpreter, rows, site);
    }
    return interpreter.unknown();
  }
  return interpreter.values().make(Method{term, name});
}

Value call_paginator(Interpreter& interpreter, Value self, Name name, Site site) {
  if (!is_term_of(interpreter, self, paginator_class)) return {};
  const std::string_view text = interpreter.world().text(name);
  if (text != "page" && text != "get_page" && text != "apage" && text != "aget_page") {
    return interpreter.unknown();
  }
  const Value rows = paginated_query(interpreter, self);
  if (rows && interpreter.values().is(rows, ValueKind::query)) {
    count_once(interpreter, rows, site);
  }
  return page_of(interpreter, self);
}

Value page_over(Interpreter& interpreter, Value rows) {
  const std::pair<Name, Value> argument{{}, rows};
  const Name page = interpreter.world().names.intern(page_class);
  return interpreter.values().make(Term{page, {&argument, 1}});
}

Value iterate_page(Interpreter& interpreter, Value term, NestId nest, Site site) {
  if (is_term_of(interpreter, term, paginator_class)) return page_of(interpreter, term);
  if (!is_term_of(interpreter, term, page_class)) return {};
  const Value rows = page_rows(interpreter, term);
  return rows ? interpreter.iterate(rows, nest, site) : Value{};
}

}  // namespace querylint::frameworks::django
