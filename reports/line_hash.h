// The hash by which GitHub code scanning follows an alert when the lines around it move.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace querylint::reports {

/// `primaryLocationLineHash` of each line, the first line's first: a hash of the 100 UTF-16 units
/// from the line's beginning, blanks left out and line ends as LF, then `:n` for the n-th line with
/// the same hash. The upload to GitHub computes it too and warns of every difference, so it follows
/// github/codeql-action (`src/fingerprints.ts`) to the letter: a byte order mark counts.
std::vector<std::string> line_hashes(std::string_view text);

}  // namespace querylint::reports
