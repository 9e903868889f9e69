// What package.json declares is what the code registers and reads.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, { scope: string }> } };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
};
const code = readdirSync(join(root, "src"))
  .map((name) => readFileSync(join(root, "src", name), "utf8"))
  .join("\n");
const settings = manifest.contributes.configuration.properties;

function matches(pattern: RegExp): string[] {
  return [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ""))].sort();
}

test("every command is registered, and every registered one is declared", () => {
  const declared = manifest.contributes.commands.map(({ command }) => command).sort();
  assert.deepEqual(matches(/registerCommand\("([\w.]+)"/g), declared);
});

test("every setting is read, and every one that is read is declared", () => {
  const readByTheClient = "querylint.trace.server";
  const read = matches(/settings\.get(?:<\w+>)?\("([\w.]+)"/g).map((name) => `querylint.${name}`);
  assert.deepEqual([...read, readByTheClient].sort(), Object.keys(settings).sort());
});

test("no workspace chooses a program before it is trusted, and none ever writes the path", () => {
  assert.equal(settings["querylint.path"]?.scope, "machine");
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  assert.deepEqual(restricted.sort(), ["querylint.importStrategy", "querylint.path"]);
});
