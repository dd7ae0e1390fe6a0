import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandboxAws } from '@wami/sandbox';
import { eventually, percentile, profileArguments, removeDirectory, sized, startWamiProcess, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';
import { ACCOUNT_KEYS, accountAt, openAt } from './accounts';
import { startCountingProxy, type CountingProxy } from './counting-proxy';
import { Quota, READS, type Refusal } from './quota';

/** Made at both accounts while one of them is away. */
const USERS = sized(3_000, 80);
const AWAY_MS = sized(120_000, 3_000);
/** What the account lets through that is back. */
const QUOTA = { perSecond: 50, burst: 50, retryAfterSeconds: 1 };
const BATCH = 250;
/** How long people's changes at the other account are timed before, and the pause between two of them. */
const PROBED_MS = sized(20_000, 500);
const PROBE_MS = 200;
const WAIT_MS = 180_000;
const SECOND_MS = 1_000;
const DOWN: Refusal = { status: 500, headers: { 'content-type': 'text/xml' }, body: '<ErrorResponse><Error><Type>Receiver</Type><Code>ServiceFailure</Code><Message>down</Message></Error></ErrorResponse>' };

/** The tenants, each with an account of its own. */
const AWAY = { tenant: 'away', at: 0 };
const WELL = { tenant: 'well', at: 1 };

/** An account that is away, then back with a quota; when it is called. */
class Cloud {
  down = false;
  /** When each call came, and whether it was let through and changes something. */
  readonly calls: { readonly at: number; readonly well: boolean; readonly writes: boolean }[] = [];
  quota: Quota | undefined;

  readonly refuse = (operation: string, parameters: URLSearchParams): Refusal | undefined => {
    const refusal = this.down ? DOWN : this.quota?.refuse(operation, parameters);
    this.calls.push({ at: performance.now(), well: refusal === undefined, writes: !READS.test(operation) });
    return refusal;
  };
}

/**
 * Assurance test 15: one account answers every call with 500 for long while people go on, and is back with a quota then: what was called in vain, whether it comes back to
 * a herd, how long it takes to catch up, and whether the other account is served meanwhile as before.
 */
export async function benchOutage(): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-outage');
  const sandboxes = await Promise.all([AWAY, WELL].map(({ at }) => startSandboxAws({ account: accountAt(at) })));
  const clouds = [new Cloud(), new Cloud()] as const;
  const proxies = await Promise.all(sandboxes.map(({ url }, at) => startCountingProxy(url, clouds[at]?.refuse)));
  try {
    return await withWami(startAt(proxies, folder), (wami) => measure(wami, clouds));
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    removeDirectory(folder);
  }
}

function startAt(proxies: readonly CountingProxy[], folder: string): Promise<WamiProcess> {
  const credentials = { type: 'static', accessKeyId: 'env:BENCH_ACCESS_KEY_ID', secretAccessKey: 'env:BENCH_SECRET_ACCESS_KEY' };
  const file = join(folder, 'connections.yaml');
  writeFileSync(file, JSON.stringify({ connections: proxies.map(({ url }, at) => ({ provider: 'aws', account: accountAt(at), endpoint: url, credentials })) }));
  return startWamiProcess({ dataDir: join(folder, 'data'), nodeArguments: profileArguments('outage'), env: { WAMI_CONNECTIONS: file, ...ACCOUNT_KEYS } });
}

async function measure(wami: WamiProcess, [away, well]: readonly [Cloud, Cloud]): Promise<BenchFigure[]> {
  for (const { tenant, at } of [AWAY, WELL]) {
    await wami.call('POST', '/v1/tenants', { id: tenant, name: tenant });
    await wami.call('PUT', `/v1/tenants/${tenant}/sync-config`, { providers: openAt(at) });
  }
  for (const { tenant } of [AWAY, WELL]) await probe(wami, tenant, 'first');
  const before = await probes(wami, 'before', PROBED_MS);
  const counted = [away, well].map(({ calls }) => calls.length);
  const began = performance.now();
  away.down = true;
  for (let from = 0; from < USERS; from += BATCH) for (const { tenant } of [AWAY, WELL]) await batch(wami, tenant, from);
  await untilSynced(wami, WELL.tenant, USERS + before.length + 1);
  const [atAway, atWell] = [away, well].map(({ calls }, index) => calls.slice(counted[index])) as [Cloud['calls'], Cloud['calls']];
  const inVain = atAway.length;
  const during = await probes(wami, 'during', Math.max(PROBED_MS, AWAY_MS - (performance.now() - began)));
  away.quota = new Quota(QUOTA);
  away.down = false;
  const back = performance.now();
  const lasted = (back - began) / SECOND_MS;
  await untilSynced(wami, AWAY.tenant, USERS + 1);
  const synced = performance.now();
  const calls = away.calls.slice(counted[0]);
  return figuresOf({ before, during, lasted, back, synced, calls, inVain, needed: atWell.length });
}

