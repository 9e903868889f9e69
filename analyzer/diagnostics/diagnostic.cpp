#include "analyzer/diagnostics/diagnostic.h"

#include <array>

namespace querylint::diagnostics {
namespace {

constexpr std::array severity_names = {"error", "warning", "advice"};
constexpr std::array certainty_names = {"firm", "likely", "possible"};
constexpr std::array safety_names = {"safe", "unsafe"};

}  // namespace

std::string_view name_of(Severity severity) {
  return severity_names[static_cast<std::size_t>(severity)];
}

std::string_view name_of(Certainty certainty) {
  return certainty_names[static_cast<std::size_t>(certainty)];
}

std::string_view name_of(Safety safety) { return safety_names[static_cast<std::size_t>(safety)]; }

}  // namespace querylint::diagnostics
