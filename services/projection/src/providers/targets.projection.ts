import { SYNC_TARGET_EVENTS, type RecordedSyncTargetEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { TARGETS, type TargetRow } from './targets.table';

const isReport = (event: Ingested): event is RecordedSyncTargetEvent & Ingested => event.type === 'wami.target.reported.v1';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const reported = events.filter(isReport).map(({ stream, time, data }): [string, TargetRow] => [stream, { provider: data.provider, account: data.account, report: data, reported_at: time }]);
  await rows.put(TARGETS, [...new Map(reported).values()]);
}

/** How targets are, as was told last of each. */
export const targets: ReadModel = {
  name: 'targets', version: 1, tables: [TARGETS], apply, byKey: { first: new Set(), resident: [] }, types: new Set(SYNC_TARGET_EVENTS.map(({ type }) => type)),
};
