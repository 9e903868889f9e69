#include <fmt/format.h>

#include <cstdio>

#include "analyzer/flow/dump.h"
#include "analyzer/flow/interpreter.h"
#include "analyzer/frameworks/dictionary.h"
#include "analyzer/ir/module.h"
#include "analyzer/syntax/tree.h"
#include "driver/options.h"
#include "driver/pipeline.h"
#include "driver/stages.h"
#include "driver/workspace.h"
#include "reports/report.h"
#include "rules/engine/rule.h"

namespace querylint::driver {
namespace {

std::string dump_trees(const Project& project, const Wanted& wants) {
  std::string out;
  syntax::PythonParser parser;
  for (const SourceText& file : project.texts) {
    if (!wants(file.path)) continue;
    out += fmt::format("{}\n{}", file.path, syntax::dump(parser.parse(file.text), file.text));
  }
  return out;
}

std::string dump_modules(const Project& project, const Wanted& wants) {
  std::string out;
  for (const program::Unit& unit : project.program.units) {
    if (wants(unit.path)) out += fmt::format("{}\n{}", unit.path, ir::dump(*unit.module));
  }
  return out;
}

std::string dump_program(const Project& project, const Wanted& wants) {
  return program::dump(project.program, wants);
}

std::string dump_schema(const Project& project, const Wanted& wants) {
  return schema::dump(project.schema, project.program, wants);
}

std::string dump_traces(const Project& project, const Wanted& wants) {
  const flow::Preparation preparation = flow::prepare(project.program, project.frameworks);
  flow::World world(project.program, project.schema, frameworks::dictionary());
  flow::Interpreter interpreter(world, project.frameworks, preparation);
  std::string out;
  for (std::uint32_t i = 0; i < project.program.functions.size(); ++i) {
    const program::Function& function = project.program.functions[i];
    const program::Unit& unit = project.program.unit(function.unit);
    const bool is_root = function.code->kind == ir::FunctionKind::function ||
                         function.code->kind == ir::FunctionKind::module;
    if (!is_root || !wants(unit.path)) continue;
    const flow::Trace trace = interpreter.follow({i});
    if (trace.events.empty()) continue;
    const std::string_view name = unit.module->text(function.code->qualified_name);
    out += fmt::format("{} {}\n{}", unit.path, name.empty() ? "(top level)" : name,
                       flow::dump(world, trace));
  }
  return out;
}

std::string dump_diagnostics(const Project& project, const Input& input, const Wanted& wants,
                             std::string (*render)(const reports::Run&)) {
  const Outcome outcome = judge(project, input);
  std::vector<diagnostics::Diagnostic> shown;
  for (const diagnostics::Diagnostic& diagnostic : outcome.diagnostics) {
    if (wants(diagnostic.place.path)) shown.push_back(diagnostic);
  }
  reports::Run run;
  run.diagnostics = shown;
  run.text_of = [&](const std::string& path) { return project.text_of(path); };
  return render(run);
}

}  // namespace

std::string dump_stage(Stage stage, const Project& project, const Input& input,
                       const Wanted& wants) {
  switch (stage) {
    case Stage::parse:
      return dump_trees(project, wants);
    case Stage::lower:
      return dump_modules(project, wants);
    case Stage::link:
      return dump_program(project, wants);
    case Stage::map:
      return dump_schema(project, wants);
    case Stage::follow:
      return dump_traces(project, wants);
    case Stage::judge:
    case Stage::settle:
      return dump_diagnostics(project, input, wants, reports::json);
    case Stage::report:
      return dump_diagnostics(project, input, wants, reports::full);
  }
  return {};
}

int run_dump(const std::string& name, const std::string& path) {
  const auto stage = stage_named(name);
  if (!stage) {
    fmt::print(stderr, "querylint: no stage is called `{}`; the stages are {}\n", name,
               stage_list());
    return exit_failure;
  }
  const Workspace workspace = find_workspace({path});
  if (!workspace.error.empty()) {
    fmt::print(stderr, "querylint: {}\n", workspace.error);
    return exit_failure;
  }
  Input input;
  input.config = workspace.config;
  std::string error;
  input.selection = *select_rules(std::nullopt, {}, error);
  Folder folder(workspace.root);
  input.disk = &folder;
  const Project project = load(input);
  const std::string text = dump_stage(
      *stage, project, input, [&](const std::string& file) { return workspace.wants(file); });
  std::fwrite(text.data(), 1, text.size(), stdout);
  return exit_clean;
}

}  // namespace querylint::driver
