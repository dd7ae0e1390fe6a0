import { SLA_SECONDS, WORST_FIRST } from '@wami/contracts';
import { JOB_BINDINGS, JOB_COUNTS } from '../jobs/jobs.table';
import { createIndexesSql, createTableSql, physicalName, type AnyTable } from '../model/table';
import { RESOURCE_TAGS, RESOURCES } from '../resources/resources.table';
import { SYNC_RESOURCES, SYNC_RESTED, SYNC_SETTLED, SYNC_STATES, SYNC_SUMMARY } from '../sync-states/sync-states.table';

/** A tenant's counters count what is below it too, and those of '' everything; the tenant of this history has none above it. */
const COUNTED_IN = `unnest(ARRAY['', tenant]) AS counted`;
/** Beside the read models' own generations. */
const GENERATION = 1000;

interface Fold {
  readonly table: AnyTable;
  /** The rows, in the order of the table's columns. */
  readonly select: (schema: string) => string;
}

const OWN = `type IN ('wami.user.created.v1', 'wami.user.updated.v1')`;
const INTENTS = `type IN ('wami.user.created.v1', 'wami.user.updated.v1', 'wami.membership.added.v1')`;
const OUTCOMES = `type IN ('wami.sync.requested.v1', 'wami.sync.started.v1', 'wami.sync.succeeded.v1')`;

const resources: Fold = {
  table: RESOURCES,
  select: (schema) => `
    WITH documents AS (SELECT e.key, jsonb_object_agg(f.key, f.value ORDER BY e.seq) AS document FROM ${schema}.events e, jsonb_each(e.data || e.personal) f
        WHERE ${OWN} GROUP BY e.key),
      heads AS (SELECT key, min(time) AS created, max(time) AS updated, max(version) AS version, max(seq) AS seq, min(subject) AS subject, min(tenant) AS tenant
        FROM ${schema}.events WHERE ${OWN} GROUP BY key)
    SELECT key, subject, 'user', tenant, document->>'userName', lower(normalize(document->>'userName', NFKC)), document->>'path', document->'tags', document,
      version, created, updated, false, seq FROM documents JOIN heads USING (key)`,
};

const resourceTags: Fold = {
  table: RESOURCE_TAGS,
  select: (schema) => `SELECT r.id, t.key, t.value, r.tenant FROM ${schema}.${physicalName(RESOURCES, GENERATION)} r, jsonb_each_text(r.tags) t WHERE NOT r.deleted`,
};

const syncResources: Fold = {
  table: SYNC_RESOURCES,
  select: (schema) => `
    SELECT key, 'user', tenant, created, tx || '.' || pos, time, CASE WHEN type = 'wami.user.created.v1' THEN 'create' ELSE 'update' END, '[]'::jsonb, seq
    FROM (SELECT DISTINCT ON (key) key, tenant, type, tx, pos, time, seq FROM ${schema}.events WHERE ${INTENTS} ORDER BY key, seq DESC) last
    JOIN (SELECT key, tx || '.' || pos AS created FROM ${schema}.events WHERE type = 'wami.user.created.v1') first USING (key)`,
};

/** Of a history in which the engine has had the last word on everything and nothing failed. */
const syncStates: Fold = {
  table: SYNC_STATES,
  select: (schema) => `
    WITH last AS (SELECT DISTINCT ON (key) key, tenant, type, time, seq, data, personal FROM ${schema}.events WHERE ${OUTCOMES} ORDER BY key, seq DESC),
      settled AS (SELECT DISTINCT ON (key) key, data->>'intent' AS intent FROM ${schema}.events WHERE type = 'wami.sync.succeeded.v1' ORDER BY key, seq DESC),
      said AS (SELECT *, CASE type
          WHEN 'wami.sync.requested.v1' THEN jsonb_build_object('state', 'Pending')
          WHEN 'wami.sync.started.v1' THEN jsonb_build_object('state', 'Syncing', 'startedAt', time, 'attempt', data->'attempt')
          ELSE jsonb_build_object('state', 'Synced', 'syncedAt', time, 'version', data->'version', 'nativeArn', personal->'nativeArn',
            'providerResourceId', personal->'providerResourceId') END AS outcome FROM last)
    SELECT key, data->>'provider', data->>'account', data->>'kind', tenant, outcome->>'state',
      CASE outcome->>'state' ${WORST_FIRST.map((state, rank) => `WHEN '${state}' THEN ${rank}`).join(' ')} END, '', NULL::text, '', false, false, time,
      (outcome - 'state') || jsonb_build_object('operation', data->'operation'), data->>'intent',
      jsonb_build_object('outcome', outcome, 'operation', data->'operation', 'intent', data->'intent', 'updatedAt', time), settled.intent, '', seq
    FROM said JOIN settled USING (key)`,
};

