import { setTimeout as sleep } from 'node:timers/promises';
import { startSandboxAws } from '@wami/sandbox';
import { removeDirectory, sized, temporaryDirectory, withWami, type BenchFigure, type WamiProcess } from '@wami/testing';
import { startCountingProxy } from './counting-proxy';
import { jain } from './jain';
import { Quota } from './quota';
import { startWamiAt } from './wami-at';

const ACCOUNT = '000000000001';
const QUOTA = { perSecond: 20, burst: 20, retryAfterSeconds: 1 };
const SECONDS = sized(120, 3);
const OPEN = [{ provider: 'aws', account: ACCOUNT }];
/** One tenant wants so many times what another does. */
const GREEDY = 5;
const BATCH = 250;
const START_MS = 60_000;

/** How much of a quota that it was not told of WAMI uses, how many of its calls are refused, and how tenants share it. */
export async function benchPace(): Promise<readonly BenchFigure[]> {
  const alone = sized(1, 0) ? figuresOf('one tenant', await measure(1)) : [];
  return [...alone, ...figuresOf('ten tenants', await measure(10))];
}

interface Measured {
  readonly taken: readonly string[];
  readonly refused: number;
  readonly seconds: number;
  readonly tenants: readonly string[];
}

async function measure(count: number): Promise<Measured> {
  const folder = temporaryDirectory('bench-pace');
  const quota = new Quota(QUOTA);
  const sandbox = await startSandboxAws({ account: ACCOUNT });
  const proxy = await startCountingProxy(sandbox.url, (operation, parameters) => quota.refuse(operation, parameters));
  try {
    return await withWami(startWamiAt(proxy.url, ACCOUNT, folder, 'pace'), async (wami) => {
      const tenants = Array.from({ length: count }, (_, i) => `pace-${i}`);
      // Each has more to do than the quota allows within the time.
      const share = Math.ceil((1.5 * SECONDS * QUOTA.perSecond) / count);
      for (const [i, tenant] of tenants.entries()) await populate(wami, tenant, i === 0 ? share * (count > 1 ? GREEDY : 1) : share);
      for (const tenant of tenants) await wami.call('PUT', `/v1/tenants/${tenant}/sync-config`, { providers: OPEN });
      for (const end = performance.now() + START_MS; quota.began === undefined;) {
        if (performance.now() > end) throw new Error('nothing was written');
        await sleep(5);
      }
      await sleep(SECONDS * 1000);
      return { taken: [...quota.taken], refused: quota.refused, seconds: (performance.now() - quota.began) / 1000, tenants };
    });
  } finally {
    await proxy.close();
    await sandbox.close();
    removeDirectory(folder);
  }
}

async function populate(wami: WamiProcess, tenant: string, users: number): Promise<void> {
  await wami.call('POST', '/v1/tenants', { id: tenant, name: tenant });
  await wami.call('PUT', `/v1/tenants/${tenant}/sync-config`, { providers: [] });
  for (let from = 0; from < users; from += BATCH) {
    const operations = Array.from({ length: Math.min(BATCH, users - from) }, (_, i) => ({ method: 'POST', path: '/v1/users', body: { tenant, userName: `${tenant}-user-${from + i}` } }));
    await wami.call('POST', '/v1/batch', { operations });
  }
}

function figuresOf(who: string, { taken, refused, seconds, tenants }: Measured): BenchFigure[] {
  const allowed = QUOTA.burst + seconds * QUOTA.perSecond;
  const shares = tenants.map((tenant) => taken.filter((name) => name.startsWith(`${tenant}-user`)).length);
  return [
    { name: `${who}, of the quota used`, value: (100 * taken.length) / allowed, unit: '%', detail: `${taken.length} writes in ${seconds.toFixed(0)} s of ${allowed.toFixed(0)} allowed` },
    { name: `${who}, calls throttled`, value: (100 * refused) / (refused + taken.length), unit: '%', detail: `${refused} of ${refused + taken.length}` },
    ...(tenants.length > 1 ? [{ name: `${who}, Jain's index of their shares`, value: jain(shares), unit: '', detail: `${shares.join(', ')}; the first wants ${GREEDY} times what the others do` }] : []),
  ];
}
