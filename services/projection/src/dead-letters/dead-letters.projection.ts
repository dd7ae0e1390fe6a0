import { SYNC_DEAD_LETTER_EVENTS, type RecordedSyncDeadLetterEvent } from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { DEAD_LETTERS_TOLD, type DeadLetterRow } from './dead-letters.table';

type Report = RecordedSyncDeadLetterEvent & Ingested;

const consumerOf = ({ data }: Report): string => `sync-${data.provider}`;
const idOf = (event: Report): string => `${consumerOf(event)}:${event.data.event}`;

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const reports = events as readonly Report[];
  const known = await rows.find(DEAD_LETTERS_TOLD, 'id', [...new Set(reports.map(idOf))]);
  const after = new Map(known.map((row) => [row.id, row]));
  for (const report of reports) after.set(idOf(report), rowOf(report, after.get(idOf(report))));
  await rows.put(DEAD_LETTERS_TOLD, [...after.values()]);
}

function rowOf(report: Report, before: DeadLetterRow | undefined): DeadLetterRow {
  const { event, resource, type, tenant, state, reason, attempts, by = null, why = null } = report.data;
  const isSkipped = state === 'skipped';
  return {
    id: idOf(report), consumer: consumerOf(report), event, number: before?.number ?? report.seq, key: resource, type, of_tenant: tenant, reason, attempts,
    parked_at: before?.parked_at ?? report.time, tried_at: isSkipped ? before?.tried_at ?? report.time : report.time,
    skipped_at: isSkipped ? report.time : null, skipped_by: isSkipped ? by : null, skip_reason: isSkipped ? why : null, state: state === 'taken-in' ? null : state,
  };
}

/** What sync services could not take in. */
export const deadLetters: ReadModel = {
  name: 'dead-letters', version: 1, tables: [DEAD_LETTERS_TOLD], apply, byKey: { first: new Set(), resident: [] }, types: new Set(SYNC_DEAD_LETTER_EVENTS.map(({ type }) => type)),
};
