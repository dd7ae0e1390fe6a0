import type { NewEvent, SyncOperation } from '@wami/contracts';
import type { StandingPause } from '@wami/domain';
import type { Binding } from '../bindings/binding';
import type { About } from '../bindings/binding-events';
import type { Work } from '../reconcile/work';
import type { Random } from '../seams';

export interface Judge {
  readonly provider: string;
  readonly now: number;
  readonly random: Random;
  /** The target rests until then because its credentials were rejected. */
  readonly pausedUntil: number | undefined;
  readonly visibilityMs: number;
  /** So long what was sent and never answered may still come about. */
  readonly sightMs: number;
  /** Whether a pause is not ended; nobody ends it before the outcome is written. */
  readonly stands: (pause: StandingPause) => boolean;
  /** Trace context of the pass. */
  readonly trace?: string | undefined;
}

/** What an outcome leaves behind: the event, and what of the binding's row it changes. */
export interface Verdict {
  readonly events: readonly NewEvent[];
  readonly row: Partial<Binding>;
  /** The jobs that have their answer. */
  readonly settles: readonly string[];
}

export function about({ binding, resource }: Work, operation: SyncOperation): About {
  return { intent: binding.intent, version: resource.version, operation, jobs: binding.jobs };
}
