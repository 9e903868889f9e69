// VS Code as a person uses it: its window in a browser, keys and what stands on the screen.

import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** How long anything may take on a slow machine before it counts as broken. */
const patience = 60_000;

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
  });
}

/** Waits until `holds` gives true, and fails with `what` when it never does. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export class Workbench {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async start(browser: Browser): Promise<Workbench> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
    page.setDefaultTimeout(patience);
    return new Workbench(page);
  }

  /** Opens `place`, a folder or a `.code-workspace` file, and waits until its files are listed. */
  async open(url: string, place: string): Promise<void> {
    const kind = place.endsWith(".code-workspace") ? "workspace" : "folder";
    await this.page.goto(`${url}?${kind}=${encodeURIComponent(place)}`);
    await this.page.locator(".explorer-viewlet .monaco-list-row").first().waitFor();
  }

  /** Opens a file by its name, which must be the first of that name that the search finds. */
  async openFile(name: string): Promise<void> {
    await this.#pick("Control+p", name, name);
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
  }

  /** Turns to a file that is open. */
  async showTab(name: string): Promise<void> {
    await this.page.locator(".tab", { hasText: name }).click();
  }

  /** Runs a command by its title, as the palette has it, and picks `choice` of what it then asks. */
  async runCommand(title: string, choice?: string): Promise<void> {
    await this.#pick("F1", `>${title}`, title);
    if (choice !== undefined) await this.#choose(choice);
    await this.#isDone();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press("Control+g");
    await this.page.locator(".quick-input-widget input").fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.#isDone();
  }

  /** Types `words` into what `key` opens, and picks the row that has all of `row`. */
  async #pick(key: string, words: string, row: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page.locator(".quick-input-widget input").fill(words);
    await this.#choose(row);
  }

  async #choose(row: string): Promise<void> {
    await this.page.mouse.move(0, 0); // where it last was, its hover would hide rows
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first().click();
  }

  async #isDone(): Promise<void> {
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** The wavy underlines of the open file that can be seen. */
  get squiggles(): Locator {
    return this.page.locator(".squiggly-error, .squiggly-warning, .squiggly-info");
  }

  /** Rows of the list of problems that can be seen: files, findings and, below them, related places. */
  get problems(): Locator {
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  get toasts(): Locator {
    return this.page.locator(".notification-toast");
  }

  get hover(): Locator {
    return this.page.locator(".monaco-hover:not(.hidden) .hover-row");
  }

  /** Shows the problems that `filter` lets through: a glob of files, or words. */
  async showProblems(filter: string): Promise<void> {
    await this.runCommand("Problems: Focus on Problems View");
    await this.filterPanel(filter);
  }

  /** Fills in the filter of what the panel shows, which is another one when it gets the focus. */
  async filterPanel(words: string): Promise<void> {
    const input = this.page.locator(".panel input:visible").first();
    await eventually(`the filter is ${words}`, async () => {
      await input.fill(words);
      await this.page.waitForTimeout(300);
      return (await input.inputValue()) === words;
    });
  }

  async focusEditor(): Promise<void> {
    await this.page.keyboard.press("Control+1");
  }

  async showHover(): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await this.page.keyboard.press("Control+i");
    await this.hover.first().waitFor();
  }

  /** Opens the menu of what can be done about the code at the cursor, and gives its rows. */
  async showActions(): Promise<Locator> {
    await this.page.keyboard.press("Control+.");
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    await rows.first().waitFor();
    return rows;
  }

  /** The language status while what it says of querylint is like `text`. */
  status(text: RegExp): Locator {
    return this.page.locator('[id="status.languageStatus"]').and(this.page.getByLabel(text));
  }

  /** A picture of the window, once what moves in it has come to rest. */
  async save(path: string): Promise<void> {
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path });
  }
}
