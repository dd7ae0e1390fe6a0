import { quoteSchema } from '../identifier';
import { preparedName } from '../prepared';
import { REPLACE_EXPIRED_KEY } from './idempotency';
import type { NewSubjectKey } from '../sealing/subject-keys';
import { ourTx, type Ahead } from '../transactions-ahead';
import type { NameRow } from './names';
import type { PreparedAppend, PreparedEvent } from './prepared-append';
import { Relation, type Cardinality } from './relation';

type HeadRow = PreparedAppend;

const head = {
  stream: ['text', (row: HeadRow) => row.append.stream],
  tenant: ['text', (row: HeadRow) => row.append.tenant],
  version: ['integer', (row: HeadRow) => row.version],
  closes: ['boolean', (row: HeadRow) => row.append.closes ?? false],
} as const;

/** Everything that one statement takes, in the order of its parameters; the time of the events comes last. */
export const RELATIONS = {
  references: new Relation<string>({ stream: ['text', (stream) => stream] }),
  creates: new Relation<HeadRow>(head),
  updates: new Relation<HeadRow>({ ...head, expected: ['integer', (row) => row.append.expectedVersion] }),
  events: new Relation<PreparedEvent>({
    tenant: ['text', (row) => row.event.tenant],
    stream: ['text', (row) => row.event.stream],
    version: ['integer', (row) => row.version],
    id: ['text', (row) => row.id],
    type: ['text', (row) => row.event.type],
    schema_v: ['smallint', (row) => row.schemaVersion],
    key: ['text', (row) => row.event.key],
    subject: ['text', (row) => row.event.subject],
    data: ['jsonb', (row) => row.data],
    personal: ['jsonb', (row) => row.personal],
    meta: ['jsonb', (row) => row.meta],
  }),
  reserves: new Relation<NameRow>(nameColumns()),
  releases: new Relation<NameRow>(nameColumns()),
  subjects: new Relation<NewSubjectKey>({
    subject: ['text', (row) => row.subject],
    tenant: ['text', (row) => row.tenant],
    wrapped: ['text', (row) => row.wrapped],
  }),
  keys: new Relation<HeadRow>({
    tenant: ['text', (row) => row.append.idempotency?.tenant ?? ''],
    actor: ['text', (row) => row.append.idempotency?.actor ?? ''],
    key: ['text', (row) => row.append.idempotency?.key ?? ''],
    request_hash: ['text', (row) => row.append.idempotency?.requestHash ?? ''],
    status: ['smallint', (row) => row.append.idempotency?.status ?? 0],
    stream: ['text', (row) => row.append.stream],
    version: ['integer', (row) => row.version],
  }),
} as const;

function nameColumns() {
  return {
    tenant: ['text', (row: NameRow) => row.tenant],
    kind: ['text', (row: NameRow) => row.kind],
    value: ['text', (row: NameRow) => row.value],
    stream: ['text', (row: NameRow) => row.stream],
  } as const;
}

export type RelationName = keyof typeof RELATIONS;

/** Which statement is meant: how many rows of each, whether a stream is closed, and whether a refusal undoes the statement. */
export interface Shape {
  readonly rows: Readonly<Record<RelationName, Cardinality>>;
  readonly closes: boolean;
  /** `error`: a refused statement fails, so that nothing of it is kept. `flag`: it says so, and the caller rolls back. */
  readonly refusal: 'error' | 'flag';
}

export interface AppendStatement {
  readonly name: string;
  readonly text: string;
}

const REFUSED = 'append refused, nothing was written: ';

/** True where the error is a statement's own refusal. */
export function isRefusal(message: string): boolean {
  return message.includes(REFUSED);
}

const cache = new Map<string, AppendStatement>();

/** The prepared statement of a shape; the same object every time. There are few shapes, so few are kept. */
export function appendStatement(schema: string, shape: Shape, ahead: Ahead): AppendStatement {
  const key = `${schema} ${ahead} ${Object.values(shape.rows).join()} ${shape.closes} ${shape.refusal}`;
  let statement = cache.get(key);
  if (!statement) {
    const text = buildText(quoteSchema(schema), shape, ahead);
    statement = { name: preparedName(text), text };
    cache.set(key, statement);
  }
  return statement;
}

/**
 * One statement that writes heads, events, names, keys of subjects and of commands, or nothing.
 *
 * References are locked first: a stream that one append changes and another refers to must be locked before it is changed. Heads that
 * exist are locked in a subquery of their own and changed by an upsert that always meets its row, so that no plan made while the table
 * was small reads the whole of it later. A head whose tx is newer than ours refuses (the guard): readers take events in the order of
 * tx, and would see ours first. Events wait for the heads, so their unique index is never what refuses.
 */
