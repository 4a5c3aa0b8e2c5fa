/**
 * A table as comma-separated values, safe to open in a spreadsheet: a cell that would begin a
 * formula there (= + - @, or a control character before one) is told to be text by an apostrophe.
 */
export function csvOf(table: readonly (readonly string[])[]): string {
  return `${table.map((row) => row.map(cellOf).join(",")).join("\r\n")}\r\n`;
}

function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
