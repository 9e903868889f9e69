#include "analyzer/lower/builder.h"

namespace querylint::lower {
namespace {

/// Appends `items` to `table` and returns where they start.
template <typename T>
std::uint32_t append(std::vector<T>& table, const std::vector<T>& items) {
  const auto first = static_cast<std::uint32_t>(table.size());
  table.insert(table.end(), items.begin(), items.end());
  return first;
}

}  // namespace

ir::Text Builder::text(std::string_view value) {
  const auto [place, added] =
      texts_.try_emplace(std::string(value), ir::Text{count(module_.text_ends)});
  if (added) {
    module_.text_block.append(value);
    module_.text_ends.push_back(static_cast<std::uint32_t>(module_.text_block.size()));
  }
  return place->second;
}

ir::FunctionIndex Builder::open_function(const FunctionHead& head) {
  const ir::FunctionIndex index{count(module_.functions)};
  ir::Function function;
  function.name = text(head.name);
  function.qualified_name = text(qualified(head.name));
  function.kind = head.kind;
  function.owner = head.owner;
  function.range = head.range;
  function.name_range = head.name_range;
  if (!open_.empty()) function.parent = current_index();
  module_.functions.push_back(function);
  open_.emplace_back().index = index;
  return index;
}

void Builder::close_function() {
  Open& open = open_.back();
  ir::Function& function = current();
  function.first_instruction = append(module_.code, open.code);
  function.instruction_count = count(open.code);
  function.first_slot = append(module_.slot_names, open.slots);
  function.slot_count = count(open.slots);
  function.first_capture = append(module_.captures, open.captures);
  function.capture_count = count(open.captures);
  function.first_parameter = append(module_.parameters, open.parameters);
  function.parameter_count = count(open.parameters);
  open_.pop_back();
}

ir::Function& Builder::current() { return module_.functions[open_.back().index.value]; }

std::uint32_t Builder::new_slot(std::string_view name) {
  open_.back().slots.push_back(text(name));
  return count(open_.back().slots) - 1;
}

std::uint32_t Builder::new_capture(std::size_t level, ir::Capture capture) {
  open_[level].captures.push_back(capture);
  return count(open_[level].captures) - 1;
}

ir::Operand Builder::emit(const ir::Instruction& instruction) {
  open_.back().code.push_back(instruction);
  return {here() - 1};
}

std::uint32_t Builder::add_to_pool(const std::vector<std::uint32_t>& operands) {
  return append(module_.pool, operands);
}

std::string Builder::qualified(std::string_view name) const {
  if (open_.empty()) return std::string(name);
  const ir::Function& around = module_.functions[open_.back().index.value];
  if (around.kind == ir::FunctionKind::module) return std::string(name);
  return std::string(module_.text(around.qualified_name)).append(".").append(name);
}

}  // namespace querylint::lower
