// What Django's field classes declare.
#pragma once

#include <optional>

#include "analyzer/program/literals.h"
#include "analyzer/schema/schema.h"

namespace querylint::schema::django {

enum class FieldKind : std::uint8_t {
  column,
  foreign_key,
  one_to_one,
  many_to_many,
  generic_foreign_key,
  generic_relation,
};

struct FieldClass {
  FieldKind kind = FieldKind::column;
  ColumnType type = ColumnType::other;
  bool is_certain = false;  ///< Django's own, or derived from one of Django's
};

/// What a class is that a model's body calls: by the path outside the program or by the ancestors
/// inside it. Third-party classes count by the end of their name (`TreeForeignKey`); fields of
/// forms, serializers, filters and schemas do not count.
std::optional<FieldClass> classify(const program::Program& program, const program::Symbol& callee);

}  // namespace querylint::schema::django
