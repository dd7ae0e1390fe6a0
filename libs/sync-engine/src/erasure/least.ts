import type { NewEvent, RecordedEvent } from '@wami/contracts';
import { withoutPersonal } from '@wami/contracts';
import { NOT_TOLD } from '@wami/domain';
import type { BindingChange } from '../database/engine-database';

/** What is left of a change to the binding of somebody who was erased: what takes it away at the target, and no word of the provider's. */
export function leastOf({ binding, events, meta }: BindingChange): BindingChange {
  const { presence } = binding;
  return { binding: { ...binding, presence: presence && { ...presence, fields: {} } }, events: events.map(silent), meta };
}

function silent(event: NewEvent): NewEvent {
  if (event.type === 'wami.sync.failed.v1') return { ...event, personal: { message: NOT_TOLD } };
  return { ...event, personal: withoutPersonal(event as RecordedEvent).personal };
}
