// Which binary is started, in every situation.
import assert from "node:assert/strict";
import { test } from "node:test";

import { findBinary, type Situation } from "../src/binary.ts";

const bundled = "/extension/bin/querylint";
const local = "/work/.venv/bin/querylint";
const global = "/usr/bin/querylint";
const chosen = "/home/ada/querylint";

/** Everything is there and nothing is set, but for what a test says. */
function situation(differences: Partial<Situation>, programs = [bundled, local, global, chosen]): Situation {
  return {
    isTrusted: true,
    bundled,
    setting: "",
    strategy: "useBundled",
    environment: ["/elsewhere/bin", "/work/.venv/bin"],
    searchPath: "/usr/local/bin:/usr/bin",
    home: "/home/ada",
    isExecutable: (path) => programs.includes(path),
    ...differences,
  };
}

test("the extension's own is the usual one", () => {
  assert.deepEqual(findBinary(situation({})), { path: bundled, source: "bundled" });
});

test("a setting goes before everything", () => {
  for (const strategy of ["useBundled", "fromEnvironment"] as const) {
    const found = findBinary(situation({ setting: chosen, strategy }));
    assert.deepEqual(found, { path: chosen, source: "querylint.path" });
  }
});

test("a setting may begin with the home folder", () => {
  assert.deepEqual(findBinary(situation({ setting: "~/querylint" })), { path: chosen, source: "querylint.path" });
});

test("a setting that leads nowhere is an error that names it", () => {
  for (const setting of ["/gone/querylint", "querylint", "./bin/querylint", "~ada/querylint"]) {
    const found = findBinary(situation({ setting }));
    assert("problem" in found, setting);
    assert.match(found.problem, new RegExp(`querylint\\.path.*${setting.replaceAll(".", "\\.")}$`));
  }
});

test("the environment's goes before PATH's, and that before the extension's own, if asked for", () => {
  const strategy = "fromEnvironment";
  const search = (programs: string[]) => findBinary(situation({ strategy }, programs));
  assert.deepEqual(search([bundled, local, global]), { path: local, source: "Python environment" });
  assert.deepEqual(search([bundled, global]), { path: global, source: "PATH" });
  assert.deepEqual(search([bundled]), { path: bundled, source: "bundled" });
});

test("without one of its own the extension takes what is installed", () => {
  assert.deepEqual(findBinary(situation({}, [local, global])), { path: local, source: "Python environment" });
  assert.deepEqual(findBinary(situation({}, [global])), { path: global, source: "PATH" });
  assert("problem" in findBinary(situation({}, [])));
});

test("PATH is searched from front to back, without what depends on the open folder", () => {
  const first = "/usr/local/bin/querylint";
  const strategy = "fromEnvironment";
  assert.deepEqual(findBinary(situation({ strategy }, [first, global])), { path: first, source: "PATH" });
  const found = findBinary(situation({ strategy, searchPath: ".::bin" }, ["querylint", "bin/querylint", bundled]));
  assert.deepEqual(found, { path: bundled, source: "bundled" });
});

test("a workspace that is not trusted gets the extension's own, whatever is set", () => {
  const untrusted = { isTrusted: false, setting: chosen, strategy: "fromEnvironment" } as const;
  assert.deepEqual(findBinary(situation(untrusted)), { path: bundled, source: "bundled" });
  assert("problem" in findBinary(situation(untrusted, [chosen, local, global])));
});
