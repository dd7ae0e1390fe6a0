/** How the engine behaves where neither tenant nor connection say anything. All times in milliseconds. */
export interface EngineOptions {
  /** Passes in flight per target, unless the connection says otherwise. */
  readonly concurrency: number;
  /** How long a target stays its owner's after the last sign of life. A new owner waits this long after a crash. */
  readonly leaseMs: number;
  /** The longest that one call of the adapter may take; less than half of `leaseMs`, so that no call outlives the lease. */
  readonly callTimeoutMs: number;
  /** How often due work is looked for when nothing woke the worker. */
  readonly pollMs: number;
  /** Events folded in one transaction. */
  readonly batchSize: number;
  /** Under load folds begin at least so far apart, so that more events share one. */
  readonly paceMs: number;
  /** Above so many due bindings of a kind that only need a look, one listing serves all of them. */
  readonly sweepAbove: number;
  /** Things of listings that one process keeps at a time; a target that finds no room reads its listing once for each part of its bindings. */
  readonly mostListed: number;
  /** How old our own knowledge of who owns a thing may be for us to write on it without looking. */
  readonly ownershipMs: number;
  /** How long after our own create a NotFound means "not visible yet". */
  readonly visibilityMs: number;
  /** How long what an unfinished attempt may have made is looked for before it counts as not made. */
  readonly sightMs: number;
  /** How often credentials are tried, beside their use. Infinity: only when they are used, and nothing is told of targets. */
  readonly checkEveryMs: number;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  concurrency: 32, leaseMs: 30_000, callTimeoutMs: 12_000, pollMs: 1_000, batchSize: 1_000, paceMs: 15, sweepAbove: 20, mostListed: 200_000, ownershipMs: 60_000, visibilityMs: 60_000, sightMs: 20_000, checkEveryMs: 15 * 60_000,
};

/** @throws RangeError where the times contradict each other. */
export function engineOptions(given: Partial<EngineOptions> = {}): EngineOptions {
  const options = { ...DEFAULT_OPTIONS, ...given };
  if (options.callTimeoutMs * 2 > options.leaseMs) throw new RangeError('callTimeoutMs must be at most half of leaseMs');
  return options;
}
