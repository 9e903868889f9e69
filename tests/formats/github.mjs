// Commands of GitHub Actions, taken apart as the runner does it.
const properties = ['title', 'file', 'line', 'endLine', 'col', 'endColumn'];
const most = 10;

const decoded = (text, special) =>
  special.reduce((done, [code, character]) => done.replaceAll(code, character), text);
const dataOf = (text) => decoded(text, [['%0D', '\r'], ['%0A', '\n'], ['%25', '%']]);
const propertyOf = (text) =>
  decoded(text, [['%0D', '\r'], ['%0A', '\n'], ['%3A', ':'], ['%2C', ','], ['%25', '%']]);

/** The commands of a log; a line that is none is an error of its own. */
function commands(report) {
  return report.split('\n').slice(0, -1).map((line) => {
    const match = line.match(/^::(error|warning|notice) ([^:]*)::(.+)$/);
    if (!match) return { error: `no command: ${line}` };
    const pairs = match[2].split(',').map((pair) => pair.split('='));
    const values = pairs.map(([name, ...value]) => [name, propertyOf(value.join('='))]);
    return { level: match[1], message: dataOf(match[3]), ...Object.fromEntries(values) };
  });
}

function commandErrors({ error, level, message, ...values }) {
  if (error) return [error];
  const found = Object.keys(values)
    .filter((name) => !properties.includes(name))
    .map((name) => `no property: ${name}`);
  for (const name of ['line', 'endLine', 'col', 'endColumn']) {
    if (name in values && !/^[1-9]\d*$/.test(values[name])) found.push(`${name} is no number`);
  }
  if ('col' in values && values.line !== values.endLine) found.push('columns across lines');
  return found;
}

export function errors(report) {
  const all = commands(report);
  const found = all.flatMap(commandErrors);
  for (const level of ['error', 'warning', 'notice']) {
    const count = all.filter((command) => command.level === level).length;
    if (count > most) found.push(`${count} annotations of level ${level}`);
  }
  return found;
}

/** Columns are code points. */
export function marked(report, textOfFile) {
  return commands(report)
    .filter(({ file }) => file)
    .map(({ file, line, col, endColumn }) => {
      const code = [...textOfFile(file).split('\n')[line - 1]].slice(col - 1, endColumn - 1);
      return `${file}:${line} ${code.join('')}`;
    });
}
