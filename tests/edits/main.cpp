// The language server against fresh runs: after random edits of a project, its diagnostics must be
// those of `check`, and its memory must not grow.
// Usage: edits PATH [EDITS [SEED]]
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "driver/findings.h"
#include "driver/source_text.h"
#include "driver/workspace.h"
#include "tests/edits/edits.h"
#include "tests/support/project.h"

namespace querylint::tests {
namespace {

constexpr int between_looks = 50;
constexpr int warmed_up = 200;  // edits, after which memory may not grow much
constexpr double most_growth = 1.3;

/// The files of a project in the memory; the editor works on them alone.
Files read_project(const std::string& path) {
  const driver::Workspace workspace = driver::find_workspace({path});
  if (!workspace.error.empty()) throw std::runtime_error(workspace.error);
  driver::Folder folder(workspace.root);
  Files files;
  for (const std::string& file : folder.list()) {
    if (!file.ends_with(".py") || !workspace.wants(file)) continue;
    driver::Content content = folder.read(file);
    auto text = content.bytes ? driver::to_utf8(std::move(*content.bytes)) : std::nullopt;
    if (text) files.emplace(file, std::move(*text));
  }
  return files;
}

/// In MB, of this process.
double resident_memory() {
  std::ifstream status("/proc/self/statm");
  double all = 0;
  double resident = 0;
  status >> all >> resident;
  return resident * 4096 / 1e6;
}

int run(const std::string& path, int count, std::uint64_t seed) {
  Editor editor(read_project(path));
  Edits edits(editor, seed);
  editor.settle();
  double memory = 0;
  std::string last;
  for (int i = 1; i <= count; ++i) {
    last += "  " + edits.make() + "\n";
    if (i % 3 != 0) editor.settle();  // some come while there is work to do
    if (i % between_looks == 0) {
      edits.repair();
      editor.settle();
      const std::string shown = editor.json();
      const std::string fresh = check(editor.files()).json;
      if (shown != fresh) {
        std::ofstream("edits.shown.json") << shown;
        std::ofstream("edits.fresh.json") << fresh;
        fmt::print(
            "after {} edits of seed {} the server shows something else than a fresh run (see "
            "edits.*.json); the last edits:\n{}",
            i, seed, last);
        return 1;
      }
      last.clear();
      editor.forget_messages();
      fmt::print("{} edits: equal, {} findings, {:.1f} MB\n", i, editor.findings().size(),
                 resident_memory());
      std::fflush(stdout);
    }
    if (i == warmed_up) memory = resident_memory();
  }
  if (count <= warmed_up) return 0;
  const double growth = resident_memory() / memory;
  fmt::print("memory after {} edits : after {} edits = {:.2f}, at most {:.2f}\n", count, warmed_up,
             growth, most_growth);
  return growth <= most_growth ? 0 : 1;
}

}  // namespace
}  // namespace querylint::tests

int main(int count, char** arguments) try {
  if (count < 2) throw std::runtime_error("usage: edits PATH [EDITS [SEED]]");
  const int edits = count > 2 ? std::stoi(arguments[2]) : 2000;
  const std::uint64_t seed = count > 3 ? std::stoull(arguments[3]) : 1;
  return querylint::tests::run(arguments[1], edits, seed);
} catch (const std::exception& error) {
  fmt::print(stderr, "edits: {}\n", error.what());
  return 2;
}
