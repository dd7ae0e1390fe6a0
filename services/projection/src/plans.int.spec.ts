import 'reflect-metadata';
import { scopedReader } from '@wami/event-store';
import { worldForAll } from '@wami/testing';
import { MOST_ENTRIES, MOST_IN_INDEX } from './http/walk';
import { FedLog } from './testing/fed-log';
import { recorded, type Statement } from './testing/recorded';
import { World, type Running } from './testing/world';

jest.setTimeout(120_000);

const ROWS = 100_000;
/** Rows that a page of 100 may touch: the entries of an index that it looks at, at most, and a page more. */
const TOUCHED = MOST_IN_INDEX + 200;

/** How far a page looks along an index, and where the planner is to look row by row. */
const BOUNDED = new RegExp(`OFFSET (${MOST_ENTRIES - 1}|${MOST_IN_INDEX - 1}) LIMIT 1$|OFFSET 0\\)`);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
const touchedBy = (plan: Plan): number => nodes(plan).filter((node) => node['Node Type'].endsWith('Scan') && !['Bitmap Index Scan', 'Subquery Scan'].includes(node['Node Type']))
  .reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops'], 0);

describe(`the queries, at ${ROWS} resources in 100 tenants`, () => {
  let world: World;
  let running: Running;
  let statements: Statement[];
  worldForAll(World.open, async (opened) => {
    world = opened;
    const watched = recorded(world.pool);
    statements = watched.statements;
    running = await world.project({ log: new FedLog(), pool: watched.pool });
    await fill();
  }, { beforeClose: () => running?.close(), postgres: { settings: { max_wal_size: '2GB' } } });

  /** One in a thousand is a group, fails, or has the rare tag; a tenth is pending, of one tenant only. */
  async function fill(): Promise<void> {
    const about = `'usr_' || lpad(n::text, 8, '0') AS id, 't' || lpad((n % 100)::text, 2, '0') AS tenant, CASE WHEN n % 1000 = 7 THEN 'group' ELSE 'user' END AS kind`;
    const time = `to_char(timestamptz '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
    await world.pool.query(`INSERT INTO projection.resources (id, arn, kind, tenant, name, name_key, path, tags, document, version, created_at, updated_at, deleted, seq)
      SELECT id, 'arn:wami:iam:' || tenant || ':wami:local:user/' || id, kind, tenant, 'name ' || n, 'name ' || n, CASE WHEN n % 1000 = 9 THEN '/rare/' ELSE '/' END,
        CASE WHEN n % 1000 = 8 THEN '{"rare":"yes"}'::jsonb ELSE '{"usual":"yes"}'::jsonb END, '{}', 1, ${time}, ${time}, false, n
      FROM (SELECT n, ${about} FROM generate_series(1, ${ROWS}) n) r`);
    await world.pool.query('INSERT INTO projection.resource_tags (resource, name, value, tenant) SELECT id, t.key, t.value, tenant FROM projection.resources, jsonb_each_text(tags) t');
    await world.pool.query(`INSERT INTO projection.sync_states (resource, provider, account, kind, tenant, state, rank, code, reason, held, updated_at, body, intent, said, settled, seq)
      SELECT id, CASE WHEN n % 1000 = 10 THEN 'gcp' ELSE 'aws' END, CASE WHEN n % 1000 = 11 THEN 'rare' ELSE '1' END, kind, tenant,
        CASE WHEN n % 1000 = 7 THEN 'Failed' WHEN n % 100 = 5 THEN 'Pending' ELSE 'Synced' END, 5, '', NULL, false, ${time},
        CASE WHEN n % 1000 = 7 THEN '{"error":{"code":"AccessDenied","message":"no","retryable":false},"retryCount":0}'::jsonb ELSE '{}' END, '1.' || n, NULL, '', n
      FROM (SELECT n, ${about} FROM generate_series(1, ${ROWS}) n) r`);
    await world.pool.query(`INSERT INTO projection.events (seq, id, source, tx, pos, type, tenant, key, also, stream, version, subject, time, data, personal, meta)
      SELECT n, 'evt' || n, 'identity', 1, n, CASE WHEN n % 1000 = 12 THEN 'wami.group.created.v1' ELSE 'wami.user.created.v1' END, tenant, id, CASE WHEN n % 10 = 0 THEN 'grp_A' END,
        id, 1, 'arn:' || id, ${time}, '{}', '{}', '{}'
      FROM (SELECT n, ${about} FROM generate_series(1, ${ROWS}) n) r`);
    await world.pool.query(`INSERT INTO projection.sync_summary SELECT of, provider, account, kind, state, code, '', count(*) FROM projection.sync_states, unnest(ARRAY['', tenant]) AS of GROUP BY 1, 2, 3, 4, 5, 6`);
    await world.pool.query(`UPDATE projection.ingest SET seq = ${ROWS}`);
    await world.pool.query('ANALYZE');
  }

  /** Planned as it is for the caller: row-level security takes part in it. */
  async function touched({ text, values }: Statement, token: string): Promise<[number, string]> {
    const { rows } = await scopedReader(world.pool, () => token.split(':')[1])
      .query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    return plan ? [touchedBy(plan), nodes(plan).map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''} ${node['Actual Rows']}`).join(' < ')] : [Infinity, text];
  }

  const second = async (path: string, token: string): Promise<string> => {
    const { nextCursor } = await running.read<{ nextCursor?: string }>(path, token, {});
    return nextCursor === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${nextCursor}`;
  };

  it.each(([
    '/v1/resources', '/v1/resources?kind=group', '/v1/resources?kind=user', '/v1/resources?tag=rare', '/v1/resources?tag=rare%3Dyes', '/v1/resources?tag=usual', '/v1/resources?path=%2Frare%2F',
    '/v1/resources?q=name%20777', '/v1/resources?q=name', '/v1/resources?q=usr_00000777', '/v1/resources?q=arn%3Awami%3Aiam%3At77%3Awami%3Alocal%3Auser%2Fusr_00000777',
    '/v1/resources?tenant=t05', '/v1/resources/usr_00000777', '/v1/resources/usr_00000777/sync', '/v1/resources/usr_00000777/history',
    '/v1/sync-states', '/v1/sync-states?state=Failed', '/v1/sync-states?state=Pending', '/v1/sync-states?state=Skipped', '/v1/sync-states?provider=aws', '/v1/sync-states?provider=gcp',
    '/v1/sync-states?account=rare', '/v1/sync-states?provider=aws&account=rare', '/v1/sync-states?kind=group', '/v1/sync-states?kind=user&state=Failed',
    '/v1/sync-states?q=usr_00000777', '/v1/sync-states?q=name%20777', '/v1/sync-states?q=name', '/v1/sync-states?tenant=t05&state=Pending',
    '/v1/sync-summary', '/v1/sync-summary?tenant=t07', '/v1/events', '/v1/events?type=wami.group.created.v1', '/v1/events?type=wami.user.created.v1', '/v1/events?tenant=t05', '/v1/resources/grp_A/history',
  ] as const).flatMap((path) => [[path, 'admin'], [path, 'tenant:t77']] as const))('touch few rows for %s of %s, on the first page and on the second', async (path, token) => {
    for (const page of [path, await second(path, token).catch(() => path)]) {
      statements.length = 0;
      const { status } = await running.get(page, token, {});
      const own = statements.filter(({ text }) => /FROM projection\.(resources|sync_states|events)\b/.test(text));
      expect([path, status, own.length > 0]).toEqual([path, ...(token !== 'admin' && path.includes('tenant=') ? [404, false] : path.includes('grp_A') ? [404, true] : [200, true])]);
      // Where a page ends that looked at as much as it may; nothing is ever skipped over to get to a page.
      expect(statements.filter(({ text }) => /OFFSET/i.test(text.replace(BOUNDED, '')))).toEqual([]);
      for (const statement of own) {
        const [rows, plan] = await touched(statement, token);
        expect([rows <= TOUCHED ? 'few' : rows, rows <= TOUCHED ? '' : `${plan} ${statement.text}`]).toEqual(['few', '']);
      }
    }
  });
});
