import { isErasure, PAUSE_EVENTS, SUBJECT_EVENTS, type RecordedPauseEvent } from '@wami/contracts';
import { blankPause } from '../erasure/personal-columns';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { PAUSES, type PauseRow } from './pauses.table';

type PauseIngested = RecordedPauseEvent & Ingested;
const isPauseEvent = ({ type }: Ingested): boolean => PAUSE_EVENTS.some((definition) => definition.type === type);

/** A pause about one resource has that for its key, so its events come in order with the erasure of it. */
async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const pauses = events.filter(isPauseEvent) as PauseIngested[];
  const erased = events.filter(isErasure).map(({ key }) => key);
  const known = [
    ...(await rows.find(PAUSES, 'id', [...new Set(pauses.map(({ stream }) => stream))])), ...(erased.length > 0 ? await rows.find(PAUSES, 'resource', erased) : []),
  ];
  const after = new Map(known.map((row) => [row.id, row]));
  for (const event of events) {
    if (isErasure(event)) for (const row of [...after.values()].filter(({ resource }) => resource === event.key)) after.set(row.id, { ...row, ...blankPause() });
    else evolve(after, event as PauseIngested);
  }
  await rows.put(PAUSES, [...after.values()]);
}

function evolve(rows: Map<string, PauseRow>, event: PauseIngested): void {
  const before = rows.get(event.stream);
  if (event.type === 'wami.pause.started.v1') {
    const { provider = null, account = null, resource = null, until = null } = event.data;
    rows.set(event.stream, {
      id: event.stream, arn: event.subject, version: event.version, tenant: event.tenant, provider, account, resource, reason: event.personal.reason, until,
      started_at: event.time, started_by: event.meta.actor, ended_at: null, ended_by: null,
    });
  } else if (before) {
    rows.set(event.stream, { ...before, version: event.version, ended_at: event.time, ended_by: event.meta.actor });
  }
}

/** Who paused what, why, and until when. */
export const pauses: ReadModel = {
  name: 'pauses', version: 1, tables: [PAUSES], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([...PAUSE_EVENTS, ...SUBJECT_EVENTS].map(({ type }) => type)),
};
