import { createHash } from 'node:crypto';

const MODULUS = 2 ** 48;

export interface Checksum {
  readonly rows: number;
  /** Sum of the rows' hashes, so that their order does not matter; hex. */
  readonly sum: string;
}

/** Rows are also summed up in so many parts, by their key: two tables differ only in rows of the parts that do. */
const PARTS = 4096;

/** Checksum of a table's rows, whatever their order and that of keys inside jsonb. */
export class Digest {
  private rows = 0;
  private readonly sums = new Float64Array(PARTS);

  constructor(private readonly key: readonly string[]) {}

  add(row: object): void {
    this.rows++;
    const part = partOf(row, this.key);
    this.sums[part] = ((this.sums[part] ?? 0) + createHash('sha256').update(canonical(row)).digest().readUIntBE(0, 6)) % MODULUS;
  }

  checksum(): Checksum {
    const sum = this.sums.reduce((all, one) => (all + one) % MODULUS, 0);
    return { rows: this.rows, sum: sum.toString(16).padStart(12, '0') };
  }

  differingParts(other: Digest): readonly number[] {
    return [...this.sums.keys()].filter((part) => this.sums[part] !== other.sums[part]);
  }
}

/** FNV-1a of the key. */
export function partOf(row: object, key: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const column of key) {
    const text = String((row as Readonly<Record<string, unknown>>)[column]);
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % PARTS;
}

/** Equal for values that are stored alike. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join()}}`;
}
