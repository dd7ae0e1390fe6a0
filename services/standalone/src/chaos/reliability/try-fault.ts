import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@wami/testing';
import { Actor } from '../actor';
import { audit, problemsOf, storiesOf } from '../audit';
import { Load } from '../load';
import { Random } from '../random';
import type { RealFault } from './faults';
import type { Installation } from './installation';

export interface FaultRow {
  readonly fault: string;
  /** Commands that were answered with a success meanwhile. */
  readonly acknowledged: number;
  readonly sentAgain: number;
  /** Events of these commands that are in the log. */
  readonly applied: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly refused: number;
  /** From the end of the fault until a command sent then was answered, milliseconds. */
  readonly answeredMs: number;
  /** And until it was Synced for a query. */
  readonly syncedMs: number;
  /** From the end of the load until no binding had work left. */
  readonly restMs: number;
  /** One text each. */
  readonly problems: readonly string[];
}

/** How long people work before it begins and after it ended. */
const AROUND_MS = 1_000;
const LOAD = { actors: 6, pauseMs: [20, 80] } as const;
const SYNCED_MS = 120_000;

/** Where nothing has gone wrong before, what is found is of this fault. */
export async function tryFault(installation: Installation, fault: RealFault, random: Random, name: string, seconds: number): Promise<FaultRow> {
  const { expected, queries } = installation;
  const before = { acknowledged: expected.acknowledged, repeated: expected.repeated, applied: count(expected.events) };
  const load = new Load(installation, random, { name, ...LOAD });
  const recovery = await within(installation, fault, `${name}p`, seconds).finally(() => load.stop());
  const stopped = performance.now();
  await queries.untilAtRest();
  const restMs = performance.now() - stopped;
  const found = await audit(installation);
  process.stderr.write(await storiesOf(found, installation));
  return {
    fault: fault.name, acknowledged: expected.acknowledged - before.acknowledged, sentAgain: expected.repeated - before.repeated, applied: found.applied - before.applied,
    lost: found.lost.length, duplicated: found.duplicated.length, refused: found.refused.length, ...recovery, restMs, problems: problemsOf(found),
  };
}

type Recovery = Pick<FaultRow, 'answeredMs' | 'syncedMs'>;

async function within(installation: Installation, fault: RealFault, name: string, seconds: number): Promise<Recovery> {
  await sleep(AROUND_MS);
  const end = await fault.begin(installation, seconds);
  const since = performance.now();
  const [recovery] = await Promise.all([probe(installation, name, since), end()]);
  await fault.after?.(installation);
  await sleep(AROUND_MS);
  return recovery;
}

/** One command more, sent when the fault is over or is being ended. */
async function probe(installation: Installation, name: string, since: number): Promise<Recovery> {
  const { expected, queries, tenant } = installation;
  const known = new Set(expected.users.keys());
  await new Actor(name, tenant, installation.commands(name), expected, new Random(1)).step();
  const answeredMs = performance.now() - since;
  const made = [...expected.users.values()].find((user) => !known.has(user.id) && user.name.startsWith(name));
  if (made === undefined) throw new Error(`the command after the fault was refused: ${expected.refused.join('; ')}`);
  await eventually(() => queries.isSynced(made.id), { timeoutMs: SYNCED_MS, intervalMs: 50, describe: 'what was sent after the fault is Synced' });
  return { answeredMs, syncedMs: performance.now() - since };
}

const count = (events: ReadonlyMap<string, number>): number => [...events.values()].reduce((sum, times) => sum + times, 0);
