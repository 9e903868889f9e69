// The pages of the rules, as hovers and links show them.
#pragma once

#include <string>
#include <string_view>

namespace querylint::driver::server {

/// The page of a rule in Markdown; empty for what is no rule.
std::string_view page_of(std::string_view rule);

/// Where links to rules lead: a file in the folder, which is written when it is not there yet.
/// Empty when it cannot be written or `folder` is empty.
std::string page_uri(std::string_view rule, const std::string& folder);

}  // namespace querylint::driver::server
