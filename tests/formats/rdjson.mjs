// The Reviewdog Diagnostic Format, by the schema of its validator.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';

// The package's own entry loads a command line that needs a newer node.
const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@umbrelladocs/rdformat-validator'));
const { getSchema } = require(join(folder, 'types/schema.js'));

// `rdformat` takes any of three shapes; only the result of a run is `rdjson`.
const validate = new Ajv({ allErrors: true, strict: false }).compile(
  getSchema('rdformat').oneOf.find((schema) => schema.title === 'DiagnosticResult'),
);

export function errors(report) {
  if (validate(JSON.parse(report))) return [];
  return validate.errors.map((error) => `${error.instancePath || '/'} ${error.message}`);
}

/** Columns are bytes. */
export function marked(report, textOfFile) {
  return JSON.parse(report).diagnostics.map(({ location: { path, range } }) => {
    const line = Buffer.from(textOfFile(path).split('\n')[range.start.line - 1]);
    const code = line.subarray(range.start.column - 1, range.end.column - 1);
    return `${path}:${range.start.line} ${code}`;
  });
}
