import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '@wami/testing';
import { Arena } from './arena';
import { audit, problemsOf, storiesOf } from './audit';
import { Load } from './load';
import { chosenSeed, Random } from './random';

jest.setTimeout(600_000);

const KILLS = 10;
const FAULTS = { lostAnswers: 0.05, throttle: 0.05 };
const LOAD = { actors: 6, pauseMs: [20, 80] } as const;
/** After this many kills the next comes while it is still starting. */
const EARLY_EVERY = 4;

interface Recoveries {
  readonly answersMs: number[];
}

/** SIGKILL to WAMI and its database, now while it works, now while it starts. */
async function killAtRandom({ victim }: Arena, random: Random): Promise<Recoveries> {
  const answersMs: number[] = [];
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(random.between(100, 2_000));
    await victim.kill({ withDatabase: true });
    const killedAt = performance.now();
    if (kill % EARLY_EVERY === 0) {
      victim.start().catch(() => undefined); // it is killed before it can
      await sleep(random.between(100, 1_500));
      await victim.kill();
      kill += 1;
    }
    await victim.start();
    answersMs.push(performance.now() - killedAt);
  }
  return { answersMs };
}

describe('SIGKILL of everything at random moments under load', () => {
  it('leaves in the cloud exactly what was acknowledged, every binding Synced, nothing twice', async () => {
    const seed = chosenSeed();
    const random = new Random(seed);
    process.stderr.write(`random kills: seed ${seed} (WAMI_CHAOS_SEED repeats the choices, not the moments)\n`);
    const arena = await Arena.open({ faults: FAULTS, seed });
    try {
      const load = new Load(arena, random, { name: 'r', ...LOAD });
      const { answersMs } = await killAtRandom(arena, random);
      await load.stop();
      // What was never answered is looked at once more, seconds after all is at rest: that look is not to fail while it is judged.
      arena.witness.sandbox.faults.set({});
      const quietAt = performance.now();
      await arena.untilAtRest();
      const settledMs = performance.now() - quietAt;
      const found = await audit(arena);
      process.stderr.write(await storiesOf(found, arena));
      await arena.victim.end();
      const faults = arena.witness.sandbox.faults.injected();
      const { acknowledged, repeated } = arena.expected;
      process.stderr.write(`random kills: kills ${KILLS}, acknowledged ${acknowledged} (${repeated} sent again), applied ${found.applied}, lost ${found.lost.length}, `
        + `duplicated ${found.duplicated.length}, refused ${found.refused.length}, lost answers ${faults['lost-answer'] ?? 0}, throttled ${faults.throttle ?? 0}, `
        + `calls ${sum(Object.values(arena.witness.sandbox.calls()))}; answers again after ${seconds(percentile(answersMs, 0.5))} (p50), `
        + `${seconds(Math.max(...answersMs))} (longest), settled ${seconds(settledMs)} after the last command\n`);
      expect(problemsOf(found)).toEqual([]);
      expect(Object.keys(faults).sort()).toEqual(['lost-answer', 'throttle']);
      expect(repeated).toBeGreaterThan(0);
    } finally {
      await arena.close();
    }
  });

  it('control: a create that is repeated blindly is caught', async () => {
    const arena = await Arena.open({ bugs: ['blind-create'] });
    try {
      arena.witness.sandbox.faults.next({ kind: 'lost-answer', operation: 'CreateUser' });
      const load = new Load(arena, new Random(1), { name: 'c', ...LOAD, actors: 1 });
      await sleep(1_000);
      await load.stop();
      await arena.untilAtRest();
      const found = await audit(arena);
      expect(arena.witness.sandbox.faults.injected()).toEqual({ 'lost-answer': 1 });
      expect(found.duplicated).toContainEqual(expect.stringContaining('was made 2 times'));
      process.stderr.write(`random kills: control: caught (${found.duplicated.length} duplicated)\n`);
    } finally {
      await arena.close();
    }
  });
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
