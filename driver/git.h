// What git says: the only program that querylint starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace querylint::driver {

struct GitAnswer {
  bool is_installed = false;
  bool succeeded = false;
  std::string output;
  std::string complaint;  ///< the first line of what it says of its failure, without `fatal:`
};

/// Runs git in a folder, with `input` as its standard input.
GitAnswer ask_git(const std::string& folder, std::vector<std::string> arguments,
                  std::string_view input = {});

/// The parts of a list that ends each of them with NUL, as git prints it with `-z`.
std::vector<std::string> split_at_nul(std::string_view text);

}  // namespace querylint::driver
