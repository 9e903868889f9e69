#include "driver/baseline_file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>

#include "driver/baseline.h"
#include "reports/style.h"

namespace querylint::driver {
namespace {

bool is_in_ci() {
  const char* variable = std::getenv("CI");
  const std::string_view value = variable == nullptr ? "" : variable;
  return !value.empty() && value != "0" && value != "false";
}

/// The text of a file, or `error`.
std::optional<std::string> text_of(const std::string& file, std::string& error) {
  Content content = Folder(".").read(file);
  if (content.bytes) return std::move(content.bytes);
  error =
      file + ": " +
      (content.error.empty() ? "there is no such file; `--write-baseline " + file + "` writes it"
                             : content.error);
  return std::nullopt;
}

std::optional<std::string> write(const std::string& file, const Baseline& baseline) {
  const auto trouble = write_file(file, to_text(baseline));
  return trouble ? std::optional(file + ": " + *trouble) : std::nullopt;
}

}  // namespace

std::optional<std::string> write_baseline(const std::string& file,
                                          const std::vector<diagnostics::Diagnostic>& findings,
                                          const Checked& checked, const Config& config) {
  return write(file, baseline_of(findings, checked, config));
}

std::optional<std::string> hide_known(const std::string& file, const Checked& checked,
                                      const Config& config, bool is_whole,
                                      std::vector<diagnostics::Diagnostic>& findings,
                                      std::vector<std::string>& notices) {
  std::string error;
  const auto text = text_of(file, error);
  if (!text) return error;
  const ParsedBaseline parsed = parse_baseline(file, *text);
  if (!parsed.error.empty()) return parsed.error;
  Compared compared = compare(parsed.baseline, findings, checked);
  findings = std::move(compared.unknown);
  if (compared.hidden > 0) {
    notices.push_back(fmt::format("{} that {} knows: not reported",
                                  reports::counted(compared.hidden, "problem"), file));
  }
  if (compared.mended == 0 || !is_whole || !checked.was_complete) return std::nullopt;
  const std::string mended = reports::counted(compared.mended, "mended problem");
  if (parsed.baseline.settings != settings_of(config)) {
    notices.push_back(fmt::format("{} of {} not found, but left in it: its rules were others",
                                  reports::counted(compared.mended, "problem"), file));
  } else if (is_in_ci()) {
    notices.push_back(fmt::format("{} left in {}, which CI does not change", mended, file));
  } else {
    notices.push_back(fmt::format("{} taken out of {}", mended, file));
    return write(file, compared.met);
  }
  return std::nullopt;
}

}  // namespace querylint::driver
