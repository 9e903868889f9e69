// The loops, branches and blocks around a place, and the ways out of them: questions about the
// instructions of one function that the trace does not answer. Loops are given by the site of their
// instruction.
#pragma once

#include "analyzer/flow/world.h"

namespace querylint::rules {

using flow::Site;

/// Whether the place is in a loop of its function.
bool is_in_some_loop(const flow::World& world, Site place);
/// Whether the place is passed only after an exception: in an `except`.
bool is_in_handler(const flow::World& world, Site place);

/// Whether the place is in the loop's body, or is the loop.
bool is_inside(const flow::World& world, Site place, Site loop);
/// Whether the place is in the block of a `with`.
bool is_in_block(const flow::World& world, Site place, Site with);
/// Whether whoever comes from the first place to the second has left a `with` on the way. Without a
/// second place: whether the first one is in any.
bool leaves_block(const flow::World& world, Site first, Site second);
/// Whether a place in the loop is under a condition there.
bool is_conditional(const flow::World& world, Site place, Site loop);
/// Whether a place in the loop is passed only for iterations where something equals something else,
/// or one of several: for few of them.
bool is_picked_out(const flow::World& world, Site place, Site loop);
/// Whether the place is an operand of `and` or `or` behind one that the other place is in: it may
/// not come to it.
bool is_later_operand(const flow::World& world, Site place, Site other);
/// Whether the loop catches what fails at the place, row by row.
bool is_tried(const flow::World& world, Site place, Site loop);
/// Whether whoever passes the first place leaves the function before it could come to the second.
bool leaves_before(const flow::World& world, Site first, Site second);
/// Whether whoever passes the place leaves the loop at once: a return, raise or break stands behind
/// it, in the same or a surrounding block.
bool leaves_loop(const flow::World& world, Site place, Site loop);
/// Whether what happens at the place can differ between iterations: some operand of it, however far
/// back, is the loop's element or is assigned in the body.
bool depends_on_loop(const flow::World& world, Site place, Site loop);
/// Whether a comprehension drops elements by comparing something of each with what is the same for
/// all of them.
bool compares_with_fixed(const flow::World& world, Site loop);
/// Whether the loop also does slow work of another kind for each row, such as sending mail.
bool does_remote_work(const flow::World& world, Site loop);

}  // namespace querylint::rules
