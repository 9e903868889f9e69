// What a format calls the severities.
#pragma once

#include <string_view>

#include "analyzer/diagnostics/diagnostic.h"

namespace querylint::reports {

struct SeverityWords {
  std::string_view error;
  std::string_view warning;
  std::string_view advice;

  constexpr std::string_view operator()(diagnostics::Severity severity) const {
    if (severity == diagnostics::Severity::error) return error;
    return severity == diagnostics::Severity::warning ? warning : advice;
  }
};

}  // namespace querylint::reports
