import { agreesOtherwise, isErasure, SUBJECT_EVENTS, SYNC_DRIFT_EVENTS, syncSkipped, syncSucceeded, syncUnconfigured, type RecordedEventOf, type RecordedSyncDriftEvent } from '@wami/contracts';
import { blankDrift } from '../erasure/personal-columns';
import { addUp } from '../model/add-up';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { DRIFT, DRIFT_COUNTS, SWEEPS, type DriftCountRow, type DriftRow, type SweepRow } from './drift.table';

/** A target that agrees, also where that is but for what is left out there, or is not asked for any more, has no open drift. */
const ENDS = [syncSucceeded, syncSkipped, syncUnconfigured] as const;
type Drifted = Extract<RecordedSyncDriftEvent, { type: 'wami.sync.drifted.v1' }>;
type End = RecordedEventOf<(typeof ENDS)[number]>;
type Swept = Extract<RecordedSyncDriftEvent, { type: 'wami.sync.swept.v1' }>;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const swept = events.filter((event): event is Swept & Ingested => event.type === 'wami.sync.swept.v1').map(sweepOf);
  await rows.put(SWEEPS, [...new Map(swept.map((row) => [row.id, row])).values()]);
  const about = events.filter(({ type }) => type !== 'wami.sync.swept.v1');
  const known = await rows.find(DRIFT, 'resource', [...new Set(about.map(({ key }) => key))]);
  const after = new Map(known.map((row) => [keyOf(DRIFT, row), row]));
  for (const event of about) evolve(after, event);
  const before = new Map(known.map((row) => [keyOf(DRIFT, row), row]));
  const changed = [...after].filter(([key, row]) => before.get(key) !== row);
  await rows.put(DRIFT, changed.map(([, row]) => row));
  await addUp(rows, DRIFT_COUNTS, changed.flatMap(([key, row]) => {
    const known = before.get(key);
    return [...(known ? [countOf(known, -1)] : []), countOf(row, 1)];
  }));
}

const countOf = ({ tenant, provider, account, state }: DriftRow, count: number): DriftCountRow => ({ tenant, provider, account, state, count });

function evolve(rows: Map<string, DriftRow>, event: Ingested): void {
  if (isErasure(event)) {
    for (const [key, row] of rows) if (row.resource === event.key) rows.set(key, { ...row, ...blankDrift(row) });
  } else if (event.type === 'wami.sync.drifted.v1') {
    const row = driftOf(event);
    rows.set(keyOf(DRIFT, row), row);
  } else if (isEnd(event)) {
    const { provider, account, resource } = event.data;
    const key = keyOf(DRIFT, { provider, account, resource } as DriftRow);
    const row = rows.get(key);
    if (row?.state === 'open') rows.set(key, { ...row, state: 'corrected', corrected_at: event.time });
  }
}

function isEnd(event: Ingested): event is End & Ingested {
  if (event.type === 'wami.sync.skipped.v1') return agreesOtherwise(event.data.reason);
  return event.type === 'wami.sync.succeeded.v1' || event.type === 'wami.sync.unconfigured.v1';
}

function driftOf({ data, personal, subject, tenant, time }: Drifted): DriftRow {
  const { provider, account, resource, kind, drift, differs } = data;
  const differences = personal.differences ?? differs.map((at) => ({ at }));
  return { provider, account, resource, arn: subject, kind, tenant, drift, state: 'open', differences, found_at: time, corrected_at: null };
}

function sweepOf({ stream, tenant, time, data: { provider, account, schedule, nextAt, compared, found, problems } }: Swept): SweepRow {
  return { id: stream, tenant, provider, account, schedule, swept_at: time, next_at: nextAt, compared, found, problems };
}

/** What somebody else changed at targets, and when those were read. */
export const drift: ReadModel = {
  name: 'drift', version: 5, tables: [DRIFT, DRIFT_COUNTS, SWEEPS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([...SYNC_DRIFT_EVENTS, ...ENDS, ...SUBJECT_EVENTS].map(({ type }) => type)),
};
