import { setTimeout as sleep } from 'node:timers/promises';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { JobCounts } from '@wami/contracts';
import { callCount, describeCalls, percentile, sized, withWami, writeCount, type BenchFigure, type Calls, type WamiProcess } from '@wami/testing';
import { IN_FLIGHT } from './bare-sdk';
import { startCountingProxy } from './counting-proxy';
import { sizeOf, timed } from './population';
import { sendPopulation } from './send-population';
import { inTurns, type Turn } from './sync-turns';
import { ACCOUNT, atMoto, QUIET_MS, untilSynced, withWarmWami } from './warm-wami';
import { startWamiAt } from './wami-at';

const WAIT_SECONDS = 60;
/** What one part leaves at the cloud is no burden of the other's. */
const APART = sized(1, 0) === 1;
const TIMED = timed('default');
const RESOURCES = sizeOf(TIMED);
const USERS = TIMED.users;
const CEILING = `bare SDK, the same calls, ${IN_FLIGHT} in flight`;
const POPULATION = `${USERS} users, ${TIMED.groups} groups, ${USERS} memberships`;

/**
 * The population by the bare SDK and through WAMI, in turns at one moto, so that whatever else the machine does falls on both. Synced: WAMI holds the
 * population and is told to sync it to the account, as the bare SDK holds its list of calls. Commanded: the clock begins with the first
 * command over HTTP, at a moto of its own. Both sides are warm. Then the users again, with nothing to change.
 */
export async function benchSync(): Promise<readonly BenchFigure[]> {
  let turns: readonly Turn[] = [];
  const takeTurns = async (wami: WamiProcess, iam: IAMClient): Promise<void> => {
    turns = await inTurns(wami, iam);
  };
  if (APART) await atMoto((endpoint, folder) => withWarmWami(endpoint, folder, 'sync', takeTurns));
  return atMoto(async (endpoint, folder) => {
    const seconds = await withWarmWami(endpoint, folder, 'commands', async (wami, iam) => {
      if (!APART) await takeTurns(wami, iam);
      return timeCommands(wami, iam);
    });
    const again = await resync(endpoint, folder);
    return [...figuresOf(turns, RESOURCES / seconds), ...again];
  });
}

function figuresOf(turns: readonly Turn[], commanded: number): BenchFigure[] {
  const bare = middle(turns, ({ bare: seconds }) => RESOURCES / seconds);
  return [
    { name: CEILING, value: bare, unit: 'resources/s', detail: `${turns.length} turns` },
    {
      name: `${POPULATION}, from switching the account on to all Synced`, value: middle(turns, ({ synced }) => RESOURCES / synced), unit: 'resources/s', ceiling: CEILING,
      ratio: middle(turns, ({ bare: ceiling, synced }) => ceiling / synced),
    },
    { name: `${POPULATION}, from the first command over HTTP to all Synced`, value: commanded, unit: 'resources/s', ceiling: CEILING, ratio: commanded / bare },
  ];
}

const middle = (turns: readonly Turn[], of: (turn: Turn) => number): number => percentile(turns.map(of), 0.5);

/** Seconds. */
async function timeCommands(wami: WamiProcess, iam: IAMClient): Promise<number> {
  const start = performance.now();
  return (await untilSynced(wami, iam, TIMED, await sendPopulation(wami, TIMED)) - start) / 1000;
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
