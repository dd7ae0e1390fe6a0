import { sized } from '@wami/testing';

/** People of the history, and events of each: their creation, a membership, a change, and what an engine said of the three, and of a sync. */
export const USERS = sized(20_000, 1000);
export const EVENTS_EACH = 11;
/** So many people's events lie together: theirs came in at the same time. */
const TOGETHER = 1000;
const START = '2030-01-01';

/** Intent, engine's version and operation of an outcome; the place of the event at step `s` of person `u` is `place(u, s)`. */
const about = (step: string, version: number, operation: string, more = `''`): string =>
  `jsonb_build_object('resource', id, 'kind', 'user', 'provider', 'aws', 'account', '000000000001', 'intent', ${step}, 'version', ${version},
    'operation', '${operation}') || ${more === `''` ? `'{}'` : more}::jsonb`;

const ARN = `jsonb_build_object('nativeArn', 'arn:aws:iam::000000000001:user/' || id, 'providerResourceId', 'AIDA' || id)`;
const JOB = `'{"jobs": ["job_BENCH"]}'`;
const created = 'place_of(u, 0)';
const changed = 'place_of(u, 6)';

/** In their order: type without prefix and version, what of stream is written, data, personal. */
const STEPS: readonly (readonly [type: string, stream: 'user' | 'membership' | 'binding', data: string, personal: string])[] = [
  ['user.created', 'user', `jsonb_build_object('path', '/engineering/', 'tags', jsonb_build_object('team', 'team-' || u % 50, 'cost', '4711'))`,
    `jsonb_build_object('userName', 'user.' || u, 'displayName', 'User ' || u, 'email', 'user.' || u || '@example.com')`],
  ['sync.requested', 'binding', about(created, 1, 'create'), `'{}'`],
  ['sync.started', 'binding', about(created, 1, 'create', `'{"attempt": 1}'`), `'{}'`],
  ['sync.succeeded', 'binding', about(created, 1, 'create', `'{"changed": true}'`), ARN],
  ['membership.added', 'membership', `jsonb_build_object('groupId', 'grp_BENCH', 'userId', id)`, `'{}'`],
  ['sync.succeeded', 'binding', about('place_of(u, 4)', 1, 'update', `'{"changed": true}'`), ARN],
  ['user.updated', 'user', `jsonb_build_object('tags', jsonb_build_object('team', 'team-' || (u + 1) % 50))`, `jsonb_build_object('displayName', 'User the ' || u)`],
  ['sync.started', 'binding', about(changed, 2, 'update', `'{"attempt": 1}'`), `'{}'`],
  ['sync.succeeded', 'binding', about(changed, 2, 'update', `'{"changed": true}'`), ARN],
  ['sync.requested', 'binding', about(changed, 2, 'update', JOB), `'{}'`],
  ['sync.succeeded', 'binding', about(changed, 2, 'update', `${JOB}::jsonb || '{"changed": false}'`), ARN],
];

const STREAM = { user: 'id', membership: `'mem_BENCH_' || id`, binding: `'aws/000000000001/' || id` } as const;
const streamVersion = (step: number): number => STEPS.slice(0, step + 1).filter(([, stream]) => stream === STEPS[step]?.[1]).length;

/** Fills `events` of an empty projection: a tenant that asks for a cloud, its people, each with the same story. */
export function historySql(schema: string): readonly string[] {
  const steps = STEPS.map(([type, stream, data, personal], step) => `SELECT u, ${step} AS step, id, 'wami.${type}.v1' AS type,
    '${type.startsWith('sync.') ? 'sync-aws' : 'identity'}' AS source, ${STREAM[stream]} AS stream, ${streamVersion(step)} AS version, ${data} AS data, ${personal}::jsonb AS personal
    FROM people`);
  return [
    `CREATE FUNCTION pg_temp.seq_of(u bigint, step bigint) RETURNS bigint IMMUTABLE LANGUAGE sql
      RETURN 3 + (u / ${TOGETHER}) * ${TOGETHER * EVENTS_EACH} + step * ${TOGETHER} + u % ${TOGETHER}`,
    `CREATE FUNCTION pg_temp.place_of(u bigint, step bigint) RETURNS text IMMUTABLE LANGUAGE sql RETURN '7.' || pg_temp.seq_of(u, step)`,
    `INSERT INTO ${schema}.events (seq, id, source, tx, pos, type, tenant, key, stream, version, subject, time, data, personal, meta) VALUES
      (1, 'evt_T1', 'identity', 7, 1, 'wami.tenant.created.v1', 'acme', 'ten_BENCH', 'ten_BENCH', 1, 'arn:wami:iam:acme:wami:main:tenant/ten_BENCH', '${START}T00:00:00.000Z',
        '{"tenantId": "ten_BENCH", "path": "acme", "name": "Acme", "providerAccounts": [], "quotas": {}, "metadata": {}}', '{}', '{"actor": "bench", "correlationId": "c"}'),
      (2, 'evt_T2', 'identity', 7, 2, 'wami.tenant.sync-configured.v2', 'acme', 'ten_BENCH', 'ten_BENCH', 2, 'arn:wami:iam:acme:wami:main:tenant/ten_BENCH',
        '${START}T00:00:00.001Z', '{"config": {"providers": [{"provider": "aws", "account": "000000000001"}]}}', '{}', '{"actor": "bench", "correlationId": "c"}')`,
    `INSERT INTO ${schema}.events (seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data, personal, meta)
      WITH people AS (SELECT u, 'usr_' || lpad(u::text, 26, '0') AS id FROM generate_series(0, ${USERS - 1}) AS u),
        steps AS (${steps.join(' UNION ALL ').replaceAll('place_of', 'pg_temp.place_of')})
      SELECT seq, 'evt_' || lpad(seq::text, 26, '0'), source, 7, seq, type, 'acme', id, data->>'groupId', stream, version,
        'arn:wami:iam:acme:wami:main:user/' || id, to_char(timestamp '${START}' + seq * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        data, personal, '{"actor": "bench", "correlationId": "c"}'
      FROM steps, pg_temp.seq_of(u, step) AS seq ORDER BY seq`,
    `UPDATE ${schema}.ingest SET seq = (SELECT max(seq) FROM ${schema}.events)`,
    `ANALYZE ${schema}.events`,
  ];
}
