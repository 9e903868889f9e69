// action.yml and the problem matcher, by the validator of actions and on real output. The working
// folder is the repository; QUERYLINT names the binary.
import { validateAction } from '@action-validator/core';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const action = readFileSync('action.yml', 'utf8');

test('action.yml is valid', () => {
  assert.deepEqual(validateAction(action).errors, []);
});

test('an action.yml with damage is not', () => {
  for (const [what, instead] of [['using: composite', 'using: compose'], ['shell: bash', 'sell: bash'],
    ['default: .', 'default: [1]']]) {
    const damaged = action.replace(what, instead);
    assert.notEqual(damaged, action);
    assert.notDeepEqual(validateAction(damaged).errors, [], what);
  }
});

test('no input reaches the shell but through the environment', () => {
  const lines = action.split('\n');
  const run = lines.filter((line) => /^\s*(- )?run:/.test(line));
  assert.ok(run.length >= 3);
  for (const line of run) {
    assert.doesNotMatch(line, /\$\{\{/);
    assert.doesNotMatch(line, /run: *[|>]/, 'what follows would not be looked at');
  }
});

test('other actions are pinned to a commit', () => {
  const uses = [...action.matchAll(/uses: (\S+)/g)].map((match) => match[1]);
  assert.ok(uses.length > 0);
  for (const name of uses) assert.match(name, /@[0-9a-f]{40}$/);
});

/** What the first matcher that fits a line takes out of it. */
function matched(line) {
  const { problemMatcher } = JSON.parse(readFileSync('.github/querylint-matcher.json', 'utf8'));
  for (const { severity, pattern: [pattern] } of problemMatcher) {
    const groups = line.match(new RegExp(pattern.regexp));
    if (!groups) continue;
    const { regexp, ...fields } = pattern;
    const values = Object.entries(fields).map(([name, group]) => [name, groups[group]]);
    return { severity, ...Object.fromEntries(values) };
  }
  return undefined;
}

function report(format) {
  const run = spawnSync(
    process.env.QUERYLINT,
    ['check', '.', '--no-cache', '--select', 'ALL', '--output-format', format],
    { cwd: 'examples/bookshop', encoding: 'utf8' },
  );
  assert.equal(run.status, 1, run.stderr);
  return run.stdout;
}

test('the problem matcher reads every line of `concise`', () => {
  const found = report('concise').split('\n').slice(0, -1).map(matched);
  const expected = JSON.parse(report('json')).diagnostics.map((one) => ({
    severity: one.severity === 'advice' ? 'notice' : one.severity,
    file: one.path,
    line: String(one.line),
    column: String(one.column),
    code: one.rule,
    message: one.message,
  }));
  assert.deepEqual(found, expected);
  for (const severity of ['error', 'warning', 'notice']) {
    assert.ok(found.some((one) => one.severity === severity), severity);
  }
});
