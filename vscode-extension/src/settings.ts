// The settings, as package.json declares them.

import { workspace } from "vscode";

import type { ImportStrategy } from "./binary.ts";

export interface Settings {
  readonly enable: boolean;
  readonly path: string;
  readonly importStrategy: ImportStrategy;
}

export function readSettings(): Settings {
  const settings = workspace.getConfiguration("querylint");
  return {
    enable: settings.get("enable", true),
    path: settings.get("path", "").trim(),
    importStrategy: settings.get<ImportStrategy>("importStrategy", "useBundled"),
  };
}
