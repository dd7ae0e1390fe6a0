import { createHash } from 'node:crypto';
import type { Append, NameReservation } from '../event-store';

/** What is compared: NFKC and lower case, so that `Ann`, `ANN` and full-width forms are one name. */
export function normaliseName(value: string): string {
  return value.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** What the table holds instead of the name. */
export function nameDigest(value: string): string {
  return createHash('sha256').update(normaliseName(value)).digest('base64url');
}

export interface NameRow {
  readonly tenant: string;
  readonly kind: string;
  readonly value: string;
  readonly stream: string;
}

function rowsOf(stream: string, names: readonly NameReservation[]): NameRow[] {
  const rows = names.map(({ tenant, kind, value }) => ({ tenant, kind, value: nameDigest(value), stream }));
  return rows.filter((row, i) => rows.findIndex((other) => nameKey(other) === nameKey(row)) === i);
}

export function nameKey({ tenant, kind, value }: NameRow): string {
  return `${tenant}\n${kind}\n${value}`;
}

const NONE = { reserved: [], released: [] } as const;

/** Rows to write and rows to delete. A name that is both given up and taken (a rename to another case) is kept. */
export function nameRows(append: Append): { readonly reserved: readonly NameRow[]; readonly released: readonly NameRow[] } {
  if (!append.reserve && !append.release) return NONE;
  const reserved = rowsOf(append.stream, append.reserve ?? []);
  const kept = new Set(reserved.map(nameKey));
  return { reserved, released: rowsOf(append.stream, append.release ?? []).filter((row) => !kept.has(nameKey(row))) };
}
