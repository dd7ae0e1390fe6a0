import { nextTime } from '@wami/contracts';
import type { Random } from '../seams';

const MOST_JITTER_MS = 10 * 60_000;

/**
 * When a schedule asks for the next sweep after `now`, put off by up to a tenth of the time until then (at most ten minutes), so that targets with the
 * same schedule do not sweep together. Times that were missed lie before `now` and are left out. Pure.
 */
export function nextSweepAt(schedule: string, now: number, random: Random): number {
  const next = nextTime(schedule, now);
  return Math.round(next + random.next() * Math.min(MOST_JITTER_MS, (next - now) / 10));
}
