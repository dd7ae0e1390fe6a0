import { setTimeout as sleep } from 'node:timers/promises';
import type { IAMClient } from '@aws-sdk/client-iam';
import { removeDirectory, sized, startMoto, temporaryDirectory, withWami, type WamiProcess } from '@wami/testing';
import { bareClient, isComplete } from './bare-sdk';
import { WARM_UP, type Population } from './population';
import { sendPopulation } from './send-population';
import { startWamiAt } from './wami-at';

/** moto's own. */
export const ACCOUNT = '123456789012';
export const OPEN = [{ provider: 'aws', account: ACCOUNT }];
/** What was caused before has come to rest. */
export const QUIET_MS = sized(1_000, 100);
const SYNC_TIMEOUT_MS = 120_000;
/** Asking takes time from those who work: often only at the end. */
const POLL_MS = 50;
const SELDOM_MS = 500;
const NEARLY = 250;

interface Summary {
  readonly counts: readonly { readonly state: string; readonly count: number }[];
}

/** With a moto that nobody else uses, and a folder. */
export async function atMoto<T>(work: (endpoint: string, folder: string) => Promise<T>): Promise<T> {
  const folder = temporaryDirectory('bench-sync');
  try {
    const moto = await startMoto({ fast: true });
    try {
      return await work(moto.endpoint, folder);
    } finally {
      await moto.stop();
    }
  } finally {
    removeDirectory(folder);
  }
}

/** WAMI that has synced a population before, of a tenant of its own. */
export async function withWarmWami<T>(endpoint: string, folder: string, name: string, work: (wami: WamiProcess, iam: IAMClient) => Promise<T>): Promise<T> {
  const iam = bareClient(endpoint);
  try {
    return await withWami(startWamiAt(endpoint, ACCOUNT, folder, name), async (wami) => {
      await makeTenant(wami, WARM_UP, OPEN);
      await untilSynced(wami, iam, WARM_UP, await sendPopulation(wami, WARM_UP));
      return work(wami, iam);
    });
  } finally {
    iam.destroy();
  }
}

export async function makeTenant(wami: WamiProcess, population: Population, providers: readonly object[]): Promise<void> {
  await wami.call('POST', '/v1/tenants', { id: population.tenant, name: population.tenant });
  await configure(wami, population, providers);
}

/** The position of the command. */
export async function configure(wami: WamiProcess, { tenant }: Population, providers: readonly object[]): Promise<string> {
  const { headers } = await wami.call('PUT', `/v1/tenants/${tenant}/sync-config`, { providers });
  return headers.get('wami-position') ?? '';
}

/** The moment at which the query side said that all are Synced, once the cloud itself agrees. */
export async function untilSynced(wami: WamiProcess, iam: IAMClient, population: Population, position: string): Promise<number> {
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
