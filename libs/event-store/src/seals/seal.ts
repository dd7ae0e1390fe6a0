import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RangeDigest } from './range-digest';

/** A page of the log that nobody can change unseen any more: it vouches for its events and for the seal before it. */
export interface Seal extends RangeDigest {
  /** From 1, without a gap. */
  readonly number: number;
  /** HMAC-SHA256 under a key that is not in the database, hex. */
  readonly seal: string;
}

/** Before the first. */
export const NO_SEAL: Pick<Seal, 'number' | 'tx' | 'position' | 'seal'> = { number: 0, tx: '0', position: '0', seal: '' };

/** The seal of what follows on another. */
export function sealOf(key: Buffer, source: string, previous: string, { number, tx, position, events, digest }: Omit<Seal, 'seal'>): string {
  return createHmac('sha256', key).update(JSON.stringify([source, previous, number, tx, position, events, digest])).digest('hex');
}

export const sameSeal = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
