import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxAws } from '@wami/sandbox';
import { eventually, removeDirectory, servicesApart, sized, temporaryDirectory, type BenchFigure, type ServiceProcess, type ServicesApart } from '@wami/testing';
import { Pool } from 'pg';
import { ACCOUNT_KEYS, accountAt, connectionsTo, openAt, startAccounts } from './accounts';
import { makeDue, makeRows, makeStates, type Population, type Template } from './many-bindings';

const POPULATION: Population = { users: sized(1_000_000, 4_000), accounts: sized(40, 2) };
/** Of each account: half of what AWS lets an account have, so that as many can be made. */
const DUE = sized(2_500, 100);
const TEMPLATE = 'template-of-them-all';
const REST_MS = sized(10_000, 500);
/** Most of what there may be to bear is borne in the beginning. */
const WINDOW_MS = sized(30_000, 2_000);
const BYTES = 2 ** 20;

interface Usage {
  readonly peak: number;
  readonly cpuMs: number;
  readonly at: number;
}

/** What one sync service takes that has very much on record, and what it takes when much of that becomes due at once. */
export async function benchIdle(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-idle');
  const sandboxes = await startAccounts(1, {}, stateIn(folder));
  const wami = await servicesApart({ log: 'postgres', connections: connectionsTo(sandboxes), env: { ...ACCOUNT_KEYS, WAMI_LOG_LEVEL: 'error' } });
  const pool = new Pool({ connectionString: wami.postgres.url });
  try {
    const file = join(folder, 'usage.json');
    const sync = await wami.another('sync-aws', { NODE_OPTIONS: `--require ${join(__dirname, 'usage.cjs')}`, WAMI_BENCH_USAGE: file });
    const template = await makeTemplate(wami, sync, pool);
    await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
    makeStates(template, POPULATION, DUE, stateIn(folder));
    sandboxes.push(...await startAccounts(POPULATION.accounts, {}, stateIn(folder)));
    writeFileSync(wami.connections, connectionsTo(sandboxes));
    await makeRows(pool, template, POPULATION);
    rmSync(file);
    sync.start();
    await sync.ready();
    return await measure(pool, sandboxes, () => JSON.parse(readFileSync(file, 'utf8')) as Usage);
  } finally {
    await pool.end();
    await wami.stop();
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    removeDirectory(folder);
  }
}

const stateIn = (folder: string) => (account: string): string => join(folder, `aws-${account}.jsonl`);

/** One user, synced; the tenants of all accounts are known by then. Nobody syncs any more. */
async function makeTemplate(wami: ServicesApart, sync: ServiceProcess, pool: Pool): Promise<Template> {
  for (const service of [wami.identity, sync]) service.start();
  for (const service of [wami.identity, sync]) await service.ready();
  for (let index = 0; index < POPULATION.accounts; index++) {
    const tenant = `of-${accountAt(index)}`;
    await command(wami, 'POST', '/v1/tenants', { id: tenant, name: tenant });
    await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: openAt(index) });
  }
  const account = accountAt(0);
  const resource = await command(wami, 'POST', '/v1/users', { tenant: `of-${account}`, userName: TEMPLATE });
  const cloudId = await eventually(async () => {
    const { rows } = await pool.query<{ id: string }>(`SELECT presence->>'providerResourceId' AS id FROM sync_aws.engine_bindings
      WHERE resource = $1 AND state = 'Synced' AND due_at IS NULL AND NOT EXISTS (SELECT 1 FROM sync_aws.engine_reviews)`, [resource]);
    return rows[0]?.id ?? false;
  }, { timeoutMs: 30_000, describe: 'the template is Synced' });
  await sync.stop();
  return { account, userName: TEMPLATE, resource, cloudId: String(cloudId) };
}

/** The id of what it made. */
async function command(wami: ServicesApart, method: string, path: string, body: object): Promise<string> {
  const answer = await wami.call<{ readonly id: string }>(wami.identity, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

async function measure(pool: Pool, sandboxes: readonly SandboxAws[], usage: () => Usage): Promise<BenchFigure[]> {
  const { users, accounts } = POPULATION;
  const due = (DUE * accounts).toLocaleString('en-US');
  await sleep(REST_MS);
  const before = usage();
  await sleep(REST_MS);
  const atRest = usage();
  const made = await makeThem(pool, sandboxes);
  const making = usage();
  const compared = await compareThem(pool);
  const memory = (name: string, { peak }: Usage, detail: string): BenchFigure => ({ name: `${name}, most memory`, value: peak / BYTES, unit: 'MB', detail });
  return [
    memory(`${users.toLocaleString('en-US')} bindings at rest`, atRest, `${accounts} accounts`),
    { name: 'the same, processor time', value: (100 * (atRest.cpuMs - before.cpuMs)) / (atRest.at - before.at), unit: '% of a core' },
    memory(`${due} of them due at once to be made`, making, `${made} made in the first ${WINDOW_MS / 1000} s`),
    memory(`${due} more due at once to be compared`, usage(), `${compared} compared in the first ${WINDOW_MS / 1000} s`),
  ];
}

/** How many there was time for. */
async function makeThem(pool: Pool, sandboxes: readonly SandboxAws[]): Promise<number> {
  await makeDue(pool, POPULATION, { skipped: DUE, count: DUE, dueAt: Date.now(), set: `state = 'Pending', presence = NULL` });
  await sleep(WINDOW_MS);
  return sandboxes.reduce((sum, sandbox) => sum + sandbox.writes(), 0);
}

/** How many there was time for; they go before what is to be made. */
async function compareThem(pool: Pool): Promise<number> {
  await makeDue(pool, POPULATION, { skipped: 0, count: DUE, dueAt: 0, set: `verify_since = ${Date.now()}` });
  await sleep(WINDOW_MS);
  const { rows: [row] } = await pool.query<{ left: number }>('SELECT count(*)::int AS left FROM sync_aws.engine_bindings WHERE verify_since IS NOT NULL');
  return DUE * POPULATION.accounts - (row?.left ?? 0);
}
