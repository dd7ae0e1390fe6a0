import { eventually } from '@wami/testing';
import { Arena } from './arena';
import { audit, problemsOf, storiesOf, type Findings } from './audit';
import { killAtPoint } from './kill-at-point';
import { KILL_POINTS, type KillPoint } from './kill-points';
import { Load } from './load';
import type { Bug } from './planted-bugs';
import { chosenSeed, Random } from './random';

jest.setTimeout(3_600_000);

/** WAMI_CHAOS_REPETITIONS=20 is the full profile. */
const REPETITIONS = Number(process.env['WAMI_CHAOS_REPETITIONS'] ?? '1');
/** Most of a kill is waiting for the dead owner's lease, so several victims share the processors. */
const ARENAS = 3;
/** A cloud account holds 300 groups. */
const MOST_KILLS = 30;

/** Created, updated, renamed, deleted users; groups created, renamed and deleted; memberships added and removed. */
const EVENT_TYPES = 9;

interface Kill {
  readonly point: KillPoint;
  readonly at: number;
}

interface Report extends Findings {
  readonly acknowledged: number;
  readonly repeated: number;
  readonly fired: readonly KillPoint[];
}

/** One victim, killed so many times; what every kill left behind is judged at the end, because nobody touches it afterwards. */
async function killAll(kills: readonly Kill[], seed: number, bugs: readonly Bug[] = []): Promise<Report> {
  const random = new Random(seed);
  const arena = await Arena.open({ seed, bugs });
  const fired: KillPoint[] = [];
  try {
    for (const [index, kill] of kills.entries()) {
      await killAtPoint(arena, kill, `k${index}a`, random);
      fired.push(kill.point);
    }
    await workUntilAllHappened(arena, random);
    await arena.untilAtRest();
    const found = await audit(arena);
    if (bugs.length === 0) process.stderr.write(await storiesOf(found, arena));
    await arena.victim.end();
    return { ...found, acknowledged: arena.expected.acknowledged, repeated: arena.expected.repeated, fired };
  } finally {
    await arena.close();
  }
}

/** So that no judge is content with what never happened. */
async function workUntilAllHappened(arena: Arena, random: Random): Promise<void> {
  const load = new Load(arena, random, { name: 'last', actors: 2, pauseMs: [5, 20] });
  const happened = (): Set<string> => new Set([...arena.expected.events.keys()].map((event) => event.slice(0, event.indexOf(' '))));
  await eventually(() => happened().size === EVENT_TYPES, { timeoutMs: 60_000, describe: 'every kind of change was acknowledged' }).finally(() => load.stop());
}

function shares(random: Random): Kill[][] {
  const kills = Array.from({ length: REPETITIONS }, () => KILL_POINTS.map((point) => ({ point, at: random.between(1, 5) }))).flat();
  const count = Math.max(ARENAS, Math.ceil(kills.length / MOST_KILLS));
  return Array.from({ length: count }, (_, share) => kills.filter((__, index) => index % count === share));
}

/** So many at a time. */
async function eachOf<T, R>(items: readonly T[], atOnce: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const waiting = [...items.entries()];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

describe('SIGKILL at every named point', () => {
  it('every 2xx has its event, one effect and one projected row', async () => {
    const seed = chosenSeed();
    process.stderr.write(`kill points: seed ${seed} (WAMI_CHAOS_SEED repeats the choices, not the moments)\n`);
    const reports = await eachOf(shares(new Random(seed)), ARENAS, (kills, index) => killAll(kills, seed + index));
    const all = <T>(part: (report: Report) => readonly T[]): T[] => reports.flatMap(part);
    const total = (part: (report: Report) => number): number => reports.reduce((sum, report) => sum + part(report), 0);
    const fired = all((report) => report.fired);
    const times = KILL_POINTS.map((point) => fired.filter((one) => one === point).length);
    process.stderr.write(`kill points: ${KILL_POINTS.length} points x ${Math.min(...times)} repetitions, kills ${fired.length}, acknowledged ${total(({ acknowledged }) => acknowledged)} `
      + `(${total(({ repeated }) => repeated)} sent again), applied ${total(({ applied }) => applied)}, lost ${all(({ lost }) => lost).length}, `
      + `duplicated ${all(({ duplicated }) => duplicated).length}, refused ${all(({ refused }) => refused).length}\n`
      + 'kill points: SKIPPED outbox and produce: on one machine the events themselves are the log; the suite of the event log kills relay and consumers on Kafka\n');
    expect(reports.flatMap(problemsOf)).toEqual([]);
    expect(times).toEqual(KILL_POINTS.map(() => REPETITIONS));
  });

  interface Control {
    readonly bug: Bug;
    readonly judge: keyof Findings;
    readonly words: RegExp;
  }
  // Two in one victim are told apart by what they leave; those whose bug shows in repeated commands and calls only are killed there.
  const controls: readonly (readonly [Kill, ...Control[]])[] = [
    [
      { point: 'append-after', at: 1 },
      { bug: 'forgotten-key', judge: 'refused', words: /NameTaken/ },
      { bug: 'forgotten-row', judge: 'lost', words: /^row usr_/ },
    ],
    // The first call asks who we are there, the second creates.
    [
      { point: 'call-unanswered', at: 2 },
      { bug: 'blind-create', judge: 'duplicated', words: /was made 2 times in the cloud/ },
      { bug: 'forgotten-command', judge: 'lost', words: /event wami\.user\.deleted\.v1 .*: 0 of 1/ },
    ],
  ];
  it('controls: each planted bug is caught', async () => {
    await eachOf(controls, controls.length, async ([kill, ...planted]) => {
      const found = await killAll([kill], 7, planted.map(({ bug }) => bug));
      for (const { bug, judge, words } of planted) {
        expect(found[judge]).toContainEqual(expect.stringMatching(words));
        process.stderr.write(`kill points: control: caught ${bug}\n`);
      }
    });
  });
});
