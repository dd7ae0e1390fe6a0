import type { SyncErrorCode, SyncOperation } from '@wami/contracts';
import type { Lane } from './bindings/binding';
import type { Access, PaceFigures } from './targets/pacer';

export type OutcomeName = 'succeeded' | 'failed' | 'skipped' | 'waiting' | 'paused' | 'unconfigured' | 'refused' | 'checked';
export type CallName = 'observe' | 'create' | 'update' | 'delete' | 'list';

/** How a pass ended. */
export interface PassFigures {
  readonly kind: string;
  readonly lane: Lane;
  readonly outcome: OutcomeName;
  readonly operation: SyncOperation;
  /** Of the error; `ok` where there is none. */
  readonly code: string;
  /** Where it brought the binding to rest: since somebody waited for that, milliseconds. */
  readonly settledMs?: number;
}

/** Figures that the engine reports as they happen; labels are bounded (no ids). */
export interface EngineMetrics {
  /** A batch of identity's events was folded. */
  folded(events: number, milliseconds: number): void;
  /** One call of the adapter ended. */
  called(account: string, call: CallName, milliseconds: number, code: SyncErrorCode | 'ok'): void;
  /** One pass over a binding ended. */
  settled(account: string, pass: PassFigures): void;
  /** Outcomes that one transaction recorded. */
  recorded(outcomes: number, milliseconds: number): void;
  inFlight(account: string, bindings: number): void;
  /** The provider refused one request because there were too many. */
  throttled(account: string, access: Access): void;
  /** What each class of calls is taken to be allowed, and who waits for a turn. */
  paced(account: string, figures: readonly PaceFigures[]): void;
  /** Whether the target rests, or is only tried out. */
  rested(account: string, resting: boolean): void;
  /** What is due and in nobody's hand; `oldest` in milliseconds since the epoch. */
  queued(account: string, lanes: readonly { readonly lane: number; readonly due: number; readonly oldest: number }[], now: number): void;
  /** What drifted and is not put right yet, and what somebody has to decide about. */
  unsettled(account: string, open: { readonly drifted: number; readonly conflicts: number }): void;
  /** So many pauses hold something of this provider now; the oldest of them for so long. */
  paused(pauses: number, oldestSeconds: number): void;
  /** When the credentials end, milliseconds since the epoch; undefined where that is not known. */
  credentialsEnd(account: string, at: number | undefined): void;
  /** The target is no longer this process's: what stands of it is told by another. */
  gone(account: string): void;
  /** So many lists of removals wait for approval. */
  guarded(lists: number): void;
}

export const noMetrics: EngineMetrics = {
  folded: nothing, called: nothing, settled: nothing, recorded: nothing, inFlight: nothing, paused: nothing, guarded: nothing, throttled: nothing, paced: nothing,
  rested: nothing, queued: nothing, unsettled: nothing, gone: nothing, credentialsEnd: nothing,
};

function nothing(): void {
  return undefined;
}
