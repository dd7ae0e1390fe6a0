import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxAws } from '@wami/sandbox';
import { eventually, removeDirectory, servicesApart, sized, temporaryDirectory, type BenchFigure, type ServicesApart } from '@wami/testing';
import { Pool } from 'pg';
import { ACCOUNT_KEYS, connectionsTo, openAt, startAccounts } from './accounts';

const ACCOUNTS = 8;
const USERS = sized(300, 10);
/** So many that what is measured first is not held up by the compiler. */
const WARM_UP = sized(300, 5);
/** What the clouds take for a call. */
const LATENCY_MS = [100, 200] as const;
/** Of a core, as a container is given: with as much as they like two services take all that a small machine has, and the database and the clouds get the rest. */
const SHARE = 0.25;
const LEASE_SECONDS = '5';
/** What is measured lies between these parts of what is made. */
const FROM = 0.2;
const TO = 0.85;
const WAIT_MS = 90_000;

/**
 * How much more is synced at many accounts by two sync services than by one, from the moment that the accounts are switched on: finding out what is
 * due, calls, and what is put on record. The clouds allow more than is asked of them, so what one service lacks is processor time.
 */
export async function benchReplicas(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-replicas');
  const share = join(folder, 'share');
  const sandboxes = await startAccounts(ACCOUNTS, { latencyMs: LATENCY_MS });
  const wami = await servicesApart({
    log: 'postgres', connections: connectionsTo(sandboxes), env: { ...ACCOUNT_KEYS, WAMI_LOG_LEVEL: 'error', WAMI_LEASE_SECONDS: LEASE_SECONDS },
  });
  const pool = new Pool({ connectionString: wami.postgres.url });
  try {
    const preload = { NODE_OPTIONS: `--require ${join(__dirname, 'core-share.cjs')}`, WAMI_BENCH_CORE_SHARE: share };
    const world = { wami, sandboxes, pool, share };
    writeFileSync(share, '1');
    const [first, second] = [await wami.another('sync-aws', preload), await wami.another('sync-aws', preload)];
    for (const service of [wami.identity, first, second]) service.start();
    for (const service of [wami.identity, first, second]) await service.ready();
    await measure(world, 'warm-up', WARM_UP, 1);
    await untilOwned(pool, [ACCOUNTS / 2, ACCOUNTS / 2]);
    const two = await measure(world, 'two', USERS, SHARE);
    await second.stop();
    await untilOwned(pool, [ACCOUNTS]);
    const one = await measure(world, 'one', USERS, SHARE);
    return figuresOf(one, two);
  } finally {
    await pool.end();
    await wami.stop();
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    removeDirectory(folder);
  }
}

function figuresOf(one: number, two: number): BenchFigure[] {
  const detail = `${ACCOUNTS * USERS} users at ${ACCOUNTS} accounts, ${LATENCY_MS.join(' to ')} ms a call, each service ${SHARE} of a core`;
  return [
    { name: 'one sync service', value: one, unit: 'users/s', detail },
    { name: 'two sync services', value: two, unit: 'users/s', ceiling: 'one sync service', ratio: two / one },
  ];
}

interface World {
  readonly wami: ServicesApart;
  readonly sandboxes: readonly SandboxAws[];
  readonly pool: Pool;
  /** The file that tells the services their share. */
  readonly share: string;
}

/** Users a second that new tenants of all accounts get, so many each, once they are switched on, while each service has so much of a core. */
async function measure({ wami, sandboxes, pool, share }: World, name: string, users: number, ofCore: number): Promise<number> {
  const tenants = sandboxes.map((_, index) => `${name}-${index}`);
  for (const tenant of tenants) {
    await command(wami, 'POST', '/v1/tenants', { id: tenant, name: tenant });
    await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: [] });
    const operations = Array.from({ length: users }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant, userName: `${tenant}-user-${i}` } }));
    await command(wami, 'POST', '/v1/batch', { operations });
  }
  const made = madeSince(sandboxes);
  const all = users * tenants.length;
  await untilKnown(pool, `${name}-%`, all);
  const reached = async (part: number): Promise<{ readonly count: number; readonly at: number }> => {
    await eventually(() => made() >= part * all, { timeoutMs: WAIT_MS, intervalMs: 10, describe: `${all} users are made at the accounts` });
    return { count: made(), at: performance.now() };
  };
  writeFileSync(share, String(ofCore));
  for (const [index, tenant] of tenants.entries()) await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: openAt(index) });
  const [begin, end] = [await reached(FROM), await reached(TO)];
  writeFileSync(share, '1');
  await reached(1);
  return (end.count - begin.count) / ((end.at - begin.at) / 1000);
}

function madeSince(sandboxes: readonly SandboxAws[]): () => number {
  const writes = (): number => sandboxes.reduce((sum, sandbox) => sum + sandbox.writes(), 0);
  const before = writes();
  return () => writes() - before;
}

async function command(wami: ServicesApart, method: string, path: string, body: object): Promise<void> {
  const { status, body: answer } = await wami.call(wami.identity, method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${JSON.stringify(answer)}`);
}

/** Until the sync services have read of so many users of these tenants. */
async function untilKnown(pool: Pool, tenants: string, users: number): Promise<void> {
  await eventually(async () => {
    const { rows: [row] } = await pool.query<{ known: number }>('SELECT count(*)::int AS known FROM sync_aws.engine_resources WHERE tenant LIKE $1', [tenants]);
    return row?.known === users ? true : Promise.reject(new Error(`${row?.known} are`));
  }, { timeoutMs: WAIT_MS, intervalMs: 10, describe: `${users} users are known` });
}

/** Until the replicas own so many targets each. */
async function untilOwned(pool: Pool, each: readonly number[]): Promise<void> {
  await eventually(async () => {
    const { rows } = await pool.query<{ targets: number }>('SELECT count(*)::int AS targets FROM sync_aws.engine_targets WHERE owner IS NOT NULL GROUP BY owner');
    return JSON.stringify(rows.map(({ targets }) => targets)) === JSON.stringify(each) ? true : Promise.reject(new Error(JSON.stringify(rows)));
  }, { timeoutMs: WAIT_MS, describe: `targets are spread as ${each.join(' and ')}` });
}
