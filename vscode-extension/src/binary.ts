// Which `querylint` is started. Knows nothing of VS Code, so that tests can ask it everything.

import { isAbsolute, join } from "node:path";

export type ImportStrategy = "useBundled" | "fromEnvironment";

/** Where a binary comes from, in words that people read. */
export type Source = "bundled" | "querylint.path" | "Python environment" | "PATH";

export interface Binary {
  readonly path: string;
  readonly source: Source;
}

/** What the choice depends on. Paths are absolute, but for the setting, which a person writes. */
export interface Situation {
  readonly isTrusted: boolean;
  /** Where the extension's own binary lies, if it was packaged with one. */
  readonly bundled: string;
  /** `querylint.path`; empty when it is not set. */
  readonly setting: string;
  readonly strategy: ImportStrategy;
  /** Folders of programs of the Python environment, the most telling first. */
  readonly environment: readonly string[];
  /** The value of PATH. */
  readonly searchPath: string;
  readonly home: string;
  readonly isExecutable: (path: string) => boolean;
}

/**
 * The binary to start, or why there is none. A workspace that is not trusted gets the bundled one and
 * no other. A setting that leads nowhere is an error: to start something else would hide it.
 */
export function findBinary(situation: Situation): Binary | { readonly problem: string } {
  const bundled = firstOf([situation.bundled], "bundled", situation);
  if (!situation.isTrusted) {
    return bundled ?? { problem: "The extension has no binary of its own, and the workspace is not trusted." };
  }
  if (situation.setting !== "") return findSetting(situation);
  const installed =
    firstOf(programsIn(situation.environment), "Python environment", situation) ??
    firstOf(programsIn(situation.searchPath.split(":")), "PATH", situation);
  const found = situation.strategy === "useBundled" ? (bundled ?? installed) : (installed ?? bundled);
  return found ?? { problem: "There is no querylint in the Python environment or on PATH: set `querylint.path`." };
}

function findSetting(situation: Situation): Binary | { readonly problem: string } {
  const path = situation.setting.replace(/^~(?=\/)/, situation.home);
  const found = isAbsolute(path) ? firstOf([path], "querylint.path", situation) : undefined;
  return found ?? { problem: `\`querylint.path\` is not the absolute path of a program: ${situation.setting}` };
}

/** The parts of PATH that are not absolute would lead into whatever folder is open. */
function programsIn(folders: readonly string[]): string[] {
  return folders.filter((folder) => isAbsolute(folder)).map((folder) => join(folder, "querylint"));
}

function firstOf(paths: readonly string[], source: Source, situation: Situation): Binary | undefined {
  const path = paths.find(situation.isExecutable);
  return path === undefined ? undefined : { path, source };
}
