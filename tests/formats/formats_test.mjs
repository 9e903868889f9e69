// Reports of real runs, by the schemas and validators of those who read them. QUERYLINT names the
// binary; the working folder is the repository.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as github from './github.mjs';
import * as gitlab from './gitlab.mjs';
import * as json from './json.mjs';
import * as junit from './junit.mjs';
import * as rdjson from './rdjson.mjs';
import * as sarif from './sarif.mjs';

const readers = { github, gitlab, junit, rdjson, sarif };
const golden = 'tests/golden/project';

const empty = mkdtempSync(join(tmpdir(), 'querylint-formats-'));
after(() => rmSync(empty, { recursive: true }));

/** What a run prints; variables of the server that runs this test would change its paths. */
function report(format, folder, options = []) {
  const { CI_PROJECT_DIR, GITHUB_STEP_SUMMARY, GITHUB_WORKSPACE, ...env } = process.env;
  const run = spawnSync(
    process.env.QUERYLINT,
    ['check', '.', '--no-cache', '--output-format', format, ...options],
    { cwd: folder, encoding: 'utf8', env, maxBuffer: 2 ** 28 },
  );
  assert.ok(run.status === 0 || run.status === 1, run.stderr);
  return run.stdout;
}

for (const [format, reader] of Object.entries(readers)) {
  test(`${format} of the bookshop with all rules`, async () => {
    const text = report(format, 'examples/bookshop', ['--select', 'ALL']);
    assert.match(text, /lazy-relation-in-loop/);
    assert.deepEqual(await reader.errors(text), []);
  });
  test(`${format} with wide characters`, async () => {
    assert.deepEqual(await reader.errors(report(format, golden)), []);
  });
  test(`${format} of nothing`, async () => {
    assert.deepEqual(await reader.errors(report(format, empty)), []);
  });
}

test('columns mark the same code in each format', () => {
  const textOfFile = (path) => readFileSync(join(golden, path), 'utf8');
  const marked = json.marked(report('json', golden), textOfFile).sort();
  assert.ok(marked.includes('shop/views.py:7 book.author'), marked.join('\n'));
  for (const [format, reader] of Object.entries({ github, rdjson, sarif })) {
    assert.deepEqual(reader.marked(report(format, golden), textOfFile).sort(), marked, format);
  }
});

/** Each turns a report of the format into one that its readers refuse. */
const damages = {
  github: [
    (text) => text.replace(/endLine=\d+/, 'endLine=9999'),
    (text) => text.replace('::error ', '::oops '),
    (text) => text + text.repeat(4),
  ],
  gitlab: [
    (text) => text.replace('"minor"', '"small"'),
    (text) => text.replace('"begin"', '"start"'),
    (text) => text.replace(/"path": "/, '"path": "/'),
    (text) => JSON.stringify([...JSON.parse(text), ...JSON.parse(text)]),
  ],
  junit: [
    (text) => text.replace(/ tests="\d+"/g, ''),
    (text) => text.replace('</testsuite>', ''),
    (text) => text.replace(/line="\d+"/, 'line="0"'),
    (text) => text.replaceAll('failure', 'problem'),
  ],
  rdjson: [
    (text) => text.replace('"WARNING"', '"warning"'),
    (text) => text.replace('"column": ', '"column": -'),
    (text) => text.replace('"related_locations"', '"related"'),
    (text) => JSON.stringify(JSON.parse(text).diagnostics),
  ],
  sarif: [
    (text) => text.replace(/"startColumn": \d+/, '"startColumn": 0'),
    (text) => text.replace('"startLine"', '"beginLine"'),
  ],
};

for (const [format, all] of Object.entries(damages)) {
  test(`${format} that is damaged is refused`, async () => {
    const text = report(format, golden);
    for (const damage of all) {
      const damaged = damage(text);
      assert.notEqual(damaged, text, String(damage));
      assert.notDeepEqual(await readers[format].errors(damaged), [], String(damage));
    }
  });
}
