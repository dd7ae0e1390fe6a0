import { pausedReason, type StandingPause } from '@wami/domain';
import type { BindingEvent } from '@wami/contracts';
import { operationOf, type Binding } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange } from '../database/engine-database';
import type { Resource } from '../fold/resource';

/** The words of a pause; its jobs hear that no more is done for now, and are answered by the next settling outcome all the same. */
export function pausedEvent(provider: string, binding: Binding, version: number, by: StandingPause): BindingEvent {
  const about = { intent: binding.intent, version, operation: operationOf(binding), jobs: binding.jobs };
  return bindingEvent('wami.sync.waiting.v1', provider, binding, about, { reason: pausedReason(by), pausedBy: by.id, ...(by.until === undefined ? {} : { nextRetryAt: new Date(by.until).toISOString() }) }, {});
}

/** What lies aside for a pause: due when that is over, or never by itself. All that was counted and asked for stays. */
export function asideFor({ id, until }: StandingPause): Pick<Binding, 'state' | 'errorCode' | 'pausedBy' | 'dueAt' | 'askedAt'> {
  return { state: 'Pending', errorCode: null, pausedBy: id, dueAt: until === undefined ? null : Date.parse(until), askedAt: null };
}

/** A due binding that nobody has in hand is laid aside instead of being claimed. */
export function layAside(provider: string, binding: Binding, { version }: Pick<Resource, 'version'>, by: StandingPause): BindingChange {
  return { binding: { ...binding, ...asideFor(by) }, events: [pausedEvent(provider, binding, version, by)], meta: binding.cause };
}
