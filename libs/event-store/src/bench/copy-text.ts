/** Rows in COPY's text format. */
export function copyText(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(rows.map((row) => row.map(escapeField).join('\t') + '\n').join(''));
}

function escapeField(field: string): string {
  return /[\\\t\n\r]/.test(field) ? field.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[character] ?? '\\r') : field;
}
