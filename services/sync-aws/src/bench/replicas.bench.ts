import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxAws } from '@wami/sandbox';
import { eventually, removeDirectory, servicesApart, sized, temporaryDirectory, type BenchFigure, type ServicesApart } from '@wami/testing';
import { Pool } from 'pg';
import { ACCOUNT_KEYS, connectionsTo, openAt, startAccounts } from './accounts';

const ACCOUNTS = 8;
const USERS = sized(150, 10);
const WARM_UP = sized(60, 5);
/** What the clouds take for a call. */
const LATENCY_MS = [30, 60] as const;
/** Of a core: with as much as it likes one service and its database take all that a small machine has. */
const SHARE = 0.25;
const LEASE_SECONDS = '5';
/** What is measured lies between these parts of what is made. */
const FROM = 0.2;
const TO = 0.95;
const WAIT_MS = 90_000;

/** How much more is synced at many accounts by two sync services than by one. */
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
    writeFileSync(share, '1');
    const [first, second] = [await wami.another('sync-aws', preload), await wami.another('sync-aws', preload)];
    for (const service of [wami.identity, first, second]) service.start();
    for (const service of [wami.identity, first, second]) await service.ready();
    await measure(wami, sandboxes, 'warm-up', WARM_UP);
    await untilOwned(pool, [ACCOUNTS / 2, ACCOUNTS / 2]);
    writeFileSync(share, String(SHARE));
    const two = await measure(wami, sandboxes, 'two', USERS);
    writeFileSync(share, '1');
    await second.stop();
    await untilOwned(pool, [ACCOUNTS]);
    writeFileSync(share, String(SHARE));
    const one = await measure(wami, sandboxes, 'one', USERS);
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

/** Users a second that new tenants of all accounts get, so many each, once they are switched on. */
async function measure(wami: ServicesApart, sandboxes: readonly SandboxAws[], name: string, users: number): Promise<number> {
  const tenants = sandboxes.map((_, index) => `${name}-${index}`);
  for (const tenant of tenants) {
    await command(wami, 'POST', '/v1/tenants', { id: tenant, name: tenant });
    await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: [] });
    const operations = Array.from({ length: users }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant, userName: `${tenant}-user-${i}` } }));
    await command(wami, 'POST', '/v1/batch', { operations });
  }
  const made = madeSince(sandboxes);
  const all = users * tenants.length;
  const reached = async (part: number): Promise<number> => {
    await eventually(() => made() >= part * all, { timeoutMs: WAIT_MS, intervalMs: 10, describe: `${all} users are made at the accounts` });
    return performance.now();
  };
  for (const [index, tenant] of tenants.entries()) await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: openAt(index) });
  const [begin, end] = [await reached(FROM), await reached(TO)];
  await reached(1);
  return ((TO - FROM) * all) / ((end - begin) / 1000);
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

/** Until the replicas own so many targets each. */
async function untilOwned(pool: Pool, each: readonly number[]): Promise<void> {
  await eventually(async () => {
    const { rows } = await pool.query<{ targets: number }>('SELECT count(*)::int AS targets FROM sync_aws.engine_targets WHERE owner IS NOT NULL GROUP BY owner');
    return JSON.stringify(rows.map(({ targets }) => targets)) === JSON.stringify(each) ? true : Promise.reject(new Error(JSON.stringify(rows)));
  }, { timeoutMs: WAIT_MS, describe: `targets are spread as ${each.join(' and ')}` });
}
