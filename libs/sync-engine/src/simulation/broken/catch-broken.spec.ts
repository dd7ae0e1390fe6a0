import type { SimulateOptions } from '../options';
import type { RunResult } from '../run-seed';
import { catchBroken, type RunnerOf } from './catch-broken';
import type { Broken } from './load-broken';

const OPTIONS: SimulateOptions = { from: 1, seeds: 3, trace: false, twice: false, broken: true, search: false, rest: false, core: true, jobs: 1, part: [0, 1], only: '' };
const RESULT: RunResult = { seed: 0, violations: [], hash: '', lines: [], events: 0, faults: {}, commands: 0, calls: 0, statements: 0 };

interface World {
  /** With these seeds each broken engine fails, and with these the shipped one. */
  readonly broken: (seed: number) => boolean;
  readonly shipped: (seed: number) => boolean;
}

async function tried({ broken, shipped }: World, options: Partial<SimulateOptions> = {}): Promise<{ caught: number; missed: number; told: string; shippedRuns: number[] }> {
  const [told, shippedRuns]: [string[], number[]] = [[], []];
  const runnerOf: RunnerOf = (engine?: Broken) => ({ seed }: { readonly seed: number }): Promise<RunResult> => {
    if (!engine) shippedRuns.push(seed);
    return Promise.resolve({ ...RESULT, seed, violations: (engine ? broken : shipped)(seed) ? [{ oracle: 'agrees', words: 'one differs' }] : [] });
  };
  const { seeds, failed } = await catchBroken(runnerOf, { ...OPTIONS, ...options }, (text) => void told.push(text));
  return { caught: seeds - failed, missed: failed, told: told.join('\n'), shippedRuns };
}

describe('a broken engine', () => {
  it('is caught by a seed with which the shipped one passes, which runs once with each seed, whoever shares it', async () => {
    const all = await tried({ broken: () => true, shipped: () => false });
    expect(all.missed).toBe(0);
    expect(all.told).not.toContain('NOT CAUGHT');
    const parts = await Promise.all([0, 1].map((part) => tried({ broken: () => true, shipped: () => false }, { part: [part, 2] })));
    expect(parts.reduce((sum, { caught }) => sum + caught, 0)).toBe(all.caught);
    for (const runs of [all.shippedRuns, parts.flatMap(({ shippedRuns }) => shippedRuns)]) expect(runs).toHaveLength(new Set(runs).size);
    expect(all.caught).toBeGreaterThan(all.shippedRuns.length);
  });

  it('is not caught by a seed with which the shipped one fails, too: that is told, by the seed', async () => {
    const { caught, missed, told } = await tried({ broken: () => true, shipped: (seed) => seed === 3171 }, { search: true, from: 3171 });
    expect([caught, missed > 20]).toEqual([0, true]);
    expect(told).toContain('| NOT CAUGHT: with this seed the shipped engine fails, too: agrees: one differs | 3171 |');
  });

  it('is not caught where every seed passes', async () => {
    const { caught, told, shippedRuns } = await tried({ broken: () => false, shipped: () => true });
    expect([caught, shippedRuns]).toEqual([0, []]);
    expect(told).toMatch(/\| NOT CAUGHT \|  \|$/m);
  });
});