async function batch(wami: WamiProcess, tenant: string, from: number): Promise<void> {
  const operations = Array.from({ length: Math.min(BATCH, USERS - from) }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant, userName: `${tenant}-user-${from + i}` } }));
  await wami.call('POST', '/v1/batch', { operations });
}

/** Milliseconds of people's changes, one after the other, until each is Synced. */
async function probes(wami: WamiProcess, name: string, forMs: number): Promise<number[]> {
  const ms: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end;) {
    ms.push(await probe(wami, WELL.tenant, `${name}-${ms.length}`));
    await sleep(PROBE_MS);
  }
  return ms;
}

async function probe(wami: WamiProcess, tenant: string, name: string): Promise<number> {
  const began = performance.now();
  const { body } = await wami.call<{ readonly sync?: Readonly<Record<string, Readonly<Record<string, { readonly state: string }>>>> }>('POST', '/v1/users', { tenant, userName: `${tenant}-${name}` }, { prefer: 'wait=30' });
  const states = Object.values(body.sync ?? {}).flatMap((accounts) => Object.values(accounts).map(({ state }) => state));
  if (states.length === 0 || states.some((state) => state !== 'Synced')) throw new Error(`a user at the account that is well is not Synced: ${JSON.stringify(body)}`);
  return performance.now() - began;
}

async function untilSynced(wami: WamiProcess, tenant: string, users: number): Promise<void> {
  await eventually(async () => {
    const { body: { counts } } = await wami.call<{ readonly counts: readonly { readonly state: string; readonly count: number }[] }>('GET', `/v1/sync-summary?tenant=${tenant}`);
    const by = (synced: boolean): number => counts.filter(({ state }) => (state === 'Synced') === synced).reduce((sum, { count }) => sum + count, 0);
    return by(true) === users && by(false) === 0 ? true : Promise.reject(new Error(JSON.stringify(counts)));
  }, { timeoutMs: WAIT_MS, intervalMs: 100, describe: `all of ${tenant} are Synced` });
}

interface Measured {
  /** Milliseconds of people's changes at the account that is well. */
  readonly before: readonly number[];
  readonly during: readonly number[];
  readonly lasted: number;
  readonly back: number;
  readonly synced: number;
  /** At the account that was away, from when it went. */
  readonly calls: Cloud['calls'];
  /** Of those, until the other account had everything. */
  readonly inVain: number;
  /** At the other account for the same. */
  readonly needed: number;
}

function figuresOf({ before, during, lasted, back, synced, calls, inVain, needed }: Measured): BenchFigure[] {
  const first = calls.find(({ at, well }) => well && at > back)?.at ?? Number.NaN;
  const after = calls.filter(({ at }) => at >= back);
  const writes = after.filter((call) => call.writes);
  const within = (from: number): number => writes.filter(({ at }) => at >= from && at < from + SECOND_MS).length;
  const refused = after.filter(({ well }) => !well).length;
  const down = calls.length - after.length;
  const drained = (synced - first) / SECOND_MS;
  const least = (USERS - QUOTA.burst) / QUOTA.perSecond;
  const other = `the other account, the same ${USERS} users`;
  const usual = 'a person’s change at the other account until Synced, p50';
  return [
    { name: other, value: needed, unit: 'calls' },
    { name: 'amplification: calls at the account that was away', value: calls.length, unit: 'calls', ceiling: other, ratio: calls.length / needed, detail: `${down} in ${lasted.toFixed(0)} s of 500, ${inVain} of them in the beginning; ${refused} refused after` },
    { name: 'from its return to the first call that went well', value: (first - back) / SECOND_MS, unit: 's' },
    { name: 'then most writes in any second', value: Math.max(...writes.map(({ at }) => within(at))), unit: 'calls', detail: `it lets ${QUOTA.perSecond} a second through, and ${QUOTA.burst} at once` },
    { name: 'then writes in the first second', value: within(first), unit: 'calls' },
    { name: 'then calls throttled', value: (100 * refused) / after.length, unit: '%', detail: `${refused} of ${after.length}` },
    { name: 'as fast as it allows', value: least, unit: 's' },
    { name: 'then until all are Synced', value: drained, unit: 's', ceiling: 'as fast as it allows', ratio: least / drained },
    { name: usual, value: percentile(before, 0.5), unit: 'ms', detail: `${before.length} of them` },
    { name: 'the same while the first one is away', value: percentile(during, 0.5), unit: 'ms', ceiling: usual, ratio: percentile(before, 0.5) / percentile(during, 0.5), detail: `${during.length} of them` },
  ];
}
