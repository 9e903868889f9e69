#include <algorithm>

#include "analyzer/schema/django/reader.h"

namespace querylint::schema::django {
namespace {

using ir::Instruction;
using ir::Op;
using program::Symbol;

}  // namespace

/// The swapped-in user model: `AUTH_USER_MODEL` of the settings; where they are not in the project
/// or compute it, the model that derives from Django's abstract user; else Django's own.
void Reader::find_user() {
  const Name setting = name("AUTH_USER_MODEL");
  for (std::uint32_t i = 0; setting && i < program_.units.size(); ++i) {
    const auto found = program_.units[i].globals.find(setting);
    if (found == program_.units[i].globals.end()) continue;
    if (found->second.kind != Symbol::Kind::variable) continue;
    const Expression value{{program_.unit(found->second.unit).first_function}, found->second.id};
    const auto label = program::as_string(program_, value);
    if (!label) continue;
    const std::size_t dot = label->rfind('.');
    if (dot == std::string_view::npos) continue;
    schema_.user = schema_.named(name(label->substr(0, dot)), name(label->substr(dot + 1)));
    if (schema_.user) return;
  }
  for (std::uint32_t i = 0; i < schema_.entities.size(); ++i) {
    const Entity& candidate = schema_.entities[i];
    if (!candidate.class_ || candidate.is_abstract || candidate.is_proxy) continue;
    for (const Name path : program_.class_(candidate.class_).externals) {
      const std::string_view text = program_.text(path);
      if (text.ends_with(".AbstractUser") || text.ends_with(".AbstractBaseUser")) {
        schema_.user = {i};
        return;
      }
    }
  }
  schema_.user = schema_.named(name("auth"), name("User"));
}

/// `history = HistoricalRecords()` of django-simple-history, whatever the project calls the
/// records: each `save()` adds a row of them.
bool Reader::keeps_history(ClassId class_) const {
  return program::as_call(program_, program::class_value(program_, class_, name("history")))
      .has_value();
}

/// Whether a base class that is out of sight is no part of Django: it may well override `save()`.
bool Reader::has_foreign_base(ClassId class_) const {
  return std::ranges::any_of(program_.class_(class_).externals, [&](Name path) {
    const std::string_view text = program_.text(path);
    return text.find('.') != std::string_view::npos && !text.starts_with("django.") &&
           !text.starts_with("builtins.") && !text.starts_with("typing.") &&
           !text.starts_with("abc.");
  });
}

/// Overrides of `save` and `delete`, and receivers of the model signals.
void Reader::find_hooks() {
  for (std::uint32_t i = 0; i < schema_.entities.size(); ++i) {
    const ClassId class_ = schema_.entities[i].class_;
    if (!class_) continue;
    WriteHooks& hooks = schema_.entities[i].hooks;
    hooks.on_save = program_.member(class_, name("save")) != nullptr || keeps_history(class_) ||
                    has_foreign_base(class_);
    hooks.on_delete = program_.member(class_, name("delete")) != nullptr;
  }
  for (std::uint32_t i = 0; i < program_.functions.size(); ++i) find_receivers({i});
}

/// `Book` of `Book.genres.through`, the sender of what happens to a relation.
Expression Reader::declarer(Expression sender) const {
  if (!sender) return sender;
  const Instruction& through = program::instruction(program_, sender);
  if (through.op != Op::attribute) return sender;
  const std::string_view last =
      program_.text(program_.name(program_.function(sender.function).unit, {through.b}));
  const Expression relation{sender.function, through.a};
  const Instruction& named = program::instruction(program_, relation);
  return last == "through" && named.op == Op::attribute ? Expression{sender.function, named.a}
                                                        : sender;
}

/// `@receiver(post_save, sender=X)` and `post_save.connect(handler, sender=X)`. Receivers of every
/// sender are no hooks of each entity: they are history and logging of a framework, which each
/// project knows of. That all deletes are told of is kept, since then no delete is one plain
/// statement.
void Reader::find_receivers(program::FunctionId function) {
  const auto code = program_.body(function);
  const program::UnitId unit = program_.function(function).unit;
  const auto slot_names = std::span(program_.unit(unit).module->slot_names)
                              .subspan(program_.function(function).code->first_slot);
  for (std::uint32_t i = 0; i < code.size(); ++i) {
    if (code[i].op != Op::call) continue;
    const Instruction& callee = code[code[i].a];
    if (callee.op != Op::load && callee.op != Op::attribute) continue;
    const bool is_load = callee.op == Op::load;
    const auto scope = static_cast<ir::Scope>(callee.detail);
    if (is_load && scope == ir::Scope::enclosing) continue;
    const ir::Text called = is_load && scope == ir::Scope::local
                                ? slot_names[callee.a]
                                : ir::Text{is_load ? callee.a : callee.b};
    const std::string_view verb = program_.text(program_.name(unit, called));
    const bool is_plain = verb == "receiver" || verb == "connect";
    if (!is_plain && code[i].count < 2) continue;  // a wrapper is given a signal and a model
    const auto call = program::as_call(program_, {function, i});
    if (!call) continue;
    if (!is_plain) {
      find_wrapped_receiver(*call);
      continue;
    }
    const Expression sender = declarer(call->keyword(name("sender")));
    EntityId target;
    if (sender) {
      const Symbol model = program::resolve(program_, sender);
      if (model.kind == Symbol::Kind::class_) target = schema_.of_class({model.id});
      if (!target) target = entity_named({0}, program::as_string(program_, sender).value_or(""));
    }
    std::vector<Expression> signals = {{function, callee.a}};
    if (callee.op == Op::load || !call->positional.empty()) {
      const Expression first = call->argument(0, name("signal"));
      signals = program::as_elements(program_, first);
      if (signals.empty()) signals = {first};
      if (callee.op == Op::attribute) signals.push_back({function, callee.a});
    }
    for (const Expression signal : signals) {
      const Symbol symbol = program::resolve(program_, signal);
      if (symbol.kind != Symbol::Kind::external) continue;
      const std::string_view path = program_.text(symbol.external);
      if (target) add_hook(path, target);
      const bool is_delete = path == "django.db.models.signals.pre_delete" ||
                             path == "django.db.models.signals.post_delete";
      if (!target && is_delete) schema_.tells_of_deletes = true;
    }
  }
}

/// `SignalReceiver(post_save, Book, function)`: whatever a project calls what connects its
/// receivers.
void Reader::find_wrapped_receiver(const program::CallExpression& call) {
  if (call.positional.size() < 2) return;
  const Symbol signal = program::resolve(program_, call.positional[0]);
  const Symbol model = program::resolve(program_, call.positional[1]);
  if (signal.kind != Symbol::Kind::external || model.kind != Symbol::Kind::class_) return;
  const std::string_view path = program_.text(signal.external);
  const EntityId sender = schema_.of_class({model.id});
  if (sender && path.starts_with("django.db.models.signals.")) add_hook(path, sender);
}

void Reader::add_hook(std::string_view signal, EntityId sender) {
  WriteHooks& hooks = entity(sender).hooks;
  if (signal.ends_with("_save")) hooks.on_save = true;
  // Deleting one by one gains nothing there: QuerySet.delete() calls the receivers too.
  if (signal.ends_with("_delete")) hooks.on_bulk_delete = true;
  if (signal.ends_with("m2m_changed")) hooks.on_relation_change = true;
}

}  // namespace querylint::schema::django
