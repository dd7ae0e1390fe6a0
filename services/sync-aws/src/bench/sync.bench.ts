import { setTimeout as sleep } from 'node:timers/promises';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { JobCounts } from '@wami/contracts';
import { removeDirectory, startMoto, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';
import { bareClient, IN_FLIGHT, isComplete, timeBareSdk } from './bare-sdk';
import { callCount, describeCalls, writeCount, type Calls } from './calls';
import { startCountingProxy } from './counting-proxy';
import { sizeOf, TIMED, WARM_UP, type Population } from './population';
import { sendPopulation } from './send-population';
import { startWamiAt } from './wami-at';

/** moto's own. */
const ACCOUNT = '123456789012';
const OPEN = [{ provider: 'aws', account: ACCOUNT }];
const SYNC_TIMEOUT_MS = 120_000;
/** Asking takes time from those who work: often only at the end. */
const POLL_MS = 50;
const SELDOM_MS = 500;
const NEARLY = 250;
const QUIET_MS = 1_000;
const WAIT_SECONDS = 60;

interface Summary {
  readonly counts: readonly { readonly state: string; readonly count: number }[];
}

const RESOURCES = sizeOf(TIMED);
const USERS = TIMED.users;
const CEILING = `bare SDK, the same calls, ${IN_FLIGHT} in flight`;
const POPULATION = `${USERS} users, ${TIMED.groups} groups, ${USERS} memberships`;

/**
 * The population by the bare SDK and through WAMI, each to an empty moto. Synced: WAMI holds the population and is told to sync it to the
 * account, as the bare SDK holds its list of calls. Commanded: the clock begins with the first command over HTTP. Both sides have made
 * a smaller population before, of a tenant of its own. Then the users again, with nothing to change.
 */
export async function benchSync(): Promise<readonly BenchFigure[]> {
  const bare = RESOURCES / await withMoto(timeBareSdk);
  const figure = (name: string, seconds: number): BenchFigure =>
    ({ name, value: RESOURCES / seconds, unit: 'resources/s', ceiling: CEILING, ratio: RESOURCES / seconds / bare });
  const commanded = await withMoto((endpoint) => withFolder((folder) => timeCommands(endpoint, folder)));
  return withMoto((endpoint) => withFolder(async (folder) => {
    const synced = await timeSync(endpoint, folder);
    const again = await resync(endpoint, folder);
    return [
      { name: CEILING, value: bare, unit: 'resources/s' },
      figure(`${POPULATION}, from switching the account on to all Synced`, synced),
      figure(`${POPULATION}, from the first command over HTTP to all Synced`, commanded),
      ...again,
    ];
  }));
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryDirectory('bench-sync');
  try {
    return await work(folder);
  } finally {
    removeDirectory(folder);
  }
}

async function withMoto<T>(work: (endpoint: string) => Promise<T>): Promise<T> {
  const moto = await startMoto({ fast: true });
  try {
    return await work(moto.endpoint);
  } finally {
    await moto.stop();
  }
}

/** Seconds. */
function timeCommands(endpoint: string, folder: string): Promise<number> {
  return timed(endpoint, folder, 'commands', async (wami) => ({ start: performance.now(), position: await sendPopulation(wami, TIMED) }));
}

/** Seconds. */
function timeSync(endpoint: string, folder: string): Promise<number> {
  return timed(endpoint, folder, 'sync', async (wami) => {
    await configure(wami, TIMED, []);
    const sent = await sendPopulation(wami, TIMED);
    await wami.call('GET', `/v1/sync-summary?tenant=${TIMED.tenant}`, undefined, { 'wami-after': sent });
    await sleep(QUIET_MS);
    const start = performance.now();
    return { start, position: await configure(wami, TIMED, OPEN) };
  });
}

async function configure(wami: WamiProcess, { tenant }: Population, providers: readonly object[]): Promise<string> {
  const { headers } = await wami.call('PUT', `/v1/tenants/${tenant}/sync-config`, { providers });
  return headers.get('wami-position') ?? '';
}

async function timed(
  endpoint: string, folder: string, name: string, work: (wami: WamiProcess) => Promise<{ readonly start: number; readonly position: string }>,
): Promise<number> {
  const iam = bareClient(endpoint);
  try {
    return await withWami(startWamiAt(endpoint, ACCOUNT, folder, name), async (wami) => {
      await wami.call('POST', '/v1/tenants', { id: WARM_UP.tenant, name: WARM_UP.tenant });
      await configure(wami, WARM_UP, OPEN);
      await untilSynced(wami, iam, WARM_UP, await sendPopulation(wami, WARM_UP));
      const { start, position } = await work(wami);
      return (await untilSynced(wami, iam, TIMED, position) - start) / 1000;
    });
  } finally {
    iam.destroy();
  }
}

/** The moment at which the query side said that all are Synced, once the cloud itself agrees. */
async function untilSynced(wami: WamiProcess, iam: IAMClient, population: Population, position: string): Promise<number> {
  const deadline = performance.now() + SYNC_TIMEOUT_MS;
  const bindings = population.users + population.groups;
  for (;;) {
    const { body: { counts } } = await wami.call<Summary>('GET', `/v1/sync-summary?tenant=${population.tenant}`, undefined, { 'wami-after': position });
    const said = performance.now();
    const synced = counts.filter(({ state }) => state === 'Synced').reduce((sum, { count }) => sum + count, 0);
    const others = counts.some(({ state, count }) => state !== 'Synced' && count > 0);
    if (synced === bindings && !others && await isComplete(iam, population)) return said;
    if (said > deadline) throw new Error(`not all Synced after ${SYNC_TIMEOUT_MS / 1000} s: ${JSON.stringify(counts)}`);
    await sleep(bindings - synced > NEARLY ? SELDOM_MS : POLL_MS);
  }
}

async function resync(endpoint: string, folder: string): Promise<BenchFigure[]> {
  const proxy = await startCountingProxy(endpoint);
  try {
    return await withWami(startWamiAt(proxy.url, ACCOUNT, folder, 'resync'), async (wami) => {
      // What a start alone causes must not count for the resync.
      await sleep(QUIET_MS);
      const restart = proxy.calls();
      proxy.reset();
      const start = performance.now();
      const { body } = await wami.call<JobCounts>('POST', '/v1/sync', { filter: { kind: 'user', tenant: TIMED.tenant } }, { prefer: `wait=${WAIT_SECONDS}` });
      if (body.succeeded !== USERS) throw new Error(`the resync answered ${JSON.stringify(body)}`);
      return resyncFigures(restart, proxy.calls(), (performance.now() - start) / 1000);
    });
  } finally {
    await proxy.close();
  }
}

const resyncFigures = (restart: Calls, resync: Calls, seconds: number): BenchFigure[] => [
  { name: 'restart with nothing to do', value: callCount(restart), unit: 'calls', detail: describeCalls(restart) },
  { name: `resync of ${USERS} unchanged users`, value: callCount(resync), unit: 'calls', detail: describeCalls(resync) },
  { name: `resync of ${USERS} unchanged users, writes`, value: writeCount(resync), unit: 'calls' },
  { name: `resync of ${USERS} unchanged users, time`, value: seconds, unit: 's' },
];
