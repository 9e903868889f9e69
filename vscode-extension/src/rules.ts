// The pages of the rules, as the binary prints them, shown in VS Code's own preview of Markdown.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { commands, type Disposable, type QuickPickItem, type TextDocumentContentProvider, Uri, workspace } from "vscode";

import type { Binary } from "./binary.ts";

const run = promisify(execFile);
const scheme = "querylint-rule";

/** Serves the documents that `openPage` opens; which binary to ask is asked each time. */
export function registerPages(binary: () => Binary | undefined): Disposable {
  const provider: TextDocumentContentProvider = {
    provideTextDocumentContent: async (page) => {
      const path = binary()?.path;
      if (path === undefined) throw new Error("querylint does not run.");
      return (await run(path, ["explain", page.path.replace(/\.md$/, "")])).stdout;
    },
  };
  return workspace.registerTextDocumentContentProvider(scheme, provider);
}

export async function openPage(rule: string): Promise<void> {
  await commands.executeCommand("markdown.showPreview", Uri.from({ scheme, path: `${rule}.md` }));
}

/** Every rule, with its summary, in the binary's order: by family. */
export async function listRules(binary: Binary): Promise<QuickPickItem[]> {
  const { stdout } = await run(binary.path, ["rules", "--json"]);
  const { rules } = JSON.parse(stdout) as { rules: { rule: string; family: string; summary: string }[] };
  return rules.map(({ rule, family, summary }) => ({ label: rule, description: family, detail: summary }));
}
