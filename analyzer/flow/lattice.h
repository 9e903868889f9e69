// How values combine: where control flow meets, and where one element stands for all.
#pragma once

#include "analyzer/flow/world.h"

namespace querylint::flow {

/// A value that may be `a` or `b`. None and the unknown give way to anything else: what the known
/// value leads to happens on its path, whatever the other one does. Beside the unknown it is no
/// longer sure: `resolved` becomes `annotated`.
Value join(World& world, Value a, Value b);

/// What any element of a collection may be; nothing when it is empty.
Value element(World& world, const Container& container);

/// A value that stands in a collection as it is in each iteration of a loop over that collection:
/// another row, another object each time.
Value reborn(World& world, Value value, NestId nest);

/// `value` with attribute `name` set, for rows and instances; others stay as they are.
Value with_attribute(World& world, Value value, Name name, Value attribute);
/// The attribute as it was set; nothing when it was not.
Value find_attribute(Attributes attributes, Name name);

/// The container with one more possible element.
Value with_element(World& world, Value container, Value key, Value element);

/// The text that `f"%{word}%"` or `"%%%s%%" % word` gives, where it is known to begin with a
/// wildcard of LIKE; unknown for others, whose beginning tells nothing.
Value text_from(World& world, Value beginning);

bool is_none(const World& world, Value value);
bool is_constant(const World& world, Value value, ir::ConstantKind kind);
/// A string constant's text; nowhere for anything else.
Name string_of(const World& world, Value value);

}  // namespace querylint::flow
