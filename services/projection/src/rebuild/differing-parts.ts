import type { TableVerdict } from '@wami/contracts';
import { keyOf } from '../model/rows';
import type { AnyTable } from '../model/table';
import { canonical, partOf } from './digest';

/** Of a table that differs all over, so many parts are looked at, and so many rows named. */
const [MOST_PARTS, MOST_ROWS] = [64, 100];

type Row = Readonly<Record<string, unknown>>;

/** Finds the rows that differ among those of the parts of a table whose sums do: no others are kept in memory. */
export class DifferingParts {
  private readonly parts: ReadonlySet<number>;
  private readonly expected = new Map<string, Row>();
  private readonly actual = new Map<string, Row>();

  constructor(private readonly table: AnyTable, parts: readonly number[]) {
    this.parts = new Set(parts.slice(0, MOST_PARTS));
  }

  get none(): boolean {
    return this.parts.size === 0;
  }

  /** A row as the fold makes it. */
  expect(row: object): void {
    this.keep(this.expected, row as Row);
  }

  /** A row as it stands in the table. */
  found(row: object): void {
    this.keep(this.actual, row as Row);
  }

  rows(): TableVerdict['rows'] {
    const keys = [...new Set([...this.expected.keys(), ...this.actual.keys()])].sort();
    return keys.map((key) => ({ key: key.split('\u0000'), fields: this.fieldsOf(this.expected.get(key), this.actual.get(key)) }))
      .filter(({ fields }) => fields.length > 0).slice(0, MOST_ROWS);
  }

  private keep(rows: Map<string, Row>, row: Row): void {
    if (!this.none && this.parts.has(partOf(row, this.table.key))) rows.set(keyOf(this.table as never, row as never), row);
  }

  private fieldsOf(expected: Row | undefined, actual: Row | undefined): string[] {
    if (!expected) return ['unknown'];
    if (!actual) return ['missing'];
    return Object.keys(this.table.columns).filter((column) => canonical(expected[column]) !== canonical(actual[column]));
  }
}
