import type { SyncReason } from '@wami/contracts';
import { heldBy } from '@wami/domain';
import { operationOf, type Binding } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange } from '../database/engine-database';
import type { Outcome } from '../reconcile/outcome';
import type { Work } from '../reconcile/work';
import { about } from '../record/verdict';

/** Why nothing is carried out of it for now: the trigger that held what changed last is off still, and nobody approved it. Undefined where it may go. Pure. */
export function heldBack({ binding, config }: Pick<Work, 'binding' | 'config'>): SyncReason | undefined {
  return binding.held && binding.wanted && binding.plan === null ? heldBy(config, operationOf(binding)) : undefined;
}

/**
 * However it became due, it is laid aside instead of being claimed; it stays until somebody asks or the trigger is on. Its jobs hear that no more is
 * done for now, and are answered by the next settling outcome all the same.
 */
export function holdBack(provider: string, work: Work, reason: SyncReason): BindingChange {
  const { binding } = work;
  return {
    binding: { ...binding, state: 'Pending', errorCode: null, dueAt: null, waitingFor: null, pausedBy: null, askedAt: null },
    events: [bindingEvent('wami.sync.waiting.v1', provider, binding, about(work, operationOf(binding)), { reason }, {})], meta: binding.cause,
  };
}

/** What went to its end is held no more; what was wanted since is held anew. */
export function heldAfter(current: Binding, { binding: { generation } }: Work, { is }: Outcome, { state, dueAt }: Partial<Binding>): boolean {
  const isDone = (is === 'succeeded' || is === 'skipped') && state !== 'Pending' && dueAt == null;
  return current.held && !(isDone && current.generation === generation);
}
