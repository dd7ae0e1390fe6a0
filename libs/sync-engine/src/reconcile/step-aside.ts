import type { SyncReason } from '@wami/contracts';
import { isProviderError, type Observed } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import { failedCall } from './failed-call';
import type { Awaited, OutcomeOf } from './outcome';
import type { Pass } from './pass';
import { NO_CHANGES } from './shape';
import type { Stage } from './stage';

/**
 * Names that go round in a circle (ann becomes bob while bob becomes ann) would never move. One of the things takes its own id for a name
 * and waits until the name that it should have is free; nothing else of it is changed yet.
 */
export async function stepAside(
  pass: Pass, presence: Presence, ours: Observed, why: { readonly reason: SyncReason; readonly awaits: Awaited; readonly paused: boolean }, stage: Stage,
): Promise<OutcomeOf<'failed' | 'waiting'>> {
  const { handler, wanted: { desired }, work: { resource } } = pass;
  const meanwhile = { ...desired, name: resource.id };
  const before = [presence, ours].map(({ name }) => handler.shape({ ...desired, name }).fields);
  const fields = Object.fromEntries(Object.entries(handler.shape(meanwhile).fields).filter(([field, value]) => before.some((one) => one[field] !== value)));
  const aside = ({ name, nativeArn }: Observed): OutcomeOf<'waiting'> =>
    ({ is: 'waiting', ...why, operation: 'update', presence: { ...presence, name, nativeArn, fields: { ...presence.fields, ...fields }, writtenAt: stage.clock.now() } });
  if (ours.name === resource.id) return aside(ours);
  try {
    const { observed } = await stage.caller.call('update', 1, (context) => handler.update(meanwhile, ours, { ...NO_CHANGES, fields }, context));
    return aside(observed);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return failedCall(pass, 'update', error, true);
  }
}
