// Managers: where Django's queries start.
#pragma once

#include <unordered_map>
#include <vector>

#include "analyzer/flow/interpreter.h"

namespace querylint::frameworks::django {

/// What a manager is made of: `Manager()`, `QuerySet.as_manager()`, or both where a queryset class
/// was put on a manager class by `from_queryset`.
struct ManagerClass {
  flow::ClassId class_;
  flow::ClassId base;  ///< the manager class below a queryset class
};

/// What the program's text says of manager and queryset classes, read once.
class ManagerClasses {
 public:
  ManagerClasses(const program::Program& program, const schema::Schema& schema);

  bool is_manager(const program::Program& program, flow::ClassId id) const;
  bool is_queryset(const program::Program& program, flow::ClassId id) const;
  /// The entity whose queries a manager or queryset class builds: the one model that uses it.
  /// `is_guess` is set when only the class's name says so (`BookQuerySet`).
  flow::EntityId entity_of(flow::ClassId id, bool& is_guess) const;
  /// The manager that related objects come from: the first that the model declares; no class for
  /// Django's plain one.
  flow::Manager default_manager(flow::EntityId id) const;

 private:
  ManagerClass declared_class(const program::Program& program, program::Expression value) const;

  std::unordered_map<flow::ClassId, std::vector<flow::EntityId>> users_;
  std::unordered_map<flow::ClassId, flow::EntityId> by_name_;
  std::unordered_map<flow::EntityId, ManagerClass> defaults_;
};

/// The query that a manager's methods work on: through the project's `get_queryset`, if any.
flow::Value query_of(flow::Interpreter& interpreter, flow::Value manager, flow::Site site);
/// The same as Django's own `get_queryset` gives it.
flow::Value plain_query(flow::Interpreter& interpreter, const flow::Manager& manager,
                        flow::Site site);

}  // namespace querylint::frameworks::django
