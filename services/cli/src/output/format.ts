import Table from 'cli-table3';
import { stringify } from 'yaml';

export const FORMATS = ['table', 'json', 'jsonl', 'yaml', 'name', 'none'] as const;
export type Format = (typeof FORMATS)[number];

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
}

/** Data goes to stdout in the form that was asked for; everything else of a command goes to stderr. */
export function printRows<T>(rows: readonly T[], columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): void {
  const text = render(rows, columns, format, nameOf);
  if (text !== '') process.stdout.write(`${text}\n`);
}

function render<T>(rows: readonly T[], columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): string {
  switch (format) {
    case 'table': return rows.length === 0 ? '' : table(rows, columns);
    case 'json': return JSON.stringify(rows, null, 2);
    case 'jsonl': return rows.map((row) => JSON.stringify(row)).join('\n');
    case 'yaml': return stringify(rows).trimEnd();
    case 'name': return rows.map(nameOf).join('\n');
    case 'none': return '';
  }
}

/** One thing: in `json` and `yaml` the thing itself instead of a list. */
export function printOne<T>(row: T, columns: readonly Column<T>[], format: Format, nameOf: (row: T) => string): void {
  if (format === 'json') process.stdout.write(`${JSON.stringify(row, null, 2)}\n`);
  else if (format === 'yaml') process.stdout.write(stringify(row));
  else printRows([row], columns, format, nameOf);
}

const NO_LINES = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '',
  'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};

function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const grid = new Table({ head: columns.map(({ title }) => title), chars: NO_LINES, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } });
  for (const row of rows) grid.push(columns.map(({ value }) => value(row)));
  return grid.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}
