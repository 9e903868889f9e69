// What the command palette offers.

import { commands, type Diagnostic, type Disposable, languages, type LogOutputChannel, window } from "vscode";

import type { Binary } from "./binary.ts";
import { listRules, openPage } from "./rules.ts";
import type { Server } from "./server.ts";
import { describe } from "./status.ts";

export function registerCommands(server: Server, log: LogOutputChannel): Disposable[] {
  return [
    commands.registerCommand("querylint.restart", () => server.restart()),
    commands.registerCommand("querylint.showLogs", () => log.show()),
    commands.registerCommand("querylint.showVersion", () => showVersion(server)),
    commands.registerCommand("querylint.explainRule", (rule?: string) => explain(rule, server)),
  ];
}

/** The binary that runs, or undefined, after telling the person that none does. */
function runningBinary(server: Server): Binary | undefined {
  const { binary, status } = server;
  if (binary !== undefined) return binary;
  const problem = status.kind === "failed" ? status.problem : "It is switched off by `querylint.enable`.";
  void window.showErrorMessage(`querylint does not run. ${problem}`);
  return undefined;
}

function showVersion(server: Server): void {
  const binary = runningBinary(server);
  if (binary === undefined) return;
  const version = server.status.kind === "running" ? server.status.version : "(starting)";
  void window.showInformationMessage(`querylint ${version}, ${describe(binary)}`);
}

/** Without a rule: the one that the cursor's line breaks, or, where that is none or several, the one picked. */
async function explain(rule: string | undefined, server: Server): Promise<void> {
  const binary = runningBinary(server);
  if (binary === undefined) return;
  const here = [...new Set(rulesAtCursor())];
  const chosen = rule ?? (here.length === 1 ? here[0] : await pick(binary, here));
  if (chosen !== undefined) await openPage(chosen);
}

async function pick(binary: Binary, first: readonly string[]): Promise<string | undefined> {
  const rules = await listRules(binary);
  rules.sort((a, b) => Number(first.includes(b.label)) - Number(first.includes(a.label)));
  return (await window.showQuickPick(rules, { placeHolder: "Rule to explain", matchOnDetail: true }))?.label;
}

function rulesAtCursor(): string[] {
  const editor = window.activeTextEditor;
  if (editor === undefined) return [];
  const line = editor.selection.active.line;
  return languages
    .getDiagnostics(editor.document.uri)
    .filter((diagnostic) => diagnostic.source === "querylint")
    .filter(({ range }) => range.start.line <= line && line <= range.end.line)
    .map(ruleOf);
}

function ruleOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}
