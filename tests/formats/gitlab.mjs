// GitLab's code quality report: what its documentation asks of an issue, and no byte order mark.
import Ajv from 'ajv';

const text = { type: 'string', minLength: 1 };
const closed = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const schema = {
  type: 'array',
  items: closed({
    description: text,
    check_name: text,
    fingerprint: text,
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: closed({
      path: { type: 'string', pattern: '^(?!/|\\./|\\.\\./)' },
      lines: closed({ begin: { type: 'integer', minimum: 1 } }),
    }),
  }),
};

const validate = new Ajv({ allErrors: true }).compile(schema);

export function errors(report) {
  const issues = JSON.parse(report);
  const found = [];
  if (!validate(issues)) {
    found.push(...validate.errors.map((error) => `${error.instancePath || '/'} ${error.message}`));
  }
  const known = new Set();
  for (const { fingerprint } of issues) {
    if (known.has(fingerprint)) found.push(`${fingerprint} stands for two issues`);
    known.add(fingerprint);
  }
  return found;
}
