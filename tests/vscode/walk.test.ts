// A walk through the extension in a real VS Code, as a person would take it. Takes the package from
// QUERYLINT_VSIX and leaves pictures in QUERYLINT_PICTURES. With QUERYLINT_BLESS=1 those that the README
// shows go to vscode-extension/images.

import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { startCodeServer } from "./code_server.ts";
import { processesOf } from "./processes.ts";
import { eventually, startBrowser, Workbench } from "./workbench.ts";

const examples = join(import.meta.dirname, "../../examples");
const vsix = required("QUERYLINT_VSIX");
const pictures = required("QUERYLINT_PICTURES");
const shown = process.env["QUERYLINT_BLESS"] ? join(import.meta.dirname, "../../vscode-extension/images") : pictures;
/** What is said of line 54 of the example's reports.py. */
const orders = "1 + N queries, one per row of Order";
const repairing = ['Add .select_related("customer__user")', "customer__user"] as const;
const ignoring = ["Ignore lazy-relation-in-loop on this line", "ignore[lazy-relation-in-loop]"] as const;
let browser: Browser;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await startBrowser();
});
after(() => browser.close());

function serversOf(folder: string): number[] {
  return processesOf(join(folder, "extensions"));
}

function required(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

function writeSettings(project: string, settings: Record<string, unknown>): void {
  mkdirSync(join(project, ".vscode"), { recursive: true });
  writeFileSync(join(project, ".vscode/settings.json"), JSON.stringify(settings));
}

interface Window {
  readonly workbench: Workbench;
  /** Holds copies of the examples and everything that VS Code writes. */
  readonly folder: string;
}

interface Preparation {
  /** Makes what is to be opened and gives its path. */
  readonly layOut: (folder: string) => string;
  readonly asksForTrust: boolean;
}

/** Runs `walk` in a window of a fresh VS Code; one that fails leaves a picture of its end. */
async function inWindow(name: string, { layOut, asksForTrust }: Preparation, walk: (window: Window) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), "querylint-vscode-"));
  cpSync(examples, join(folder, "examples"), { recursive: true });
  const place = layOut(folder);
  const server = await startCodeServer(folder, vsix, asksForTrust);
  const workbench = await Workbench.start(browser);
  try {
    await workbench.open(server.url, place);
    await walk({ workbench, folder });
  } catch (error) {
    await workbench.save(join(pictures, `failed-${name}.png`));
    throw error;
  } finally {
    await workbench.page.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const bookshop = { layOut: (folder: string) => join(folder, "examples/bookshop"), asksForTrust: false };

test("findings, what can be done about them, and a server that dies", () =>
  inWindow("folder", bookshop, async ({ workbench, folder }) => {
    await workbench.openFile("reports.py");
    await seeFindings(workbench);
    await seeHover(workbench);
    await actAndUndo(workbench, ...repairing);
    await readTheRule(workbench);
    await killTheServer(folder);
    await workbench.showTab("reports.py");
    await actAndUndo(workbench, ...ignoring);
    await useCommands(workbench, folder);
    await changeAFileOnDisk(workbench, folder);
    await switchOffAndOn(workbench, folder);
  }));

/** Line 54 of reports.py has one, and tells three other places that belong to it, one in another file. */
async function seeFindings(workbench: Workbench): Promise<void> {
  await workbench.squiggles.first().waitFor();
  await workbench.showProblems("customer__user");
  const finding = workbench.problems.filter({ hasText: orders });
  await finding.locator("a", { hasText: "lazy-relation-in-loop" }).waitFor();
  for (const place of ["reports.py[Ln 55, Col 61]", "reports.py[Ln 55, Col 13]", "models.py[Ln 65, Col 16]"]) {
    await workbench.problems.filter({ hasText: place }).waitFor();
  }
  await workbench.showProblems("lazy-relation");
  await workbench.focusEditor();
  await workbench.goTo(54, 5);
  await workbench.save(join(shown, "problems.png"));
}

async function seeHover(workbench: Workbench): Promise<void> {
  await workbench.goTo(54, 65);
  await workbench.showHover();
  await workbench.hover.filter({ hasText: orders }).waitFor();
  await workbench.hover.filter({ hasText: "A relation that the query did not load is read once per row" }).waitFor();
  await workbench.save(join(pictures, "hover.png"));
  await workbench.page.keyboard.press("Escape");
}

/** Takes the action called `title`, which writes `written` and makes the finding go; undoing brings it back. */
async function actAndUndo(workbench: Workbench, title: string, written: string): Promise<void> {
  const finding = workbench.problems.filter({ hasText: orders });
  await finding.waitFor();
  await workbench.focusEditor();
  await workbench.goTo(54, 65);
  const action = (await workbench.showActions()).filter({ hasText: title });
  await action.waitFor();
  if (title === repairing[0]) await workbench.save(join(shown, "actions.png"));
  await action.click({ force: true }); // the menu of VS Code 1.100 never comes to rest
  await finding.waitFor({ state: "detached" });
  await workbench.page.locator(".view-line", { hasText: written }).waitFor();
  await workbench.page.keyboard.press("Control+z");
  await finding.waitFor();
}

async function readTheRule(workbench: Workbench): Promise<void> {
  await workbench.runCommand("querylint: Explain Rule");
  const page = workbench.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  await page.locator("h1", { hasText: "lazy-relation-in-loop" }).waitFor();
}

async function killTheServer(folder: string): Promise<void> {
  const [first] = serversOf(folder);
  assert(first !== undefined);
  process.kill(first, "SIGKILL");
  await eventually("another server is started", () => serversOf(folder).some((server) => server !== first));
}

async function useCommands(workbench: Workbench, folder: string): Promise<void> {
  const old = serversOf(folder);
  await workbench.runCommand("querylint: Restart Server");
  await eventually("the server is another one", () => {
    const servers = serversOf(folder);
    return servers.length === 1 && servers[0] !== old[0];
  });
  await workbench.runCommand("querylint: Show Version");
  await workbench.toasts.filter({ hasText: /^querylint \d+\.\d+\.\d+, bundled/ }).waitFor();
  await workbench.runCommand("querylint: Show Logs");
  await workbench.filterPanel(""); // VS Code filters the log by what the problems were filtered by
  await workbench.page.locator(".output-view .view-line", { hasText: "Started" }).first().waitFor();
  await workbench.status(/querylint \d+\.\d+\.\d+, bundled/).waitFor();
}

/** The file is not open: what is told of it follows what somebody else writes. */
async function changeAFileOnDisk(workbench: Workbench, folder: string): Promise<void> {
  await workbench.showProblems("save-in-loop");
  const finding = workbench.problems.filter({ hasText: "N UPDATE statements, one per row of Book" });
  await finding.waitFor();
  writeFileSync(join(folder, "examples/bookshop/shop/pricing.py"), "");
  await finding.waitFor({ state: "detached" });
}

async function switchOffAndOn(workbench: Workbench, folder: string): Promise<void> {
  const project = join(folder, "examples/bookshop");
  writeSettings(project, { "querylint.enable": false });
  await workbench.status(/querylint, switched off/).waitFor();
  await workbench.squiggles.first().waitFor({ state: "detached" });
  assert.deepEqual(serversOf(folder), []);
  writeSettings(project, {});
  await workbench.squiggles.first().waitFor();
}

function layOutTwoRoots(folder: string): string {
  const workspace = join(folder, "both.code-workspace");
  const folders = ["bookshop", "bookservice"].map((name) => ({ path: join(folder, "examples", name) }));
  writeFileSync(workspace, JSON.stringify({ folders }));
  return workspace;
}

test("two folders have one server, and one of them can go", () =>
  inWindow("two-folders", { layOut: layOutTwoRoots, asksForTrust: false }, async ({ workbench, folder }) => {
    await workbench.openFile("views.py");
    await workbench.showProblems("customer__user");
    await workbench.problems.filter({ hasText: orders }).waitFor();
    await workbench.showProblems("joinedload");
    const inService = workbench.problems.filter({ hasText: "1 + N queries, one per row of Review" });
    await inService.waitFor();
    assert.equal(serversOf(folder).length, 1);
    await workbench.runCommand("Workspaces: Remove Folder from Workspace", "bookservice");
    await inService.waitFor({ state: "detached" });
    await workbench.showProblems("customer__user");
    await workbench.problems.filter({ hasText: orders }).waitFor();
  }));

/** A project that would have a program of its own started, in all the ways that settings have. */
function layOutATrap(folder: string): string {
  const project = join(folder, "examples/bookshop");
  const program = join(project, ".venv/bin/querylint");
  mkdirSync(join(project, ".venv/bin"), { recursive: true });
  writeFileSync(program, `#!/bin/sh\ntouch ${folder}/was-run\nexec ${folder}/extensions/*/bin/querylint "$@"\n`);
  chmodSync(program, 0o755);
  writeSettings(project, { "querylint.path": program, "querylint.importStrategy": "fromEnvironment" });
  return project;
}

test("a folder that is not trusted starts nothing of its own", () =>
  inWindow("not-trusted", { layOut: layOutATrap, asksForTrust: true }, async ({ workbench, folder }) => {
    const wasRun = (): boolean => existsSync(join(folder, "was-run"));
    await workbench.page.locator('[id="status.workspaceTrust"]', { hasText: "Restricted Mode" }).waitFor();
    await workbench.openFile("reports.py");
    await workbench.squiggles.first().waitFor();
    await workbench.status(/querylint \d+\.\d+\.\d+, bundled/).waitFor();
    assert(!wasRun());
    await workbench.runCommand("Workspaces: Manage Workspace Trust");
    await workbench.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await eventually("the environment's is started", wasRun);
    await workbench.status(/Python environment: .*\/bookshop\/\.venv\/bin\/querylint/).waitFor();
  }));
