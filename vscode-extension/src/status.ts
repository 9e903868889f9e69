// The status item: which querylint runs, or why none does. It stands with the language of Python files.

import { type LanguageStatusItem, languages, LanguageStatusSeverity } from "vscode";

import type { Binary } from "./binary.ts";

export type Status =
  | { readonly kind: "starting"; readonly binary: Binary }
  | { readonly kind: "running"; readonly binary: Binary; readonly version: string }
  | { readonly kind: "off" }
  | { readonly kind: "failed"; readonly problem: string };

export const selector = [{ scheme: "file", language: "python" }];

export function createStatusItem(): LanguageStatusItem {
  const item = languages.createLanguageStatusItem("querylint.status", selector);
  item.name = "querylint";
  return item;
}

export function show(status: Status, item: LanguageStatusItem): void {
  item.busy = status.kind === "starting";
  item.text = status.kind === "running" ? `querylint ${status.version}` : "querylint";
  item.detail = detailOf(status);
  item.severity = status.kind === "failed" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
  item.command =
    status.kind === "failed"
      ? { title: "Show Logs", command: "querylint.showLogs" }
      : { title: "Restart", command: "querylint.restart" };
}

function detailOf(status: Status): string {
  switch (status.kind) {
    case "starting":
      return "starting";
    case "running":
      return describe(status.binary);
    case "off":
      return "switched off by querylint.enable";
    case "failed":
      return status.problem;
  }
}

/** `bundled`, or where it comes from and which file that is. */
export function describe(binary: Binary): string {
  return binary.source === "bundled" ? "bundled" : `${binary.source}: ${binary.path}`;
}
