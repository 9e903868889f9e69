#include <algorithm>

#include "analyzer/program/linker.h"

namespace querylint::program {
namespace {

using ir::Instruction;
using ir::Op;
using ir::Scope;

/// `@name.setter` and the like: the definition adds to a property, it does not replace it.
bool extends_property(const ir::Module& module, std::span<const Instruction> code,
                      const Instruction& define) {
  for (const std::uint32_t decorator : module.operands(define)) {
    if (code[decorator].op != Op::attribute) continue;
    const std::string_view name = module.text({code[decorator].b});
    if (name == "setter" || name == "deleter" || name == "expression" || name == "comparator" ||
        name == "update_expression")
      return true;
  }
  return false;
}

/// C3 linearisation as Python does it; nothing when the bases contradict each other.
bool merge_ancestors(std::vector<std::vector<ClassId>> sequences, std::vector<ClassId>& result) {
  const auto in_a_tail = [&](ClassId id) {
    return std::any_of(sequences.begin(), sequences.end(), [&](const auto& sequence) {
      return !sequence.empty() &&
             std::find(sequence.begin() + 1, sequence.end(), id) != sequence.end();
    });
  };
  while (true) {
    std::erase_if(sequences, [](const auto& sequence) { return sequence.empty(); });
    if (sequences.empty()) return true;
    const auto good = std::find_if(sequences.begin(), sequences.end(), [&](const auto& sequence) {
      return !in_a_tail(sequence.front());
    });
    if (good == sequences.end()) return false;
    const ClassId next = good->front();
    result.push_back(next);
    for (auto& sequence : sequences) {
      if (!sequence.empty() && sequence.front() == next) sequence.erase(sequence.begin());
    }
  }
}

}  // namespace

void Linker::collect_members(ClassId id) {
  Class& class_ = program_.classes[id.value];
  const Unit& unit = program_.units[class_.unit.value];
  const ir::Module& module = *unit.module;
  const ir::Function& body = module.functions[class_.code->body.value];
  const auto code = module.body(body);
  for (const Instruction& instruction : code) {
    if (instruction.op != Op::store || Scope(instruction.detail) != Scope::local) continue;
    const ir::Text text = module.slot_names[body.first_slot + instruction.a];
    if (module.text(text).empty()) continue;
    const Instruction& value = code[instruction.b];
    Member member{program_.name(class_.unit, text), Member::Kind::value, instruction.b, id};
    if (value.op == Op::define) {
      if (extends_property(module, code, value)) continue;
      const bool is_class = value.detail == 1;
      member.kind = is_class ? Member::Kind::class_ : Member::Kind::function;
      member.id = (is_class ? unit.first_class : unit.first_function) + value.a;
    }
    class_.members.push_back(member);
  }
  const auto by_name = [](const Member& a, const Member& b) { return a.name < b.name; };
  std::stable_sort(class_.members.begin(), class_.members.end(), by_name);
  // The last binding counts: drop every member that is followed by one of the same name.
  std::vector<Member> kept;
  for (std::size_t i = 0; i < class_.members.size(); ++i) {
    const bool last =
        i + 1 == class_.members.size() || class_.members[i].name != class_.members[i + 1].name;
    if (last) kept.push_back(class_.members[i]);
  }
  class_.members = std::move(kept);
}

/// Makes names for `models.CharField` and everything else that is read from modules outside the
/// program, so that after linking paths are only looked up.
void Linker::intern_external_attributes(Program& program, UnitId id, bool of_variables) {
  const Unit& unit = program.units[id.value];
  for (std::uint32_t f = 0; f < unit.module->functions.size(); ++f) {
    const FunctionId function{unit.first_function + f};
    const auto code = program.body(function);
    for (const Instruction& instruction : code) {
      if (instruction.op != Op::attribute) continue;
      Symbol object = program.resolve(function, instruction.a);
      if ((object.kind == Symbol::Kind::variable) != of_variables) continue;
      if (of_variables) object = program.maker_of(object);
      if (object.kind != Symbol::Kind::external) continue;
      const Name name = program.name(id, {instruction.b});
      auto& attributes = program.external_attributes_[object.external];
      if (attributes.contains(name)) continue;
      attributes.emplace(name, program.names.intern(std::string(program.text(object.external)) +
                                                    "." + std::string(program.text(name))));
    }
  }
}

/// Makes names for the modules outside the program that a file imports, and what is in them.
void Linker::intern_imports(Program& program, UnitId id) {
  const ir::Module& module = *program.unit(id).module;
  for (const Instruction& instruction : module.code) {
    if (instruction.op != Op::import) continue;
    std::string path(module.text({instruction.a}));
    if (instruction.b != Instruction::nowhere) {
      if (path.starts_with('.') || program.find_module(id, path)) continue;
      path.append(".").append(module.text({instruction.b}));
    } else if (instruction.detail == 1) {
      path.resize(std::min(path.find('.'), path.size()));
    }
    if (!program.find_module(id, path)) program.names.intern(path);
  }
}

void Linker::resolve_decorators_and_bases() {
  for (std::uint32_t i = 0; i < program_.classes.size(); ++i) {
    Class& class_ = program_.classes[i];
    const ir::Module& module = *program_.units[class_.unit.value].module;
    const FunctionId around = program_.functions[class_.body.value].parent;
    for (std::uint32_t base = 0; base < class_.code->base_count; ++base) {
      for (const Symbol& symbol :
           resolve_base(around, module.pool[class_.code->first_base + base])) {
        class_.bases.push_back(symbol);
      }
    }
  }
  for (std::uint32_t i = 0; i < program_.functions.size(); ++i) {
    const auto code = program_.body({i});
    const Unit& unit = program_.units[program_.functions[i].unit.value];
    for (const Instruction& instruction : code) {
      if (instruction.op != Op::define || instruction.detail != 0) continue;
      Function& defined = program_.functions[unit.first_function + instruction.a];
      for (std::uint32_t decorator : unit.module->operands(instruction)) {
        if (code[decorator].op == Op::call) decorator = code[decorator].a;
        defined.decorators.push_back(program_.resolve({i}, decorator));
      }
    }
  }
}

/// A base that is a call (`Manager.from_queryset(Q)`, `with_metaclass(M, Base)`) stands for all the
/// classes it is made of.
std::vector<Symbol> Linker::resolve_base(FunctionId around, std::uint32_t operand) {
  const Instruction& instruction = program_.body(around)[operand];
  if (instruction.op != Op::call) return {program_.resolve(around, operand)};
  std::vector<Symbol> symbols;
  const Instruction& callee = program_.body(around)[instruction.a];
  if (callee.op == Op::attribute) symbols.push_back(program_.resolve(around, callee.a));
  const ir::Module& module = *program_.units[program_.functions[around.value].unit.value].module;
  const auto operands = module.operands(instruction);
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    const Symbol argument = program_.resolve(around, operands[i]);
    if (argument.kind == Symbol::Kind::class_) symbols.push_back(argument);
  }
  std::erase_if(symbols, [](const Symbol& symbol) { return !symbol; });
  if (symbols.empty()) symbols.emplace_back();
  return symbols;
}

