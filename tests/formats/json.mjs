// querylint's own JSON: here only for what its columns mark.
export function marked(report, textOfFile) {
  return JSON.parse(report).diagnostics.map(({ path, line, column, end_column }) => {
    const code = [...textOfFile(path).split('\n')[line - 1]].slice(column - 1, end_column - 1);
    return `${path}:${line} ${code.join('')}`;
  });
}
