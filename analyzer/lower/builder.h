// Puts a module together: texts interned, one code buffer for each function that is still open.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analyzer/ir/module.h"

namespace querylint::lower {

/// What a frontend knows of a function before its body is lowered.
struct FunctionHead {
  std::string_view name;
  ir::FunctionKind kind = ir::FunctionKind::function;
  ir::ClassIndex owner;
  base::ByteRange range;
  base::ByteRange name_range;
};

/// Builds one `ir::Module`. Functions are opened and closed like brackets; everything emitted goes
/// to the innermost open one.
class Builder {
 public:
  ir::Text text(std::string_view value);

  /// The new function's captures and slots are empty; `close_function` writes them back.
  ir::FunctionIndex open_function(const FunctionHead& head);
  void close_function();
  ir::Function& current();
  ir::FunctionIndex current_index() const { return open_.back().index; }

  std::uint32_t new_slot(std::string_view name);
  /// Adds to the open function at `level`, counted from the module as 0.
  std::uint32_t new_capture(std::size_t level, ir::Capture capture);

  ir::Operand emit(const ir::Instruction& instruction);
  /// Where the next instruction will stand: the end of a region that closes now.
  std::uint32_t here() const { return static_cast<std::uint32_t>(open_.back().code.size()); }
  ir::Instruction& at(ir::Operand operand) { return open_.back().code[operand.value]; }

  /// Appends operands to the pool and returns where they start.
  std::uint32_t add_to_pool(const std::vector<std::uint32_t>& operands);

  /// Reserves an index, so that what stands inside a class can name its owner.
  ir::ClassIndex new_class() {
    module_.classes.emplace_back();
    return {count(module_.classes) - 1};
  }
  ir::Class& class_at(ir::ClassIndex index) { return module_.classes[index.value]; }
  /// The name of something defined here, after those of the functions and classes around it.
  std::string qualified(std::string_view name) const;
  void add_parameter(const ir::Parameter& parameter) {
    open_.back().parameters.push_back(parameter);
  }

  ir::Module& module() { return module_; }
  ir::Module take() { return std::move(module_); }

 private:
  struct Open {
    ir::FunctionIndex index;
    std::vector<ir::Instruction> code;
    std::vector<ir::Text> slots;
    std::vector<ir::Capture> captures;
    std::vector<ir::Parameter> parameters;
  };

  template <typename T>
  static std::uint32_t count(const std::vector<T>& items) {
    return static_cast<std::uint32_t>(items.size());
  }

  ir::Module module_;
  std::vector<Open> open_;
  std::unordered_map<std::string, ir::Text> texts_;
};

}  // namespace querylint::lower
