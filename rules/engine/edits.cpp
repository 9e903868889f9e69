#include "rules/engine/edits.h"

#include <fmt/format.h>

#include <algorithm>

namespace querylint::rules {

using diagnostics::Edit;
using diagnostics::Fix;
using diagnostics::Layout;
using ir::Instruction;
using ir::Op;

namespace {

/// Calls `visit` for the instructions at the top level of a file that run whatever happens, with
/// their indices: those in no branch.
template <typename Visit>
void each_at_top_level(const flow::World& world, flow::UnitId unit, Visit visit) {
  const ir::Module& module = *world.program.unit(unit).module;
  const auto body = module.body(module.functions.front());
  for (std::uint32_t at = 0; at < body.size(); ++at) {
    if (body[at].op == Op::branch) {
      at = body[at].c - 1;
    } else {
      visit(body[at]);
    }
  }
}

bool has_slot(const ir::Module& module, const ir::Function& function, std::string_view name) {
  for (std::uint32_t i = 0; i < function.slot_count; ++i) {
    if (module.text(module.slot_names[function.first_slot + i]) == name) return true;
  }
  return false;
}

std::string_view stored_name(const ir::Module& module, const Instruction& store) {
  if (!is_local(store)) return module.text({store.a});
  return module.text(module.slot_names[module.functions.front().first_slot + store.a]);
}

bool is_bound_at_top_level(const flow::World& world, flow::UnitId unit, std::string_view name) {
  const ir::Module& module = *world.program.unit(unit).module;
  bool found = false;
  each_at_top_level(world, unit, [&](const Instruction& instruction) {
    found = found || (instruction.op == Op::store && stored_name(module, instruction) == name);
  });
  return found;
}

/// `from module import a, b` gets one name more, else a statement of its own follows the last
/// import of the same package, or of any.
std::optional<Edit> new_import(const flow::World& world, flow::UnitId unit,
                               const flow::Import& wanted) {
  const ir::Module& module = *world.program.unit(unit).module;
  const std::string_view package = wanted.module.substr(0, wanted.module.find('.'));
  std::optional<Edit> best;
  int best_rank = 0;
  each_at_top_level(world, unit, [&](const Instruction& import) {
    if (import.op != Op::import) return;
    const std::string_view from = module.text({import.a});
    const bool has_members =
        import.b != Instruction::nowhere && module.text({import.b}) != "*" && import.detail == 0;
    const bool is_same = from == wanted.module && has_members;
    const int rank = is_same ? 3 : from.starts_with(package) ? 2 : 1;
    if (rank < best_rank) return;
    best_rank = rank;
    const diagnostics::Place end{world.program.unit(unit).path,
                                 {import.range.end, import.range.end}};
    best = is_same ? Edit{end, fmt::format(", {}", wanted.name), Layout::in_list}
                   : Edit{end, fmt::format("from {} import {}", wanted.module, wanted.name),
                          Layout::behind_statement};
  });
  return best;
}

}  // namespace

void Edits::replace(base::ByteRange range, std::string text) {
  for (Edit& edit : edits_) {  // what is inserted before what is replaced is one edit
    if (edit.place.range.begin != range.begin) continue;
    edit.place.range.end = std::max(edit.place.range.end, range.end);
    edit.replacement += text;
    return;
  }
  edits_.push_back({{path_, range}, std::move(text), Layout::as_it_is});
}

void Edits::insert(std::uint32_t at, std::string text, Layout layout) {
  edits_.push_back({{path_, {at, at}}, std::move(text), layout});
}

base::ByteRange name_range(const flow::World& world, flow::UnitId unit, const Code& code,
                           std::uint32_t at) {
  const Instruction& part = code.body[at];
  const Instruction& attribute = part.op == Op::call ? code.body[part.a] : part;
  const auto size =
      static_cast<std::uint32_t>(world.text(world.program.name(unit, {attribute.b})).size());
  return {attribute.range.end - size, attribute.range.end};
}

std::optional<Fix> weakened(std::optional<Fix> fix, diagnostics::Certainty certainty) {
  if (!fix || certainty == diagnostics::Certainty::possible) return std::nullopt;
  if (certainty != diagnostics::Certainty::firm) fix->safety = diagnostics::Safety::unsafe;
  return fix;
}

std::optional<std::vector<Edit>> import_of(const flow::World& world, flow::UnitId unit,
                                           const flow::Import& wanted) {
  const base::Name name = world.name(wanted.name);
  const program::Symbol symbol = name ? world.program.global(unit, name) : program::Symbol{};
  if (symbol) {
    const bool is_it =
        symbol.kind == program::Symbol::Kind::external &&
        world.text(symbol.external) == fmt::format("{}.{}", wanted.module, wanted.name) &&
        is_bound_at_top_level(world, unit, wanted.name);
    return is_it ? std::optional(std::vector<Edit>{}) : std::nullopt;
  }
  const std::optional<Edit> edit = new_import(world, unit, wanted);
  return edit ? std::optional(std::vector<Edit>{*edit}) : std::nullopt;
}

bool is_top_level_name(const flow::World& world, Site place, std::string_view name) {
  for (flow::FunctionId at = place.function; at; at = world.program.function(at).parent) {
    const program::Function& around = world.program.function(at);
    if (around.code->kind == ir::FunctionKind::module) break;
    if (has_slot(*world.program.unit(around.unit).module, *around.code, name)) return false;
  }
  return is_bound_at_top_level(world, world.program.unit_of(place), name);
}

}  // namespace querylint::rules
