// The schema of the configuration, as a validator reads it. QUERYLINT names the binary.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import Ajv from 'ajv';

const printed = spawnSync(process.env.QUERYLINT, ['schema'], { encoding: 'utf8' }).stdout;
const isValid = new Ajv({ strict: true }).compile(JSON.parse(printed));

test('what the README shows is valid', () => {
  const config = {
    select: ['loops', 'counting'],
    ignore: ['create-in-loop'],
    exclude: ['legacy/**'],
    'source-roots': ['src'],
    'include-tests': false,
    baseline: 'querylint-baseline.json',
    'per-path-ignores': { '*/management/commands/*': ['loops'] },
  };
  assert.ok(isValid(config), JSON.stringify(isValid.errors));
  assert.ok(isValid({}));
});

for (const mistake of [
  { selekt: [] },
  { select: 'loops' },
  { select: ['lops'] },
  { exclude: [1] },
  { 'include-tests': 1 },
  { baseline: ['known.json'] },
  { 'per-path-ignores': ['loops'] },
  { 'per-path-ignores': { 'a/*': ['lops'] } },
]) {
  test(`${JSON.stringify(mistake)} is not`, () => assert.ok(!isValid(mistake)));
}
