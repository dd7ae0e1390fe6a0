import type { SyncConfig } from '@wami/contracts';
import type { Random } from '../seams';

const LONGEST_MS = 60 * 60 * 1000;
const FAST_MS = { base: 150, most: 5_000 };
/** So often a thing that is not visible yet is asked for again without an attempt being counted. */
export const FAST_RETRIES = 20;

/** Exponential with full jitter, never before the provider allows it; at most an hour. Milliseconds. */
export function retryDelay({ baseDelayMs, maxDelayMs }: SyncConfig['retry'], retries: number, random: Random, retryAfterMs = 0): number {
  const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(retries, 30));
  return Math.min(LONGEST_MS, Math.max(retryAfterMs, Math.round(random.next() * ceiling)));
}

/** For what we made ourselves a moment ago. */
export function fastDelay(retries: number, random: Random): number {
  return Math.round((0.5 + random.next() / 2) * Math.min(FAST_MS.most, FAST_MS.base * 1.6 ** Math.min(retries, 30)));
}
