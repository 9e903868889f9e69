// What is written around a place: questions that the trace does not answer, since they are about
// the instructions of one function: what an expression is made of, and what becomes of its value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "analyzer/flow/world.h"

namespace querylint::rules {

using flow::Site;

/// The function around a place.
struct Code {
  const ir::Module* module;
  std::span<const ir::Instruction> body;
};

inline bool is_local(const ir::Instruction& instruction) {
  return static_cast<ir::Scope>(instruction.detail) == ir::Scope::local;
}

/// Whether two operands read the same variable, or the same attributes of it, or ask it the same
/// without arguments.
bool same_place(const Code& code, std::uint32_t a, std::uint32_t b);

/// Nothing for a site that is nowhere.
std::optional<Code> code_around(const flow::World& world, Site site);

/// The instructions that take what the one at `at` gives.
std::vector<std::uint32_t> takers(const Code& code, std::uint32_t at);
/// The name that a call's callee is written with: `f` of `f()`, `save` of `row.save()`.
std::string_view callee_name(const flow::World& world, flow::UnitId unit, const Code& code,
                             const ir::Instruction& call);
/// What the local variable that is loaded holds, where it is assigned once; nothing for anything
/// else.
std::optional<std::uint32_t> only_value(const Code& code, const ir::Instruction& load);

/// The name of the method that is called there: `save` of `row.save()`; empty for anything else.
std::string_view called_name(const flow::World& world, Site site);

/// What the call there is given at a position; the call itself where it is not given `count`
/// arguments.
Site argument_site(const flow::World& world, Site call, std::size_t position, std::size_t count);

/// The only text of the function around that begins with that; nothing if there are several.
std::optional<Site> only_text_from(const flow::World& world, Site place, char beginning);

/// Whether code takes what the call there gives: a value that nothing takes is only worked for.
bool is_used(const flow::World& world, Site call);
/// Whether what an attribute gives is compared, tested, or asked for an attribute right there, and
/// goes nowhere else, wherever the function reads it.
bool is_looked_at_in_place(const flow::World& world, Site attribute);
/// Whether a method that is called between two places of one function is named like one that
/// writes: `save()`, `form_valid()`, and their like, whoever it is asked of.
bool may_write_between(const flow::World& world, Site a, Site b);
/// Whether what a place gives is an argument of a call of something with that in its name, as it is
/// or by a local variable.
bool is_given_to(const flow::World& world, Site place, std::string_view part);
/// The local variable that what a place gives is assigned to as it is.
std::optional<std::uint32_t> kept_in(const flow::World& world, Site place);
/// The attribute that what a place gives is assigned to as it is.
base::Name attribute_kept_in(const flow::World& world, Site place);
/// Whether a slice begins where only the run tells: it is a page of many.
bool is_page(const flow::World& world, Site slice);
/// Whether the function does nothing with what is sliced there but to slice it, to count it and to
/// ask whether there is any.
bool is_only_sliced(const flow::World& world, Site slice);
/// Whether two expressions are parts of one statement.
bool same_statement(const flow::World& world, Site a, Site b);
/// Whether two calls, or two attributes, of one function ask the same variable for the same,
/// without arguments that could make a difference.
bool asks_the_same(const flow::World& world, Site a, Site b);
/// Whether the function around keeps something on an object: it may be a memo by hand.
bool keeps_something(const flow::World& world, Site site);

/// Whether a function uses something of that name: a variable, or an attribute of anything.
bool names_member(const flow::World& world, flow::FunctionId function, base::Name name);
/// Whether the chain of calls and attributes that ends at the place starts from an attribute of the
/// method's own object which other methods of the class read too: one of them may have run before.
bool asks_shared_attribute(const flow::World& world, Site chain);

/// The local variable that a chain of calls and attributes begins with.
std::optional<std::uint32_t> variable_behind(const flow::World& world, Site chain);
/// Whether a chain of calls and attributes begins with a parameter that is not `self`: `source` of
/// `source.rows.all()`.
bool begins_with_parameter(const flow::World& world, Site chain);
/// Whether two places of one function go on with the same: a local variable, or what attributes of
/// it or calls without arguments give. The variable is not assigned between them.
bool use_same_variable(const flow::World& world, Site a, Site b);
/// Whether two calls of one function pass such a same thing by that keyword.
bool pass_the_same(const flow::World& world, Site a, Site b, base::Name keyword);

}  // namespace querylint::rules
