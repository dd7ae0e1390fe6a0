import { setTimeout as sleep } from 'node:timers/promises';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { JobCounts } from '@wami/contracts';
import { removeDirectory, startMoto, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';
import { bareClient, IN_FLIGHT, isComplete, timeBareSdk } from './bare-sdk';
import { callCount, describeCalls, writeCount, type Calls } from './calls';
import { startCountingProxy } from './counting-proxy';
import { GROUPS, RESOURCES, TENANT, USERS } from './population';
import { sendPopulation } from './send-population';
import { startWamiAt } from './wami-at';

/** moto's own. */
const ACCOUNT = '123456789012';
const SYNC_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
const QUIET_MS = 1_000;
const WAIT_SECONDS = 60;

interface Summary {
  readonly counts: readonly { readonly state: string; readonly count: number }[];
}

/** The population through WAMI and by the bare SDK, each to an empty moto; then the users again, with nothing to change. */
export async function benchSync(): Promise<readonly BenchFigure[]> {
  const bare = RESOURCES / await withMoto(timeBareSdk);
  const ceiling = `bare SDK, the same calls, ${IN_FLIGHT} in flight`;
  return withMoto(async (endpoint) => {
    const folder = temporaryDirectory('bench-sync');
    try {
      const synced = RESOURCES / await timeWami(endpoint, folder);
      const again = await resync(endpoint, folder);
      return [
        { name: ceiling, value: bare, unit: 'resources/s' },
        { name: `${USERS} users, ${GROUPS} groups, ${USERS} memberships, from the first command to all Synced`, value: synced, unit: 'resources/s', ceiling, ratio: synced / bare },
        ...again,
      ];
    } finally {
      removeDirectory(folder);
    }
  });
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
async function timeWami(endpoint: string, folder: string): Promise<number> {
  const iam = bareClient(endpoint);
  try {
    return await withWami(startWamiAt(endpoint, ACCOUNT, folder, 'sync'), async (wami) => {
      const start = performance.now();
      const position = await sendPopulation(wami);
      return (await untilSynced(wami, iam, position) - start) / 1000;
    });
  } finally {
    iam.destroy();
  }
}

/** The moment at which the query side said that all are Synced, once the cloud itself agrees. */
async function untilSynced(wami: WamiProcess, iam: IAMClient, position: string): Promise<number> {
  const deadline = performance.now() + SYNC_TIMEOUT_MS;
  for (;;) {
    const { body: { counts } } = await wami.call<Summary>('GET', `/v1/sync-summary?tenant=${TENANT}`, undefined, { 'wami-after': position });
    const said = performance.now();
    const synced = counts.filter(({ state }) => state === 'Synced').reduce((sum, { count }) => sum + count, 0);
    const others = counts.some(({ state, count }) => state !== 'Synced' && count > 0);
    if (synced === USERS + GROUPS && !others && await isComplete(iam)) return said;
    if (said > deadline) throw new Error(`not all Synced after ${SYNC_TIMEOUT_MS / 1000} s: ${JSON.stringify(counts)}`);
    await sleep(POLL_MS);
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
      const { body } = await wami.call<JobCounts>('POST', '/v1/sync', { filter: { kind: 'user' } }, { prefer: `wait=${WAIT_SECONDS}` });
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
