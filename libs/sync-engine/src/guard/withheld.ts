import type { SyncReason } from '@wami/contracts';
import type { Work } from '../reconcile/work';

/** What the guard keeps a pass from taking away, and the approval that it waits for. */
export interface Withheld {
  readonly approval: string;
  readonly reason: SyncReason;
  readonly takes: readonly string[];
  /** Other ends as they stand, also of what is held. */
  readonly ends?: Work['ends'];
}

/** For people, and without anybody's name. Pure. */
export function guardReason(approval: string, state: 'open' | 'rejected', held: number, about: string | undefined): SyncReason {
  if (state === 'rejected') return `held by the guard: ${approval} was rejected; put it back, or apply a plan of it with its hash`;
  return about === undefined ? `held by the guard until ${approval} is approved (${held} in all)` : `held by the guard until ${approval} is approved (${held} in all): ${about}`;
}
