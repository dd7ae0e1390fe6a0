import { createHash, createHmac } from 'node:crypto';
import type { Append, NameReservation } from '../event-store';

/** What is compared: NFKC and lower case, so that `Ann`, `ANN` and full-width forms are one name. */
export function normaliseName(value: string): string {
  return value.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** What the table holds instead of the name. */
export type NameDigest = (name: NameReservation) => string;

export const plainDigest: NameDigest = ({ value }) => createHash('sha256').update(normaliseName(value)).digest('base64url');

/** Nobody who has only the table finds a name in it by trying, and one name has another digest in each tenant. */
export function keyedDigest(key: Buffer): NameDigest {
  return (name) => keyedRow(key, { ...name, value: plainDigest(name) });
}

/** From the plain digest, so that rows which were written without a key can be brought under one. */
export function keyedRow(key: Buffer, { tenant, kind, value }: NameReservation): string {
  return createHmac('sha256', key).update(`${tenant}\n${kind}\n${value}`).digest('base64url');
}

export interface NameRow {
  readonly tenant: string;
  readonly kind: string;
  readonly value: string;
  readonly stream: string;
}

function rowsOf(stream: string, names: readonly NameReservation[], digest: NameDigest): NameRow[] {
  const rows = names.map((name) => ({ tenant: name.tenant, kind: name.kind, value: digest(name), stream }));
  return rows.filter((row, i) => rows.findIndex((other) => nameKey(other) === nameKey(row)) === i);
}

export function nameKey({ tenant, kind, value }: NameRow): string {
  return `${tenant}\n${kind}\n${value}`;
}

const NONE = { reserved: [], released: [] } as const;

/** Rows to write and rows to delete. A name that is both given up and taken (a rename to another case) is kept. */
export function nameRows(append: Append, digest: NameDigest = plainDigest): { readonly reserved: readonly NameRow[]; readonly released: readonly NameRow[] } {
  if (!append.reserve && !append.release) return NONE;
  const reserved = rowsOf(append.stream, append.reserve ?? [], digest);
  const kept = new Set(reserved.map(nameKey));
  return { reserved, released: rowsOf(append.stream, append.release ?? [], digest).filter((row) => !kept.has(nameKey(row))) };
}
