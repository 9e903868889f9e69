// Validates SARIF logs: node validate.mjs FILE...
//
// Each log must satisfy the OASIS schema and have no error under Microsoft's multitool with the rules
// of the standard and of GitHub Advanced Security. Exits with 1 and a list of errors otherwise.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const multitool = createRequire(import.meta.url)('@microsoft/sarif-multitool');

/** The multitool brings the OASIS schema along, so that no copy of it is kept here. */
function schemaValidator() {
  const path = join(dirname(multitool), 'sarif-2.1.0.json');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
}

function schemaErrors(validate, log) {
  if (validate(log)) return [];
  return validate.errors.map((error) => `schema: ${error.instancePath || '/'} ${error.message}`);
}

/** The multitool's own log on a log. Its exit code is 0 even when it found errors. */
function multitoolLog(file, folder) {
  const out = join(folder, 'out.sarif');
  const options = ['--rule-kind', 'Sarif;Ghas', '-o', out, '--log', 'ForceOverwrite'];
  const run = spawnSync(multitool, ['validate', file, ...options], {
    encoding: 'utf8',
    env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
  });
  if (run.error || run.status !== 0) {
    throw new Error(`the multitool failed: ${run.error ?? run.stdout + run.stderr}`);
  }
  return JSON.parse(readFileSync(out, 'utf8')).runs[0];
}

function textOf(result, rules) {
  const { id, text, arguments: values = [] } = result.message;
  const rule = rules.find((candidate) => candidate.id === result.ruleId);
  const template = text ?? rule?.messageStrings?.[id]?.text ?? id;
  return template.replace(/\{(\d+)\}/g, (_, number) => values[number]);
}

function multitoolErrors(file, folder) {
  const run = multitoolLog(file, folder);
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

function main(files) {
  if (files.length === 0) throw new Error('usage: node validate.mjs FILE...');
  chmodSync(multitool, 0o755);
  const validate = schemaValidator();
  const folder = mkdtempSync(join(tmpdir(), 'querylint-sarif-'));
  let count = 0;
  try {
    for (const file of files) {
      const log = JSON.parse(readFileSync(file, 'utf8'));
      const errors = [...schemaErrors(validate, log), ...multitoolErrors(file, folder)];
      for (const error of errors) console.error(`${file}: ${error}`);
      count += errors.length;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${files.length} SARIF file(s), ${count} error(s)`);
  return count === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
