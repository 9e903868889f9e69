// VS Code as a process: code-server, its folders and the extension in it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const entry = join(import.meta.dirname, "node_modules/code-server/out/node/entry.js");

/** What a user would have switched off to be left alone; the rest is as VS Code comes. */
const settings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "explorer.autoReveal": false,
  "files.autoSave": "off",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "workbench.colorTheme": "Default Light Modern",
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

export interface CodeServer {
  /** Where its page is, without a folder. */
  readonly url: string;
  /** Resolves when it and all that it started have ended. */
  stop(): Promise<void>;
}

/**
 * Starts a fresh one: its settings, extensions, caches and home lie below `folder`. With `asksForTrust`
 * it trusts no folder before it is told to; else it trusts every one.
 */
export async function startCodeServer(folder: string, vsix: string, asksForTrust: boolean): Promise<CodeServer> {
  const environment = makeHome(folder);
  const data = ["--user-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions")];
  await promisify(execFile)(process.execPath, [entry, ...data, "--install-extension", vsix], {
    env: environment,
    timeout: 60_000,
  });
  const port = await freePort();
  const process_ = spawn(
    "timeout", // which ends the whole group of processes, also when nobody lives to stop it
    [
      ...["--kill-after=5", "400", process.execPath, entry],
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
      ...data,
    ],
    { env: environment, stdio: ["ignore", openSync(join(folder, "log"), "w"), openSync(join(folder, "errors"), "w")] },
  );
  const url = `http://127.0.0.1:${port}/`;
  await untilItAnswers(url, process_);
  return { url, stop: () => stopGroup(process_) };
}

/** Writes the settings, and gives the environment of the processes, with a home of their own in it. */
function makeHome(folder: string): NodeJS.ProcessEnv {
  const user = join(folder, "data/User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify(settings));
  const home = join(folder, "home");
  mkdirSync(home);
  return { PATH: process.env["PATH"], HOME: home, LANG: "C.UTF-8", EXTENSIONS_GALLERY: "{}" };
}

async function stopGroup(leader: ChildProcess): Promise<void> {
  leader.kill();
  if (leader.exitCode === null && leader.signalCode === null) await once(leader, "exit");
  try {
    if (leader.pid !== undefined) process.kill(-leader.pid, "SIGKILL");
  } catch {
    // the group has ended
  }
}

async function untilItAnswers(url: string, process_: ChildProcess): Promise<void> {
  const end = Date.now() + 30_000;
  while (Date.now() < end && process_.exitCode === null) {
    const isThere = await fetch(url).then((answer) => answer.ok, () => false);
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stopGroup(process_);
  throw new Error("code-server does not answer");
}

/** Another process may take it before it is used; that has to be borne. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()));
    });
  });
}
