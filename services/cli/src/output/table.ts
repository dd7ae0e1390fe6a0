import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

const NO_LINES = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '',
  'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};
const GAP = 2;
const NARROWEST = 20;

/** Columns without lines. Where a width is given, the last column is wrapped to fit it; nothing is ever cut. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width?: number): string {
  const left = width === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, width - widthBeforeLast([head, ...rows]));
  const grid = new Table({ head: [...head], chars: NO_LINES, style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] } });
  for (const row of rows) grid.push(row.map((cell, column) => (column === row.length - 1 ? wrap(cell, left) : cell)));
  return grid.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

function widthBeforeLast(rows: readonly (readonly string[])[]): number {
  const columns = (rows[0] ?? []).slice(0, -1);
  return columns.reduce((sum, _, column) => sum + GAP + Math.max(...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length)), 0);
}

/** At a blank where there is one, else wherever the line is full. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let rest = text;
  while (stripVTControlCharacters(rest).length > width) {
    const blank = rest.lastIndexOf(' ', width);
    const cut = blank > 0 ? blank : width;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest].join('\n');
}
