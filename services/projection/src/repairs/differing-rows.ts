import { differingFields, sameJson } from '@wami/domain';
import { keyOf } from '../model/rows';
import { isEmptyRow, type AnyTable, type Table } from '../model/table';

/** A row that is not as the events make it. */
export interface DifferingRow<R> {
  /** As it should be, or, where it should not be at all, as it is. */
  readonly row: R;
  readonly fields: readonly string[];
}

/** Columns that follow from others. */
const DERIVED: ReadonlySet<string> = new Set(['name_key', 'body', 'rank', 'conflicting', 'seq', 'updated_at', 'created_at', 'document']);

/** How the rows of a table differ from those that they should be. Of a document it is told field by field. */
export function differingRows<R extends object>(table: Table<R>, expected: readonly R[], actual: readonly R[]): DifferingRow<R>[] {
  const told = (rows: readonly R[]): Map<string, R> => new Map(rows.filter((row) => !isEmptyRow(table as unknown as AnyTable, row)).map((row) => [keyOf(table, row), row]));
  const [should, is] = [told(expected), told(actual)];
  return [...new Set([...should.keys(), ...is.keys()])].flatMap((key) => {
    const [right, found] = [should.get(key), is.get(key)];
    if (right === undefined) return found ? [{ row: found, fields: ['unknown'] }] : [];
    if (found === undefined) return [{ row: right, fields: ['missing'] }];
    const fields = columnsBetween(table, right, found);
    return fields.length > 0 ? [{ row: right, fields }] : [];
  });
}

function columnsBetween<R extends object>(table: Table<R>, right: R, found: R): string[] {
  const columns = (Object.keys(table.columns) as (keyof R & string)[]).filter((column) => !sameCell(right[column], found[column]));
  const documents = columns.includes('document' as keyof R & string) ? differingFields(documentOf(right), documentOf(found)) : [];
  const plain = columns.filter((column) => !DERIVED.has(column));
  const fields = [...new Set([...plain, ...documents])].sort();
  return fields.length > 0 ? fields : [...columns];
}

const documentOf = (row: object): object => (row as { readonly document?: object | null }).document ?? {};

/** PostgreSQL hands large numbers out as texts. */
function sameCell(a: unknown, b: unknown): boolean {
  return typeof a === 'object' || typeof b === 'object' ? sameJson(a, b) : String(a) === String(b);
}
