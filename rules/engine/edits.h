// Edits of source text, from what is written around a place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/code.h"
#include "rules/engine/evidence.h"

namespace querylint::rules {

/// Collects the edits of one fix in one file.
class Edits {
 public:
  Edits(const flow::World& world, flow::UnitId unit) : path_(world.program.unit(unit).path) {}

  void replace(base::ByteRange range, std::string text);
  void remove(base::ByteRange range) { replace(range, {}); }
  void insert(std::uint32_t at, std::string text,
              diagnostics::Layout layout = diagnostics::Layout::as_it_is);

  std::vector<diagnostics::Edit> take() { return std::move(edits_); }

 private:
  std::string path_;
  std::vector<diagnostics::Edit> edits_;
};

/// The bytes of the name that an attribute, or a call of one, ends with.
base::ByteRange name_range(const flow::World& world, flow::UnitId unit, const Code& code,
                           std::uint32_t at);

/// Of a fix what a finding of that certainty can promise: what is not firm is not safe, what is
/// only possible gets none.
std::optional<diagnostics::Fix> weakened(std::optional<diagnostics::Fix> fix,
                                         diagnostics::Certainty certainty);

/// What makes a name stand for something of a module at the top level of a file: no edit where it
/// does already; nothing where the name is taken.
std::optional<std::vector<diagnostics::Edit>> import_of(const flow::World& world, flow::UnitId unit,
                                                        const flow::Import& wanted);

/// Whether a name at the place is the one of the file's top level, which is bound there whatever
/// runs: no function around has a variable of that name.
bool is_top_level_name(const flow::World& world, Site place, std::string_view name);

}  // namespace querylint::rules
