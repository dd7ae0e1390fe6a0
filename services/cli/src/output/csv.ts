/** Begins what spreadsheets take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180 with a head of all fields that a row has. Lists are joined by ` > `; a text that a spreadsheet would run is put behind `'`. */
export function csv(rows: readonly object[]): string {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => fields.map((field) => cell((row as Readonly<Record<string, unknown>>)[field])));
  return [fields, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' > ') : JSON.stringify(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