const summary: Fold = {
  table: SYNC_SUMMARY,
  select: (schema) => `SELECT counted, provider, account, kind, state, code, '', count(*) FROM ${schema}.${physicalName(SYNC_STATES, GENERATION)}, ${COUNTED_IN} GROUP BY 1, 2, 3, 4, 5, 6`,
};

const settledTimes: Fold = {
  table: SYNC_SETTLED,
  select: (schema) => `
    WITH first AS (SELECT key, data->>'intent' AS intent, min(tenant) AS tenant, min(time) AS time FROM ${schema}.events WHERE type = 'wami.sync.succeeded.v1' GROUP BY 1, 2),
      took AS (SELECT f.tenant, left(f.time, 10) AS day, extract(epoch FROM f.time::timestamptz - i.time::timestamptz)::float8 AS seconds
        FROM first f JOIN ${schema}.events i ON i.source = 'identity' AND i.tx = split_part(f.intent, '.', 1)::bigint AND i.pos = split_part(f.intent, '.', 2)::bigint)
    SELECT counted, day, CASE WHEN seconds > 0.001 THEN least(228, ceil(ln(seconds / 0.001) / ln(1.1)))::integer ELSE 0 END, count(*) FROM took, ${COUNTED_IN} GROUP BY 1, 2, 3`,
};

const rested: Fold = {
  table: SYNC_RESTED,
  select: (schema) => `
    WITH first AS (SELECT key, data->>'intent' AS intent, data->>'provider' AS provider, data->>'account' AS account, min(tenant) AS tenant, min(time) AS time
        FROM ${schema}.events WHERE type = 'wami.sync.succeeded.v1' GROUP BY 1, 2, 3, 4),
      took AS (SELECT f.tenant, f.provider, f.account, left(f.time, 10) AS day, extract(epoch FROM f.time::timestamptz - i.time::timestamptz)::float8 AS seconds
        FROM first f JOIN ${schema}.events i ON i.source = 'identity' AND i.tx = split_part(f.intent, '.', 1)::bigint AND i.pos = split_part(f.intent, '.', 2)::bigint)
    SELECT counted, provider, account, day, CASE WHEN seconds <= ${SLA_SECONDS} THEN 'in-time' ELSE 'late' END,
      CASE WHEN seconds > 0.001 THEN least(228, ceil(ln(seconds / 0.001) / ln(1.1)))::integer ELSE 0 END, count(*) FROM took, ${COUNTED_IN} GROUP BY 1, 2, 3, 4, 5, 6`,
};

const jobBindings: Fold = {
  table: JOB_BINDINGS,
  select: (schema) => `
    SELECT DISTINCT ON (job, key) job, key, data->>'provider', data->>'account', CASE WHEN type = 'wami.sync.succeeded.v1' THEN 'succeeded' ELSE 'pending' END
    FROM ${schema}.events, jsonb_array_elements_text(data->'jobs') AS job WHERE ${OUTCOMES} ORDER BY job, key, seq DESC`,
};

const jobCounts: Fold = {
  table: JOB_COUNTS,
  select: (schema) => `SELECT job, result, count(*) FROM ${schema}.${physicalName(JOB_BINDINGS, GENERATION)} GROUP BY 1, 2`,
};

const FOLDS = [resources, resourceTags, syncResources, syncStates, summary, settledTimes, rested, jobBindings, jobCounts] as const;

/** What the read models hold of this history, as a statement per table: filled first, indexed afterwards. */
export function foldSql(schema: string): readonly string[] {
  return FOLDS.flatMap(({ table, select }) => {
    const name = `${schema}.${physicalName(table, GENERATION)}`;
    return [createTableSql(schema, table, GENERATION), `INSERT INTO ${name} ${select(schema)}`, ...createIndexesSql(schema, table, GENERATION), `ANALYZE ${name}`];
  });
}

export const dropSql = (schema: string): readonly string[] => FOLDS.map(({ table }) => `DROP TABLE ${schema}.${physicalName(table, GENERATION)}`);

/** Per table how many rows stand in one of the two and not in the other. */
export function differencesSql(schema: string): readonly { readonly table: string; readonly sql: string }[] {
  return FOLDS.map(({ table }) => {
    const [fold, model] = [`${schema}.${physicalName(table, GENERATION)}`, `${schema}.${table.name}`];
    // A counter that came back to zero says no more than none.
    const rows = (of: string): string => `SELECT * FROM ${of}${table.counter === undefined ? '' : ` WHERE ${table.counter} <> 0`}`;
    const less = (a: string, b: string): string => `SELECT * FROM (${rows(a)} EXCEPT ALL ${rows(b)}) AS d`;
    return { table: table.name, sql: `SELECT count(*)::integer AS count FROM (${less(fold, model)} UNION ALL ${less(model, fold)}) AS d` };
  });
}
