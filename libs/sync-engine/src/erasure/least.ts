import type { NewEvent, RecordedEvent } from '@wami/contracts';
import { withoutPersonal } from '@wami/contracts';
import { NOT_TOLD } from '@wami/domain';
import type { Presence } from '../bindings/binding';
import type { BindingChange } from '../database/engine-database';

/** What is left of a change to the binding of somebody who was erased: what takes it away at the target, and no word of the provider's. */
export function leastOf({ binding, events, meta }: BindingChange): BindingChange {
  return { binding: { ...binding, presence: binding.presence && least(binding.presence), ...(binding.state === 'Gone' ? { deletionSent: {}, called: {} } : {}) }, events: events.map(silent), meta };
}

function least({ pulled: _pulled, ...presence }: Presence): Presence {
  return { ...presence, fields: {} };
}

function silent(event: NewEvent): NewEvent {
  if (event.type === 'wami.sync.failed.v1') return { ...event, personal: { message: NOT_TOLD } };
  return { ...event, personal: withoutPersonal(event as RecordedEvent).personal };
}
