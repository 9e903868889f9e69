// The one server, of however many folders the workspace has: started, restarted and stopped here.
// A server that dies is started again by the client, up to four times in three minutes.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout } from "node:timers/promises";

import { type Disposable, type ExtensionContext, type LogOutputChannel, Uri, window, workspace } from "vscode";
import {
  CloseAction,
  type ExecuteCommandSignature,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";

import { type Binary, findBinary } from "./binary.ts";
import { programFolders } from "./environment.ts";
import { openPage } from "./rules.ts";
import { readSettings } from "./settings.ts";
import { selector, type Status } from "./status.ts";

/** A server that never ran will not run the next time either; one that was stopped is not missed. */
const unhandled = { action: CloseAction.DoNotRestart, handled: true };

export class Server implements Disposable {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  readonly #trace: LogOutputChannel;
  readonly #report: (status: Status) => void;
  #client: LanguageClient | undefined;
  #status: Status = { kind: "off" };
  #started: Promise<void> = Promise.resolve();
  #lastChange: Promise<void> = Promise.resolve();

  constructor(context: ExtensionContext, log: LogOutputChannel, report: (status: Status) => void) {
    this.#context = context;
    this.#log = log;
    this.#trace = window.createOutputChannel("querylint trace", { log: true });
    this.#report = report;
  }

  get status(): Status {
    return this.#status;
  }

  /** What runs or is about to. */
  get binary(): Binary | undefined {
    return "binary" in this.#status ? this.#status.binary : undefined;
  }

  /** Stops what runs and starts what the settings now say. Calls are carried out one after another. */
  restart(): Promise<void> {
    return this.#afterwards(async () => {
      await this.#stop().catch((error: unknown) => this.#log.error(String(error)));
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#afterwards(() => this.#stop());
  }

  dispose(): void {
    this.#trace.dispose();
  }

  #afterwards(change: () => Promise<void>): Promise<void> {
    this.#lastChange = this.#lastChange.then(change).catch((error: unknown) => this.#log.error(String(error)));
    return this.#lastChange;
  }

  /** Does not wait for the server's first answer, so that one that never answers can be restarted. */
  async #start(): Promise<void> {
    const settings = readSettings();
    if (!settings.enable) return this.#say({ kind: "off" });
    const bundled = Uri.joinPath(this.#context.extensionUri, "bin", "querylint").fsPath;
    const asksEnvironment = settings.importStrategy === "fromEnvironment" || !isExecutable(bundled);
    const found = findBinary({
      isTrusted: workspace.isTrusted,
      bundled,
      setting: settings.path,
      strategy: settings.importStrategy,
      environment: workspace.isTrusted && asksEnvironment ? await programFolders() : [],
      searchPath: process.env["PATH"] ?? "",
      home: homedir(),
      isExecutable,
    });
    if ("problem" in found) return this.#say({ kind: "failed", problem: found.problem });
    const client = this.#makeClient(found);
    this.#client = client;
    this.#started = client.start().catch((error: unknown) => this.#log.error(String(error)));
  }

  /** The client can only stop a server that has answered: one that does not is given a while, and ended. */
  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await Promise.race([this.#started, setTimeout(5_000)]);
    if (client?.state === State.Running) await client.dispose();
    else client?.serverProcess?.kill();
  }

  #makeClient(binary: Binary): LanguageClient {
    const client: LanguageClient = new LanguageClient(
      "querylint",
      { command: binary.path, args: ["server"] },
      {
        documentSelector: selector,
        outputChannel: this.#log,
        traceOutputChannel: this.#trace,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        middleware: { executeCommand: (command, values, next) => explainOr(command, values, next) },
        initializationFailedHandler: () => false,
        errorHandler: {
          error: (...what) => usual.error(...what),
          closed: () => (isStarted && this.#client === client ? usual.closed() : unhandled),
        },
      },
    );
    const usual = client.createDefaultErrorHandler();
    let isStarted = false;
    client.onDidChangeState(({ newState }) => {
      isStarted ||= newState === State.Running;
      if (this.#client === client) this.#say(statusOf(newState, client, binary));
    });
    return client;
  }

  #say(status: Status): void {
    this.#status = status;
    if (status.kind === "failed") this.#log.error(status.problem);
    if (status.kind === "running") this.#log.info(`Started ${status.binary.path} (${status.binary.source}).`);
    this.#report(status);
  }
}

/** The server would open the page's text; VS Code has a preview for it. */
async function explainOr(command: string, values: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
  const [rule] = values;
  if (command !== "querylint.explain" || typeof rule !== "string") return next(command, values);
  return openPage(rule);
}

function statusOf(state: State, client: LanguageClient, binary: Binary): Status {
  switch (state) {
    case State.Starting:
      return { kind: "starting", binary };
    case State.Running:
      return { kind: "running", binary, version: client.initializeResult?.serverInfo?.version ?? "" };
    default:
      return { kind: "failed", problem: `The server does not run: ${binary.path}` };
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
