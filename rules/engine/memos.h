// What is done only where something was missing: memos, and second tries.
#pragma once

#include "analyzer/flow/world.h"

namespace querylint::rules {

using flow::Site;

/// Whether the place is passed only where something was missing, which is then filled, in a
/// collection, a variable or an attribute: a memo.
bool is_guarded(const flow::World& world, Site place, Site loop);
/// Whether the second place is passed only where what the first gave, which a variable keeps,
/// turned out to be missing: another try.
bool is_second_try(const flow::World& world, Site first, Site second);

}  // namespace querylint::rules
