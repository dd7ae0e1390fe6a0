import { pauseDecider } from '@wami/domain';
import { adoptMarks, forgetPublished } from '@wami/event-log';
import { adoptRestoredStore, appendToAdopted, type AdoptedStore } from '@wami/event-store';
import { IDENTITY_SOURCE } from '@wami/identity';
import { newId, StartupError } from '@wami/platform';
import { leaveOutNumbers } from '@wami/projection';
import { holdRestoredEngine } from '@wami/sync-engine';
import type { OpenPart } from './places';

export interface AdoptOptions {
  readonly instance: string;
  /** Why everything is paused. */
  readonly reason: string;
  readonly now: Date;
}

/**
 * Makes restored tables an instance that can go on: what follows comes after what was restored and is never taken for what was written elsewhere meanwhile, every
 * reader goes on where it was, Kafka gets everything anew, and nothing is called in a cloud until somebody resumes. Resolves with the pause.
 */
export async function adoptRestored(parts: readonly OpenPart[], { instance, reason, now }: AdoptOptions): Promise<string> {
  const identity = parts.find(({ part }) => part.service === IDENTITY_SOURCE);
  if (!identity) throw new StartupError('There is no identity in it, so it is no instance of WAMI.');
  const stores = new Map<string, AdoptedStore>();
  for (const { part, client } of parts.filter((one) => one.part.writes)) stores.set(part.service, await adoptRestoredStore(client, part.schema));
  for (const { part, client } of parts) {
    await adoptMarks(client, part.schema, stores);
    if (part.writes) await forgetPublished(client, part.schema);
    else await leaveOutNumbers(client, part.schema);
  }
  const pause = newId('pause');
  await appendPause(identity, pause, { instance, reason, now });
  for (const { part, client } of parts.filter((one) => one.part.writes && one !== identity)) await holdRestoredEngine(client, part.schema, { id: pause, startedAt: now.toISOString() });
  return pause;
}

const ACTOR = 'wami admin restore';

async function appendPause({ part, client }: OpenPart, id: string, { instance, reason, now }: AdoptOptions): Promise<void> {
  const ref = { id, tenant: '', instance };
  const events = pauseDecider.decide(pauseDecider.initialState, { type: 'start', ref, now: now.toISOString(), pause: { reason } });
  await appendToAdopted(client, { schema: part.schema, source: part.service, time: now }, {
    stream: id, tenant: '', expectedVersion: 0, events, meta: { actor: ACTOR, correlationId: id },
  });
}
