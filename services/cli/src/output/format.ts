import { stringify } from 'yaml';
import { csv } from './csv';
import { table } from './table';

export const FORMATS = ['table', 'json', 'jsonl', 'yaml', 'csv', 'name', 'none'] as const;
export type Format = (typeof FORMATS)[number];

const SCHEMA = 1;

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
}

/** Data goes to stdout in the form that was asked for; everything else of a command goes to stderr. */
export function printRows<T extends object>(rows: readonly T[], columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): void {
  const text = render(rows, columns, format, nameOf);
  if (text !== '') process.stdout.write(`${text}\n`);
}

function render<T extends object>(rows: readonly T[], columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): string {
  switch (format) {
    case 'table': return rows.length === 0 ? '' : table(columns.map(({ title }) => title), rows.map((row) => columns.map(({ value }) => value(row))), terminalWidth());
    case 'json': return JSON.stringify(rows, null, 2);
    case 'jsonl': return rows.map(jsonLine).join('\n');
    case 'yaml': return stringify(rows).trimEnd();
    case 'csv': return csv(rows);
    case 'name': return rows.map(nameOf).join('\n');
    case 'none': return '';
  }
}

/** One thing: in `json` and `yaml` the thing itself instead of a list. */
export function printOne<T extends object>(row: T, columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): void {
  if (format === 'json') process.stdout.write(`${JSON.stringify(row, null, 2)}\n`);
  else if (format === 'yaml') process.stdout.write(stringify(row));
  else printRows([row], columns, format, nameOf);
}

/** JSON lines begin with the number of their schema, so that a reader can tell when their meaning changes. */
export function jsonLine(row: object): string {
  return JSON.stringify({ schema: SCHEMA, ...row });
}

/** Undefined where the output is piped: then nothing is wrapped. */
function terminalWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}
