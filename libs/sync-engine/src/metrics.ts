import type { SyncErrorCode, SyncOperation } from '@wami/contracts';

export type OutcomeName = 'succeeded' | 'failed' | 'skipped' | 'waiting' | 'paused' | 'unconfigured' | 'refused' | 'checked';
export type CallName = 'observe' | 'create' | 'update' | 'delete' | 'list';

/** Figures that the engine reports as they happen; labels are bounded (no ids). */
export interface EngineMetrics {
  /** A batch of identity's events was folded. */
  folded(events: number, milliseconds: number): void;
  /** One call of the adapter ended. */
  called(account: string, call: CallName, milliseconds: number, code: SyncErrorCode | 'ok'): void;
  /** One pass over a binding ended. */
  settled(account: string, outcome: OutcomeName, operation: SyncOperation): void;
  /** Outcomes that one transaction recorded. */
  recorded(outcomes: number, milliseconds: number): void;
  inFlight(account: string, bindings: number): void;
  /** So many pauses hold something of this provider now; the oldest of them for so long. */
  paused(pauses: number, oldestSeconds: number): void;
}

export const noMetrics: EngineMetrics = { folded: nothing, called: nothing, settled: nothing, recorded: nothing, inFlight: nothing, paused: nothing };

function nothing(): void {
  return undefined;
}