void Linker::order_ancestors(ClassId id) {
  if (ordered_[id.value] != 0) return;
  ordered_[id.value] = 1;
  Class& class_ = program_.classes[id.value];
  std::vector<std::vector<ClassId>> sequences;
  std::vector<ClassId> direct;
  for (const Symbol& base : class_.bases) {
    if (base.kind == Symbol::Kind::external) class_.externals.push_back(base.external);
    if (base.kind != Symbol::Kind::class_ || ordered_[base.id] == 1) continue;  // 1: a cycle
    order_ancestors({base.id});
    const Class& ancestor = program_.classes[base.id];
    sequences.push_back(ancestor.ancestors);
    direct.push_back({base.id});
    class_.externals.insert(class_.externals.end(), ancestor.externals.begin(),
                            ancestor.externals.end());
  }
  sequences.push_back(direct);
  class_.ancestors = {id};
  if (!merge_ancestors(sequences, class_.ancestors)) {
    class_.ancestors = {id};
    for (const auto& sequence : sequences) {
      for (const ClassId ancestor : sequence) {
        const auto& known = class_.ancestors;
        if (std::find(known.begin(), known.end(), ancestor) == known.end()) {
          class_.ancestors.push_back(ancestor);
        }
      }
    }
  }
  ordered_[id.value] = 2;
}

}  // namespace querylint::program
