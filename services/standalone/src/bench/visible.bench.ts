import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncMap } from '@wami/contracts';
import {
  eventually, percentile, profileArguments, removeDirectory, startWamiProcess, sized, temporaryDirectory, withWami, type BenchFigure, type WamiProcess,
} from '@wami/testing';
import { watchSynced } from './synced-watch';

export interface VisibleOptions {
  readonly perSecond: number;
  readonly seconds: number;
}

interface Times {
  /** By the resource's id, milliseconds from the moment at which its command was due to be sent. */
  readonly accepted: Map<string, number>;
  readonly visible: Map<string, number>;
}

/** The compiler of a process that has just begun is done by then. */
const WARM_UP_SECONDS = sized(12, 0.2);
const SETTLE_MS = 30_000;
const TENANT = 'default';

/**
 * Commands at a steady rate, and how long each takes until the query side answers Synced. The rate is kept whatever the answers do, so
 * a stall counts for every command that was due in it. One open connection tells when to ask, so that asking costs one query a command.
 */
export async function benchVisible({ perSecond, seconds }: VisibleOptions): Promise<readonly BenchFigure[]> {
  const folder = temporaryDirectory('bench-visible');
  try {
    return await withWami(startWamiProcess({ dataDir: join(folder, 'data'), nodeArguments: profileArguments('visible') }), async (wami) => {
      await drive(wami, 'warm', perSecond, WARM_UP_SECONDS);
      return figures(await drive(wami, 'user', perSecond, seconds));
    });
  } finally {
    removeDirectory(folder);
  }
}

async function drive(wami: WamiProcess, prefix: string, perSecond: number, seconds: number): Promise<Times> {
  const dueAt = new Map<string, number>();
  const seenAt = new Map<string, number>();
  const accepted = new Map<string, number>();
  const asking: Promise<void>[] = [];
  const watch = await watchSynced(wami, (id) => asking.push(untilSynced(wami, id).then(() => void seenAt.set(id, performance.now()))));
  try {
    await atRate(perSecond, seconds, async (index, due) => {
      const { body } = await wami.call<{ id: string }>('POST', '/v1/users', { tenant: TENANT, userName: `${prefix}-${index}`, tags: { team: 'core' } });
      dueAt.set(body.id, due);
      accepted.set(body.id, performance.now() - due);
    });
    await eventually(() => [...dueAt.keys()].every((id) => seenAt.has(id)), { timeoutMs: SETTLE_MS, describe: 'every user is Synced' });
  } finally {
    await watch.close();
    await Promise.all(asking);
  }
  return { accepted, visible: new Map([...dueAt].map(([id, due]) => [id, (seenAt.get(id) ?? Number.NaN) - due])) };
}

/** Starts `send` at each moment of the rate, without waiting for the one before. Rejects with the first failure once all have ended. */
async function atRate(perSecond: number, seconds: number, send: (index: number, due: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = start + (index * 1000) / perSecond;
    await sleep(Math.max(0, due - performance.now()));
    sent.push(send(index, due));
  }
  const failed = (await Promise.allSettled(sent)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The event is told once its effect is committed, so this asks once; were it told sooner, the time of asking again would count. */
async function untilSynced(wami: WamiProcess, id: string): Promise<void> {
  await eventually(async () => {
    const { body } = await wami.call<SyncMap>('GET', `/v1/resources/${id}/sync`);
    return Object.values(body).flatMap((accounts) => Object.values(accounts)).every(({ state }) => state === 'Synced');
  }, { intervalMs: 2, timeoutMs: SETTLE_MS, describe: `${id} is Synced for the query side` });
}

function figures({ accepted, visible }: Times): BenchFigure[] {
  const figure = (name: string, times: Map<string, number>, share: number): BenchFigure => ({
    name: `${name}, p${share * 100}`, value: percentile([...times.values()], share), unit: 'ms', detail: `${times.size} commands`,
  });
  return [0.5, 0.99].flatMap((share) => {
    const floor = figure('command accepted', accepted, share);
    const seen = figure('Synced visible to a query', visible, share);
    return [floor, { ...seen, ceiling: floor.name, ratio: floor.value / seen.value }];
  });
}
