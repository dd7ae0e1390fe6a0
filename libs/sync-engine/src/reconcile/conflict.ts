import { ProviderError, type Observed, type OwnershipMark } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import type { Outcome } from './outcome';
import type { Pass } from './pass';
import type { Stage } from './stage';

/** Somebody else's thing stands in the way: what it is, for whoever has to decide. */
export function conflictWith({ nativeArn, name, providerResourceId, shape }: Observed, presence: Presence | null = null): Outcome {
  const existing = { nativeArn, name, providerResourceId, ...shape.fields, tags: shape.tags };
  const error = new ProviderError('Conflict', 'something of this name stands there already and is not managed by WAMI', { effect: 'none', details: { existing } });
  return { is: 'failed', error, unfinished: false, lately: false, final: true, operation: presence ? 'update' : 'create', presence };
}

/**
 * The name belongs to another resource of WAMI's. One of this target that is about to move or go is waited for; else it is a conflict
 * that nobody can override, and whose words do not tell whose it is.
 */
export async function nameTaken({ work }: Pass, by: OwnershipMark, presence: Presence | null, stage: Stage): Promise<Outcome> {
  const holder = await stage.holder(by.id);
  const about = { operation: work.binding.presence === null ? 'create' as const : 'update' as const, presence };
  if (holder?.restless) {
    const reason = holder.tenant === work.binding.tenant ? `waiting for ${holder.kind}/${by.id} to give the name up` : 'waiting for the name to become free';
    return { is: 'waiting', reason, awaits: { until: 'settled', resource: by.id }, ...about };
  }
  const error = new ProviderError('Conflict', 'the name is taken by something else that WAMI manages');
  return { is: 'failed', error, unfinished: false, lately: false, final: true, ...(holder ? { awaits: { until: 'gone', resource: by.id } } : {}), ...about };
}
