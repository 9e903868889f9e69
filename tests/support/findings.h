// Findings in files that exist only in memory: what a report is made of.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/report.h"
#include "tests/support/files.h"

namespace querylint::tests {

/// Files, by path, and a run over them that found what was added.
class FoundIn {
 public:
  explicit FoundIn(Files files = {}) : files_(std::move(files)) {}

  /// The first place where `code` stands in a file.
  diagnostics::Place place(const std::string& path, std::string_view code) const {
    const std::size_t at = files_.at(path).find(code);
    if (at == std::string::npos) throw std::invalid_argument(std::string(code));
    return {path, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + code.size())}};
  }

  diagnostics::Diagnostic& add(diagnostics::Place place,
                               std::string message = "One query per row.") {
    diagnostics::Diagnostic diagnostic;
    diagnostic.rule = "query-in-loop";
    diagnostic.family = "loops";
    diagnostic.message = std::move(message);
    diagnostic.place = std::move(place);
    diagnostic.fingerprint = "0123456789abcdef";
    diagnostics_.push_back(std::move(diagnostic));
    return diagnostics_.back();
  }

  reports::Run run() const {
    reports::Run run;
    run.diagnostics = diagnostics_;
    run.text_of = [this](const std::string& path) -> std::string_view {
      const auto found = files_.find(path);
      return found == files_.end() ? std::string_view() : std::string_view(found->second);
    };
    run.version = "1.2.3";
    return run;
  }

 private:
  Files files_;
  std::vector<diagnostics::Diagnostic> diagnostics_;
};

inline constexpr std::string_view shop =
    "def labels():\n"
    "    books = Book.objects.all()\n"
    "    names = []\n"
    "    for book in books:\n"
    "        print(book)\n"
    "\n"
    "        names.append(book.author.name)\n";

/// `shop.py` with a loop over books, and an empty file.
inline FoundIn shop_project() {
  return FoundIn(Files{{"shop.py", std::string(shop)}, {"empty.py", ""}});
}

}  // namespace querylint::tests
