// What a run does with the file that its baseline stands in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "driver/pipeline.h"

namespace querylint::driver {

/// Writes all that was found. Returns what went wrong, or nothing.
std::optional<std::string> write_baseline(const std::string& file,
                                          const std::vector<diagnostics::Diagnostic>& findings,
                                          const Checked& checked, const Config& config);

/// Takes what the file knows out of `findings` and says so in `notices`. Where these are all
/// findings of the project (`is_whole`), what they lack of the file is mended: it is taken out of
/// the file, but not by a server of continuous integration (`CI` in the environment), and not where
/// the rules were chosen otherwise than for the file. Returns what went wrong, or nothing.
std::optional<std::string> hide_known(const std::string& file, const Checked& checked,
                                      const Config& config, bool is_whole,
                                      std::vector<diagnostics::Diagnostic>& findings,
                                      std::vector<std::string>& notices);

}  // namespace querylint::driver
