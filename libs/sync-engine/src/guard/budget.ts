import type { SyncConfig } from '@wami/contracts';

/** So long what was taken away counts. */
export const WINDOW_MS = 24 * 60 * 60 * 1000;
/** So many are always allowed: in a small tenant every single one is many per cent. */
export const LEAST = 5;

/** How many resources of a kind may be deleted or lose something at a target, of so many that stand there. Pure. */
export function allowed({ maxDeletesPercent, maxDeletesCount }: SyncConfig['guard'], managed: number): number {
  const share = maxDeletesPercent === 100 ? maxDeletesCount : Math.floor((managed * maxDeletesPercent) / 100);
  return Math.max(LEAST, Math.min(maxDeletesCount, share));
}

/** More than so many need not be counted. Pure. */
export function worthCounting({ maxDeletesPercent, maxDeletesCount }: SyncConfig['guard']): number {
  return maxDeletesPercent === 0 || maxDeletesPercent === 100 ? 0 : Math.ceil((maxDeletesCount * 100) / maxDeletesPercent);
}
