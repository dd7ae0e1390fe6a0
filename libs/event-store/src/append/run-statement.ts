import type { RecordedEvent } from '@wami/contracts';
import type { ClientBase } from 'pg';
import { RELATIONS, appendStatement } from './append-statement';
import { nameKey, type NameDigest, type NameRow } from './names';
import { recordedEvents, type PreparedAppend } from './prepared-append';
import { cardinality } from './relation';
import type { Ahead } from '../transactions-ahead';

export interface StatementContext {
  readonly schema: string;
  readonly source: string;
  readonly clock: () => Date;
  readonly digest: NameDigest;
  readonly ahead: Ahead;
}

/** Events by append, in the order of the appends. */
export interface Written {
  readonly ok: true;
  readonly events: readonly (readonly RecordedEvent[])[];
}

/** Which streams' heads and keys the refused statement did write; gone with the rollback. */
export interface Refused {
  readonly ok: false;
  readonly headed: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>;
}

interface AnswerRow {
  ok: boolean;
  headed?: string[] | null;
  kept?: string[] | null;
  tx: string;
  positions: string | null;
}

/**
 * Writes appends that touch nothing in common, each with at least one event, in one round trip. Refused (`error`): PostgreSQL's error,
 * see `isRefusal`.
 */
export async function runStatement(
  client: ClientBase, context: StatementContext, appends: readonly PreparedAppend[], refusal: 'error' | 'flag',
): Promise<Written | Refused> {
  const time = context.clock().toISOString();
  const rows = rowsOf(appends);
  const shape = {
    rows: {
      references: cardinality(rows.references.length), creates: cardinality(rows.creates.length), updates: cardinality(rows.updates.length),
      events: cardinality(rows.events.length), reserves: cardinality(rows.reserves.length), releases: cardinality(rows.releases.length),
      subjects: cardinality(rows.subjects.length), keys: cardinality(rows.keys.length),
    },
    closes: appends.some(({ append }) => append.closes),
    refusal,
  };
  const values = [
    ...RELATIONS.references.values(rows.references), ...RELATIONS.creates.values(rows.creates), ...RELATIONS.updates.values(rows.updates),
    ...RELATIONS.events.values(rows.events), ...RELATIONS.reserves.values(rows.reserves), ...RELATIONS.releases.values(rows.releases),
    ...RELATIONS.subjects.values(rows.subjects), ...RELATIONS.keys.values(rows.keys), time,
  ];
  const statement = appendStatement(context.schema, shape, context.ahead);
  const { rows: [answer] } = await client.query<AnswerRow>({ ...statement, values });
  if (!answer?.ok) return { ok: false, headed: new Set(answer?.headed ?? []), kept: new Set(answer?.kept ?? []) };
  const positions = (answer.positions ?? '').split(',');
  let next = 0;
  const events = appends.map((append) => {
    const taken = positions.slice(next, next += append.events.length);
    return recordedEvents(append, { source: context.source, tx: answer.tx, positions: taken, time });
  });
  return { ok: true, events };
}

/** Events keep the order of the appends; what is locked is in one order everywhere, so that statements wait for each other and do not deadlock. */
function rowsOf(appends: readonly PreparedAppend[]) {
  const ordered = appends.length > 1 ? [...appends].sort((a, b) => (a.append.stream < b.append.stream ? -1 : 1)) : appends;
  return {
    references: [...new Set(ordered.flatMap((append) => append.references))].sort(),
    creates: ordered.filter(({ append }) => append.expectedVersion === 0),
    updates: ordered.filter(({ append }) => append.expectedVersion > 0),
    events: appends.flatMap(({ events }) => events),
    reserves: appends.flatMap(({ reserved }) => reserved).sort(byName),
    releases: appends.flatMap(({ released }) => released).sort(byName),
    subjects: appends.flatMap(({ subjectKeys }) => subjectKeys).sort((a, b) => (a.subject < b.subject ? -1 : 1)),
    keys: ordered.filter(({ append }) => append.idempotency !== undefined),
  };
}

function byName(a: NameRow, b: NameRow): number {
  return nameKey(a) < nameKey(b) ? -1 : 1;
}