function buildText(schema: string, { rows, closes, refusal }: Shape, ahead: Ahead): string {
  const ours = ourTx(ahead);
  const from: Partial<Record<RelationName, string>> = {};
  const count: Record<string, string> = {};
  let parameter = 1;
  for (const name of Object.keys(RELATIONS) as RelationName[]) {
    const cardinality = rows[name];
    count[name] = RELATIONS[name].count(cardinality, parameter);
    if (cardinality === 'none') continue;
    from[name] = RELATIONS[name].text('r', cardinality, parameter);
    parameter += RELATIONS[name].width;
  }
  const locked = (condition: string, lock: string) => `CROSS JOIN LATERAL (SELECT 1 FROM ${schema}.heads h WHERE ${condition} AND h.tx <= ${ours} ${lock}) l`;
  const done = (cte: string, name: RelationName) => (from[name] ? `(SELECT count(*) FROM ${cte}) = ${count[name]}` : 'true');
  const referenced = done('referenced', 'references');
  const ctes = [
    from.references && `referenced AS MATERIALIZED (SELECT 1 FROM ${from.references} ${locked('h.stream_id = r.stream AND NOT h.closed', 'FOR KEY SHARE')})`,
    from.creates && `created AS (INSERT INTO ${schema}.heads (stream_id, tenant, version, tx, closed)
      SELECT r.stream, r.tenant, r.version, ${ours}, r.closes FROM ${from.creates} WHERE ${referenced} ON CONFLICT (stream_id) DO NOTHING RETURNING stream_id)`,
    from.updates && `locked AS MATERIALIZED (SELECT r.* FROM ${from.updates}
      ${locked('h.stream_id = r.stream AND h.version = r.expected AND h.tenant = r.tenant', closes ? 'FOR UPDATE' : 'FOR NO KEY UPDATE')} WHERE ${referenced})`,
    from.updates && `updated AS (INSERT INTO ${schema}.heads (stream_id, tenant, version, tx, closed)
      SELECT r.stream, r.tenant, r.version, ${ours}, r.closes FROM locked r
      ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, tx = excluded.tx, closed = excluded.closed RETURNING stream_id)`,
    `headed AS MATERIALIZED (SELECT ${done('created', 'creates')} AND ${done('updated', 'updates')} AND ${referenced} AS ok)`,
    from.events && `written AS (INSERT INTO ${schema}.events
      (tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at)
      SELECT r.*, $${parameter}::timestamptz FROM ${from.events} WHERE (SELECT ok FROM headed) RETURNING position)`,
    from.reserves && `reserved AS (INSERT INTO ${schema}.names AS n (tenant, kind, value, stream_id)
      SELECT r.* FROM ${from.reserves} WHERE (SELECT ok FROM headed)
      ON CONFLICT (tenant, kind, value) DO UPDATE SET stream_id = excluded.stream_id WHERE n.stream_id = excluded.stream_id RETURNING 1)`,
    from.releases && `released AS (DELETE FROM ${schema}.names n USING ${from.releases}
      WHERE (SELECT ok FROM headed) AND n.tenant = r.tenant AND n.kind = r.kind AND n.value = r.value AND n.stream_id = r.stream)`,
    from.subjects && `made AS (INSERT INTO ${schema}.subject_keys (subject, tenant, wrapped)
      SELECT r.* FROM ${from.subjects} WHERE (SELECT ok FROM headed) ON CONFLICT (subject) DO NOTHING RETURNING 1)`,
    from.keys && `kept AS (INSERT INTO ${schema}.idempotency AS k (tenant, actor, key, request_hash, status, stream_id, version)
      SELECT r.* FROM ${from.keys} WHERE (SELECT ok FROM headed)
      ${REPLACE_EXPIRED_KEY} RETURNING stream_id)`,
    `judged AS (SELECT (SELECT ok FROM headed) AS heads, ${done('reserved', 'reserves')} AS names, ${done('kept', 'keys')} AS keys, ${done('made', 'subjects')} AS subjects)`,
  ].filter(Boolean);
  const positions = from.events ? `(SELECT string_agg(position::text, ',') FROM written)` : 'NULL';
  const answer = refusal === 'error'
    ? `CASE WHEN heads AND names AND keys AND subjects THEN true ELSE ('${REFUSED}' || concat_ws(' ', heads, names, keys, subjects))::integer = 0 END AS ok`
    : `heads AND names AND keys AND subjects AS ok, ${wroteWhenRefused('headed', ['created', 'updated'].filter((_, i) => [from.creates, from.updates][i]))},
      ${wroteWhenRefused('kept', from.keys ? ['kept'] : [])}`;
  return `WITH ${ctes.join(',\n')}\nSELECT ${answer}, (${ours})::text AS tx, ${positions} AS positions FROM judged`;
}

/** The streams of which the refused statement did write these rows; null where it was not refused. */
function wroteWhenRefused(name: string, ctes: readonly string[]): string {
  const streams = ctes.map((cte) => `SELECT stream_id FROM ${cte}`).join(' UNION ALL ') || 'SELECT NULL::text WHERE false';
  return `CASE WHEN NOT (heads AND names AND keys AND subjects) THEN ARRAY(${streams}) END AS ${name}`;
}
