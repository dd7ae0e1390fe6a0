import { setTimeout as sleep } from 'node:timers/promises';
import { startSandboxAws } from '@wami/sandbox';
import { eventually, servicesApart, sized, type BenchFigure, type ServicesApart } from '@wami/testing';
import { Pool } from 'pg';
import { ACCOUNT_KEYS, accountAt, openAt } from './accounts';
import { ABSURD, AsksToWait, FORMS } from './asks-to-wait';
import { startCountingProxy } from './counting-proxy';
import { jain } from './jain';
import { makeUsersDue, tenantAt, type TenantTemplate } from './many-tenants';

const TENANTS = sized(50, 5);
/** Due of the first tenant, and of each other: more than it can have within the time. */
const MOST = sized(100_000, 500);
const OTHERS = sized(600, 100);
const SECONDS = sized(180, 2);
const CLOUD = { perSecond: 40, burst: 40, askEveryMs: sized(5_000, 300) };
/** How long it is watched whether a caller is found out that is not told to wait, and whether one that is told absurdly much comes. */
const WATCHED_MS = sized(10_000, 500);
const WAIT_MS = 60_000;
const TEMPLATE = { tenant: 'tenant-of-the-template', userName: 'template-of-them-all' };

/**
 * Assurance test 16: many tenants share an account, one of them with very much due, and the account asks to wait in every form of Retry-After: whether a call
 * comes before that is over, and how even the shares are.
 */
export async function benchTenants(): Promise<readonly BenchFigure[]> {
  const sandbox = await startSandboxAws({ account: accountAt(0) });
  let cloud: AsksToWait | undefined;
  const proxy = await startCountingProxy(sandbox.url, (operation, parameters) => cloud?.refuse(operation, parameters));
  const credentials = { type: 'static', accessKeyId: 'env:BENCH_ACCESS_KEY_ID', secretAccessKey: 'env:BENCH_SECRET_ACCESS_KEY' };
  const connections = JSON.stringify({ connections: [{ provider: 'aws', account: accountAt(0), endpoint: proxy.url, credentials }] });
  const wami = await servicesApart({ log: 'postgres', connections, env: { ...ACCOUNT_KEYS, WAMI_LOG_LEVEL: 'error' } });
  const pool = new Pool({ connectionString: wami.postgres.url });
  try {
    const template = await makeTemplate(wami, pool);
    await makeUsersDue(pool, template, Array.from({ length: TENANTS }, (_, index) => (index === 0 ? MOST : OTHERS)));
    cloud = new AsksToWait(CLOUD);
    wami.syncAws.start();
    await wami.syncAws.ready();
    return await measure(cloud);
  } finally {
    await pool.end();
    await wami.stop();
    await proxy.close();
    await sandbox.close();
  }
}

/** One user, synced; all tenants are known by then. Nobody syncs any more. */
async function makeTemplate(wami: ServicesApart, pool: Pool): Promise<TenantTemplate> {
  const { identity, syncAws } = wami;
  for (const service of [identity, syncAws]) service.start();
  for (const service of [identity, syncAws]) await service.ready();
  for (const tenant of [TEMPLATE.tenant, ...Array.from({ length: TENANTS }, (_, index) => tenantAt(index))]) {
    await command(wami, 'POST', '/v1/tenants', { id: tenant, name: tenant });
    await command(wami, 'PUT', `/v1/tenants/${tenant}/sync-config`, { providers: openAt(0) });
  }
  const resource = await command(wami, 'POST', '/v1/users', TEMPLATE);
  await eventually(async () => (await pool.query(`SELECT 1 FROM sync_aws.engine_bindings WHERE resource = $1 AND state = 'Synced' AND due_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM sync_aws.engine_reviews)`, [resource])).rowCount === 1, { timeoutMs: WAIT_MS, describe: 'the template is Synced' });
  await syncAws.stop();
  return { ...TEMPLATE, resource };
}

/** The id of what it made. */
async function command(wami: ServicesApart, method: string, path: string, body: object): Promise<string> {
  const answer = await wami.call<{ readonly id: string }>(wami.identity, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

async function measure(cloud: AsksToWait): Promise<BenchFigure[]> {
  await eventually(() => cloud.began !== undefined, { timeoutMs: WAIT_MS, describe: 'something is written' });
  await sleep(SECONDS * 1000);
  const [taken, refused, tooEarly, asked] = [[...cloud.taken], cloud.refused, cloud.tooEarly, new Map(cloud.asked)];
  const never = Object.keys(FORMS).filter((name) => !asked.has(name));
  if (never.length > 0 && sized(1, 0) === 1) throw new Error(`it never asked to wait by ${never.join(', ')}`);
  const caught = await withoutTelling(cloud);
  const absurd = await absurdly(cloud);
  const shares = Array.from({ length: TENANTS }, (_, index) => taken.filter((name) => name.startsWith(`${tenantAt(index)}-user`)).length);
  const asks = [...asked].map(([name, times]) => `${name} ${times}`).join(', ');
  return [
    { name: `${TENANTS} tenants, Jain's index of their shares`, value: jain(shares), unit: '', detail: `${Math.min(...shares)} to ${Math.max(...shares)} of ${taken.length} writes in ${SECONDS} s; the first has ${MOST} due, each other ${OTHERS}` },
    { name: 'writes before Retry-After was over', value: tooEarly, unit: 'calls', detail: `${refused} of ${refused + taken.length} calls refused; asked to wait by ${asks}` },
    { name: 'control: the same where the caller is not told', value: caught, unit: 'calls', detail: `in ${WATCHED_MS / 1000} s` },
    { name: 'writes after it was asked to wait for a number of seconds of 400 digits', value: absurd, unit: 'calls', detail: `in ${WATCHED_MS / 1000} s; waited for an hour` },
  ];
}

/** Whether the judge sees a caller that comes too early: one that is not told. */
async function withoutTelling(cloud: AsksToWait): Promise<number> {
  const before = cloud.tooEarly;
  cloud.tells = false;
  cloud.only = FORMS['seconds'];
  await sleep(WATCHED_MS);
  cloud.tells = true;
  return cloud.tooEarly - before;
}

async function absurdly(cloud: AsksToWait): Promise<number> {
  cloud.asked.clear();
  cloud.only = ABSURD;
  await eventually(() => cloud.asked.size > 0, { timeoutMs: WAIT_MS, describe: 'it is asked to wait for very long' });
  const before = cloud.tooEarly;
  await sleep(WATCHED_MS);
  return cloud.tooEarly - before;
}
