import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxAws } from '@wami/sandbox';
import { eventually, removeDirectory, servicesApart, sized, temporaryDirectory, type BenchFigure, type ServiceProcess, type ServicesApart } from '@wami/testing';
import { Pool } from 'pg';
import { ACCOUNT_KEYS, accountAt, connectionsTo, openAt, startAccounts } from './accounts';
import { makeDue, makeRows, makeStates, type Population, type Template } from './many-bindings';

const POPULATION: Population = { users: sized(1_000_000, 4_000), accounts: sized(20, 2) };
/** Of each account: as many users as AWS lets an account have. */
const DUE = sized(5_000, 100);
const TEMPLATE = 'template-of-them-all';
const REST_MS = sized(20_000, 500);
const COMPARED_MS = 150_000;
const MADE_MS = sized(30_000, 1_000);
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
    const sync = await wami.anotherSyncAws({ NODE_OPTIONS: `--require ${join(__dirname, 'usage.cjs')}`, WAMI_BENCH_USAGE: file });
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
  const comparedMs = await compareAll(pool, sandboxes);
  const compared = usage();
  const made = await makeSome(pool, sandboxes);
  const memory = (name: string, { peak }: Usage, detail: string): BenchFigure => ({ name: `${name}, most memory`, value: peak / BYTES, unit: 'MB', detail });
  return [
    memory(`${users.toLocaleString('en-US')} bindings at rest`, atRest, `${accounts} accounts`),
    { name: 'the same, processor time', value: (100 * (atRest.cpuMs - before.cpuMs)) / (atRest.at - before.at), unit: '% of a core' },
    memory(`${due} of them due at once to be compared`, compared, `${(comparedMs / 1000).toFixed(0)} s until all were`),
    memory(`${due} of them due at once to be made`, usage(), `${made} made in ${MADE_MS / 1000} s`),
  ];
}

/** Milliseconds. What is compared agrees, or what is measured is something else. */
async function compareAll(pool: Pool, sandboxes: readonly SandboxAws[]): Promise<number> {
  const began = performance.now();
  await makeDue(pool, POPULATION, { skipped: 0, count: DUE, set: `verify_since = ${Date.now()}` });
  await eventually(async () => {
    const { rows: [row] } = await pool.query<{ left: number }>(`SELECT ((SELECT count(*) FROM sync_aws.engine_bindings WHERE due_at IS NOT NULL AND NOT claimed)
      + (SELECT count(*) FROM sync_aws.engine_bindings WHERE claimed))::int AS left`);
    return row?.left === 0 ? true : Promise.reject(new Error(`${row?.left} are left`));
  }, { timeoutMs: COMPARED_MS, intervalMs: 500, describe: 'all are compared' });
  if (writesOf(sandboxes) > 0) throw new Error('what was put on record did not agree with the cloud');
  return performance.now() - began;
}

/** How many there were time for. */
async function makeSome(pool: Pool, sandboxes: readonly SandboxAws[]): Promise<number> {
  await makeDue(pool, POPULATION, { skipped: DUE, count: DUE, set: `state = 'Pending', presence = NULL` });
  await sleep(MADE_MS);
  return writesOf(sandboxes);
}

const writesOf = (sandboxes: readonly SandboxAws[]): number => sandboxes.reduce((sum, sandbox) => sum + sandbox.writes(), 0);
