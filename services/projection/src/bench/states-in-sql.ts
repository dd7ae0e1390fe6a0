import { CONFLICTS_LEFT, WORST_FIRST } from '@wami/contracts';
import { createIndexesSql, physicalName, type AnyTable } from '../model/table';
import { DRIFT, DRIFT_COUNTS, SWEEPS } from '../drift/drift.table';
import { RELATIONS } from '../reports/relations.table';
import { RESOURCE_TAGS, RESOURCES } from '../resources/resources.table';
import { SYNC_RESTED, SYNC_SETTLED, SYNC_STATES, SYNC_SUMMARY } from '../sync-states/sync-states.table';

/** Targets of every resource. */
export const TARGETS = [['aws', '000000000001'], ['aws', '000000000002'], ['gcp', 'acme-prod'], ['azure', 'acme-corp'], ['scim', 'slack']] as const;
/** Tenants beside the large one; each second one is below the one before it. */
export const TENANTS = 1000;
/** Holds a fifth of everything, and so do its ten children together. */
export const LARGE = 't-large';
/** A tenant of the others. */
export const tenantName = (n: number): string => (n % 2 === 0 ? `t${n}` : `t${n - 1}/c${n}`);

const GENERATION = 1;
const FIRST = ['ann', 'ben', 'carla', 'dora', 'emil', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim', 'lea', 'max', 'nora', 'otto', 'pia', 'quinn', 'rosa', 'sam', 'tom', 'uma', 'vic', 'wes', 'xena', 'yuri', 'zoe'];
const SYLLABLES = ['ba', 'co', 'di', 'fe', 'go', 'hu', 'ki', 'la', 'mo', 'ne', 'pi', 'ro', 'su', 'ta', 'vu', 'we'];
const sqlArray = (texts: readonly string[]): string => `(ARRAY[${texts.map((text) => `'${text}'`).join(', ')}])`;

/** Spread over 0 to `below`, the same for the same number; `salt` for another spread. */
const spread = (number: string, salt: number, below: number): string => `((hashint8extended(${number}, ${salt}) & 9223372036854775807) % ${below})`;
const at = (seconds: string): string => `to_char(timestamp '2026-01-01' + ${seconds} * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.000Z"')`;
const JSON_EMPTY = `'{}'::jsonb`;

/** Resource `r`: its tenant, kind and name; one in a hundred is deleted, and has no states. */
const people = (count: number): string => `SELECT r, 'usr_' || lpad(to_hex(r), 26, '0') AS id, r % 100 = 99 AS deleted,
    CASE WHEN r % 5 = 0 THEN CASE WHEN r % 10 = 0 THEN '${LARGE}' ELSE '${LARGE}/c' || (r / 10) % 10 END
      ELSE (SELECT CASE WHEN n % 2 = 0 THEN 't' || n ELSE 't' || (n - 1) || '/c' || n END FROM (SELECT ${spread('r', 1, TENANTS)} AS n) AS t) END AS tenant,
    CASE WHEN r % 20 < 16 THEN 'user' WHEN r % 20 < 18 THEN 'group' WHEN r % 20 = 18 THEN 'role' WHEN r % 40 = 19 THEN 'policy' ELSE 'service-account' END AS kind,
    ${sqlArray(FIRST)}[1 + ${spread('r', 2, FIRST.length)}] || '.' || ${[3, 4, 5].map((salt) => `${sqlArray(SYLLABLES)}[1 + ${spread('r', salt, SYLLABLES.length)}]`).join(' || ')} || r AS name
  FROM generate_series(0::bigint, ${count - 1}) AS r`;

const resources = (count: number): string => `SELECT id, 'arn:wami:iam:' || tenant || ':wami:main:' || kind || '/' || id, kind, tenant, name, name, '/department-' || r % 200 || '/',
    jsonb_build_object('team', 'team-' || ${spread('r', 6, 2000)}, 'cost', 'c' || ${spread('r', 9, 10)}),
    CASE WHEN deleted THEN NULL ELSE jsonb_build_object('userName', name, 'displayName', initcap(name), 'email', name || '@example.com', 'path', '/department-' || r % 200 || '/') END,
    3, ${at('r')}, ${at('r')}, deleted, r FROM (${people(count)}) p`;

const tags = (schema: string): string => `SELECT r.id, t.key, t.value, r.tenant FROM ${schema}.${physicalName(RESOURCES, GENERATION)} r, jsonb_each_text(r.tags) t WHERE NOT r.deleted`;

const idOf = (r: string): string => `'usr_' || lpad(to_hex(${r}), 26, '0')`;
/** Every user is in a group, every group has a policy, and so has one in ten of the others. */
const relations = (count: number): string => `SELECT ${idOf('r')}, ${idOf('CASE WHEN r % 20 < 16 THEN r - r % 20 + 16 ELSE r - r % 40 + 19 END')}, CASE WHEN r % 20 < 16 THEN 'membership' ELSE 'attachment' END
    FROM generate_series(0::bigint, ${count - 1}) AS r WHERE r % 20 < 18
  UNION ALL SELECT ${idOf('r')}, ${idOf('r - r % 40 + 19')}, 'attachment' FROM generate_series(0::bigint, ${count - 1}) AS r WHERE r % 10 = 1`;

/** Of 10,000 states: 9,850 agree, 50 wait, 60 failed, 20 are skipped, 10 are not configured, 10 are being carried out. */
const STATE = `CASE WHEN h < 9850 THEN 'Synced' WHEN h < 9900 THEN 'Pending' WHEN h < 9960 THEN 'Failed' WHEN h < 9980 THEN 'Skipped' WHEN h < 9990 THEN 'NotConfigured' ELSE 'Syncing' END`;
const CODE = `CASE WHEN h < 9900 OR h >= 9960 THEN '' WHEN h < 9930 THEN 'AccessDenied' WHEN h < 9945 THEN 'Throttled' WHEN h < 9955 THEN 'Conflict' WHEN h = 9959 AND r % 100 = 1 THEN 'LimitExceeded' ELSE 'Timeout' END`;
const REASON = `CASE WHEN h < 9960 OR h >= 9980 THEN NULL WHEN h = 9960 THEN '${CONFLICTS_LEFT[0]?.replaceAll("'", "''")}' ELSE 'the provider cannot hold a ' || kind END`;
const BODY = `CASE state WHEN 'Synced' THEN jsonb_build_object('syncedAt', at, 'version', 3, 'nativeArn', 'arn:aws:iam::' || account || ':user/' || name, 'operation', 'update')
    WHEN 'Failed' THEN jsonb_build_object('error', jsonb_build_object('code', code, 'message', 'it said no', 'retryable', code <> 'AccessDenied'), 'failedAt', at, 'retryCount', 2, 'operation', 'update')
      || CASE WHEN code = 'Conflict' THEN ${JSON_EMPTY} ELSE jsonb_build_object('nextRetryAt', at) END
    WHEN 'Syncing' THEN jsonb_build_object('startedAt', at, 'attempt', 1, 'operation', 'update') ELSE jsonb_build_object('reason', reason, 'operation', 'update') END`;

const states = (count: number): string => `SELECT id, provider, account, kind, tenant, state, CASE state ${WORST_FIRST.map((state, rank) => `WHEN '${state}' THEN ${rank}`).join(' ')} END,
    code, reason, CASE WHEN state = 'Skipped' THEN reason ELSE '' END, false, code = 'Conflict' OR coalesce(h = 9960, false), at, ${BODY}, '7.' || r, jsonb_build_object('outcome', jsonb_build_object('state', state, 'version', 3), 'operation', 'update', 'intent', '7.' || r, 'updatedAt', at), '7.' || r, '', r
  FROM (SELECT p.*, provider, account, h, ${STATE} AS state, ${CODE} AS code, ${REASON} AS reason, ${at('(r + k)')} AS at
    FROM (${people(count)}) p, (VALUES ${TARGETS.map(([provider, account], k) => `(${k}, '${provider}', '${account}')`).join(', ')}) AS t (k, provider, account),
      LATERAL (SELECT ${spread(`r * ${TARGETS.length} + k`, 7, 10_000)} AS h) AS chosen WHERE NOT deleted) s`;

/** A tenant's counters count what is below it too, and those of '' everything. */
const SCOPES = `LATERAL (SELECT '' AS scope UNION ALL SELECT s.tenant UNION ALL SELECT split_part(s.tenant, '/', 1) WHERE s.tenant LIKE '%/%') AS scopes`;
const summary = (schema: string): string => `SELECT scope, provider, account, kind, state, code, skipped_for, sum(count) FROM (
    SELECT tenant, provider, account, kind, state, code, skipped_for, count(*) AS count FROM ${schema}.${physicalName(SYNC_STATES, GENERATION)} GROUP BY 1, 2, 3, 4, 5, 6, 7) s, ${SCOPES} GROUP BY 1, 2, 3, 4, 5, 6, 7`;
/** The last ten days, each with a hundred lengths of time. */
const settled = (schema: string): string => `SELECT DISTINCT scope, to_char(now() - day * interval '1 day', 'YYYY-MM-DD'), bucket, 10 FROM (
    SELECT DISTINCT tenant FROM ${schema}.${physicalName(SYNC_SUMMARY, GENERATION)} WHERE tenant <> '') s, ${SCOPES}, generate_series(0, 9) AS day, generate_series(0, 99) AS bucket`;
/** The last four weeks, each day at each target with twenty lengths of time, everything with eighty; a day in ten has failures. */
const rested = (schema: string): string => `SELECT scope, provider, account, to_char(now() - day * interval '1 day', 'YYYY-MM-DD'), CASE WHEN bucket = 0 THEN 'failed' WHEN bucket > 75 THEN 'late' ELSE 'in-time' END, bucket, 10
  FROM (SELECT DISTINCT tenant AS scope, provider, account FROM ${schema}.${physicalName(SYNC_SUMMARY, GENERATION)}) s, generate_series(0, 29) AS day, generate_series(0, 79) AS bucket
  WHERE CASE bucket WHEN 0 THEN day % 10 = 0 ELSE bucket <= 20 OR scope IN ('', '${LARGE}') END`;
/** One in two hundred states was found changed; one in ten of those is so still. */
const drift = (schema: string): string => `SELECT provider, account, resource, 'arn:wami:iam:' || tenant || ':wami:main:' || kind || '/' || resource, kind, tenant, 'changed', CASE WHEN seq % 10 = 0 THEN 'open' ELSE 'corrected' END,
    '[{"at": "tags/team", "expected": "core", "found": "edge"}]'::jsonb, updated_at, CASE WHEN seq % 10 = 0 THEN NULL ELSE updated_at END
  FROM ${schema}.${physicalName(SYNC_STATES, GENERATION)} WHERE ${spread('seq', 8, 200)} = 0`;

const driftCounts = (schema: string): string => `SELECT tenant, provider, account, state, count(*) FROM ${schema}.${physicalName(DRIFT, GENERATION)} GROUP BY 1, 2, 3, 4`;
const sweeps = (schema: string): string => `SELECT provider || '/' || account || '/' || tenant, tenant, provider, account, 'PT1H', ${at('0')}, ${at('3600')}, 1000, '[{"kind": "user", "seen": 1000, "unmanaged": 3}]'::jsonb, '[]'::jsonb
  FROM (SELECT DISTINCT tenant, provider, account FROM ${schema}.${physicalName(SYNC_SUMMARY, GENERATION)} WHERE tenant <> '') s`;

const events = (count: number): string => `SELECT 1 + r, 'evt_' || lpad(to_hex(r), 26, '0'), 'identity', 7, r, CASE WHEN r % 1000 = 7 THEN 'wami.group.created.v1' ELSE 'wami.user.updated.v1' END, tenant, id, NULL, id, 1,
    'arn:wami:iam:' || tenant || ':wami:main:user/' || id, ${at('r')}, jsonb_build_object('tags', jsonb_build_object('team', 'team-' || r % 50)), ${JSON_EMPTY}, '{"actor": "bench", "correlationId": "c"}'::jsonb FROM (${people(count)}) p`;

/** Fills one table as `select` says, without the log that a crash would need, then makes its indexes and gathers its statistics. */
function filled(schema: string, table: AnyTable, select: string): readonly string[] {
  const name = `${schema}.${physicalName(table, GENERATION)}`;
  const indexes = [`${physicalName(table, GENERATION)}_pkey`, ...table.indexes.map((index) => `${physicalName(table, GENERATION)}_${index.name}`)];
  const [key = '', ...others] = indexes;
  return [
    `ALTER TABLE ${name} DROP CONSTRAINT ${key}`, ...others.map((index) => `DROP INDEX ${schema}.${index}`), `ALTER TABLE ${name} SET UNLOGGED`,
    `INSERT INTO ${name} (${Object.keys(table.columns).join(', ')}) ${select}`, ...createIndexesSql(schema, table, GENERATION), `VACUUM (ANALYZE) ${name}`,
  ];
}

/** Statements that fill the tables of an empty projection with `count` states, each by itself. */
export function statesSql(schema: string, count: number): readonly string[] {
  const all = Math.ceil(count / TARGETS.length);
  return [
    ...filled(schema, RESOURCES, resources(all)), ...filled(schema, RESOURCE_TAGS, tags(schema)), ...filled(schema, RELATIONS, relations(all)), ...filled(schema, SYNC_STATES, states(all)),
    ...filled(schema, SYNC_SUMMARY, summary(schema)), ...filled(schema, SYNC_SETTLED, settled(schema)), ...filled(schema, SYNC_RESTED, rested(schema)),
    ...filled(schema, DRIFT, drift(schema)), ...filled(schema, DRIFT_COUNTS, driftCounts(schema)), ...filled(schema, SWEEPS, sweeps(schema)),
    `INSERT INTO ${schema}.events (seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data, personal, meta) ${events(all)}`,
    `UPDATE ${schema}.ingest SET seq = ${all}`, `VACUUM (ANALYZE) ${schema}.events`,
  ];
}
