// SARIF: the OASIS schema, and Microsoft's multitool with the rules of the standard and of GitHub
// Advanced Security.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const multitool = createRequire(import.meta.url)('@microsoft/sarif-multitool');
chmodSync(multitool, 0o755); // npm runs no install scripts, so nobody has done that yet

/** The multitool brings the OASIS schema along, so that no copy of it is kept here. */
function schemaValidator() {
  const path = join(dirname(multitool), 'sarif-2.1.0.json');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
}

const validate = schemaValidator();

function schemaErrors(log) {
  if (validate(log)) return [];
  return validate.errors.map((error) => `schema: ${error.instancePath || '/'} ${error.message}`);
}

/** The multitool's own log on a log. Its exit code is 0 even when it found errors. */
function multitoolLog(report) {
  const folder = mkdtempSync(join(tmpdir(), 'sarif-'));
  try {
    const file = join(folder, 'in.sarif');
    const out = join(folder, 'out.sarif');
    writeFileSync(file, report);
    const options = ['--rule-kind', 'Sarif;Ghas', '-o', out, '--log', 'ForceOverwrite'];
    const run = spawnSync(multitool, ['validate', file, ...options], {
      encoding: 'utf8',
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    if (run.error || run.status !== 0) {
      throw new Error(`the multitool failed: ${run.error ?? run.stdout + run.stderr}`);
    }
    return JSON.parse(readFileSync(out, 'utf8')).runs[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function textOf(result, rules) {
  const { id, text, arguments: values = [] } = result.message;
  const rule = rules.find((candidate) => candidate.id === result.ruleId);
  const template = text ?? rule?.messageStrings?.[id]?.text ?? id;
  return template.replace(/\{(\d+)\}/g, (_, number) => values[number]);
}

function multitoolErrors(report) {
  const run = multitoolLog(report);
  const failures = run.invocations?.flatMap((call) => call.toolExecutionNotifications ?? []) ?? [];
  return [
    ...failures
      .filter((failure) => failure.level === 'error')
      .map((failure) => `multitool: ${failure.message.text}`),
    ...run.results
      .filter((result) => result.level === 'error')
      .map((result) => `${result.ruleId}: ${textOf(result, run.tool.driver.rules)}`),
  ];
}

export function errors(report) {
  return [...schemaErrors(JSON.parse(report)), ...multitoolErrors(report)];
}

/** Columns are UTF-16 units, which is how strings are indexed here. */
export function marked(report, textOfFile) {
  return JSON.parse(report).runs[0].results.map((result) => {
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    const path = decodeURIComponent(artifactLocation.uri);
    const line = textOfFile(path).split('\n')[region.startLine - 1];
    return `${path}:${region.startLine} ${line.slice(region.startColumn - 1, region.endColumn - 1)}`;
  });
}
