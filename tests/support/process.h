// Running programs as a user does.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace querylint::tests {

struct Ran {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

struct Circumstances {
  std::string folder{};                     ///< to work in; empty: as it is
  std::optional<std::size_t> most_bytes{};  ///< of any file it writes, as on a full disk
  std::optional<std::chrono::milliseconds> interrupt_after{};  ///< Ctrl-C
  std::string standard_output{};                     ///< a path; empty: kept in `Ran::out`
  std::map<std::string, std::string> environment{};  ///< what is set besides the test's own
};

Ran run(const std::string& program, const std::vector<std::string>& arguments,
        const Circumstances& circumstances = {});

/// The binary that was built. What the environment says of the server that runs the tests is
/// hidden from it.
Ran querylint(const std::vector<std::string>& arguments, const Circumstances& circumstances = {});

}  // namespace querylint::tests
