import { setTimeout as sleep } from 'node:timers/promises';
import type { IAMClient } from '@aws-sdk/client-iam';
import { sized, type WamiProcess } from '@wami/testing';
import { makeBare } from './bare-sdk';
import { timed, WARM_UP_BARE } from './population';
import { sendPopulation } from './send-population';
import { configure, makeTenant, OPEN, QUIET_MS, untilSynced } from './warm-wami';

/** Seconds that each side took for the same population. */
export interface Turn {
  readonly bare: number;
  readonly synced: number;
}

const TURNS = sized(5, 1);

/** One after the other and each first as often as the other, but for one turn. While the bare SDK works WAMI runs, with nothing to do. */
export async function inTurns(wami: WamiProcess, iam: IAMClient): Promise<Turn[]> {
  await makeBare(iam, WARM_UP_BARE);
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const first = turn % 2 === 0 ? await timeBare(iam, turn) : undefined;
    const synced = await timeSync(wami, iam, turn);
    turns.push({ bare: first ?? await timeBare(iam, turn), synced });
  }
  return turns;
}

/** Seconds. */
async function timeBare(iam: IAMClient, turn: number): Promise<number> {
  await sleep(QUIET_MS);
  const start = performance.now();
  await makeBare(iam, timed(`bare-${turn}`));
  return (performance.now() - start) / 1000;
}

/** Seconds. */
async function timeSync(wami: WamiProcess, iam: IAMClient, turn: number): Promise<number> {
  const population = timed(`wami-${turn}`);
  await makeTenant(wami, population, []);
  const sent = await sendPopulation(wami, population);
  await wami.call('GET', `/v1/sync-summary?tenant=${population.tenant}`, undefined, { 'wami-after': sent });
  await sleep(QUIET_MS);
  const start = performance.now();
  return (await untilSynced(wami, iam, population, await configure(wami, population, OPEN)) - start) / 1000;
}
