import { createHash } from 'node:crypto';

const MODULUS = 2 ** 48;

export interface Checksum {
  readonly rows: number;
  /** Sum of the rows' hashes, so that their order does not matter; hex. */
  readonly sum: string;
}

/** Checksum of a table's rows, whatever their order and that of keys inside jsonb. */
export class Digest {
  private rows = 0;
  private sum = 0;

  add(row: object): void {
    this.rows++;
    this.sum = (this.sum + createHash('sha256').update(canonical(row)).digest().readUIntBE(0, 6)) % MODULUS;
  }

  checksum(): Checksum {
    return { rows: this.rows, sum: this.sum.toString(16).padStart(12, '0') };
  }
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}
