// What VS Code calls. Puts the parts together; each has a file of its own.

import { type ExtensionContext, window, workspace } from "vscode";

import { registerCommands } from "./commands.ts";
import { onDidChangeEnvironment } from "./environment.ts";
import { registerPages } from "./rules.ts";
import { Server } from "./server.ts";
import { readSettings } from "./settings.ts";
import { createStatusItem, show } from "./status.ts";

const restarting = ["querylint.enable", "querylint.path", "querylint.importStrategy"];

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel("querylint", { log: true });
  const item = createStatusItem();
  const started = new Server(context, log, (status) => show(status, item));
  server = started;
  const restart = (): void => void started.restart();
  context.subscriptions.push(
    log,
    item,
    started,
    ...registerCommands(started, log),
    registerPages(() => started.binary),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((change) => {
      if (restarting.some((name) => change.affectsConfiguration(name))) restart();
    }),
  );
  await started.restart();
  const environment = await onDidChangeEnvironment(() => {
    if (readSettings().importStrategy === "fromEnvironment") restart();
  });
  if (environment !== undefined) context.subscriptions.push(environment);
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
