import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(900_000);

const ROOT = join(__dirname, '../../../..');
/** With the one that told of late effects. */
const FIRST_SEED = 112;
const SEEDS = 45;
const CORE_SEEDS = 1_000;
/** Processes at a time. */
const JOBS = ['--jobs', '2'];
const KINDS_OF_FAULTS = [
  'answer lost', 'batch twice', 'call lost', 'connection lost-after', 'connection lost-before', 'crash after', 'crash before', 'credentials rejected',
  'effect after time-out', 'foreign edit', 'stall', 'stop', 'throttled', 'unavailable',
];
const OF_THE_SHELL = new Set(['batch twice', 'connection lost-after', 'connection lost-before', 'stall', 'stop']);

/** What it printed; rejects with that where its exit code is not 0. */
async function simulate(...args: string[]): Promise<string> {
  const command = ['-C', '@wami/source', '-r', './tools/swc-hook.cjs', 'libs/sync-engine/src/simulation/main.ts', ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
    .catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${args.join(' ')}: ${error.stdout ?? ''}${error.stderr ?? error.message}`);
    });
  process.stderr.write(stdout.split('\n').slice(-4).join('\n'));
  return stdout;
}

const faultsIn = (printed: string): string[] => (/^faults: (.*)$/m.exec(printed)?.[1]?.split(', ') ?? []).map((fault) => fault.replace(/ [1-9]\d*$/, ''));
const caughtIn = (printed: string): number[] => (/broken engines: (\d+), caught: (\d+)/.exec(printed) ?? []).slice(1).map(Number);
const hashOf = (printed: string): string | undefined => /^hash (\w{64})$/m.exec(printed)?.[1];

describe('the engine in simulation', () => {
  it(`keeps what it promises over ${SEEDS} seeds of the whole engine, and every kind of fault came`, async () => {
    const printed = await simulate('--from', String(FIRST_SEED), '--seeds', String(SEEDS), ...JOBS);
    expect(printed).toMatch(new RegExp(`^${SEEDS} seeds in .*: 0 failed$`, 'm'));
    expect(faultsIn(printed)).toEqual(KINDS_OF_FAULTS);
  });

  it(`keeps what it promises over ${CORE_SEEDS} seeds of its core alone, and every kind of fault came that the core hears of`, async () => {
    const printed = await simulate('--core', '--seeds', String(CORE_SEEDS), ...JOBS);
    expect(printed).toMatch(new RegExp(`^${CORE_SEEDS} seeds in .*: 0 failed$`, 'm'));
    expect(faultsIn(printed)).toEqual(KINDS_OF_FAULTS.filter((fault) => !OF_THE_SHELL.has(fault)));
  });

  it.each([[], ['--core']])('has one course for one seed: in one process after others, and in another process (%j)', async (...core: string[]) => {
    expect(await simulate(...core, '--seeds', '8', '--twice')).toMatch(/^8 seeds twice in .*: 0 failed$/m);
    const [one, other] = [hashOf(await simulate(...core, '--seed', '8')), hashOf(await simulate(...core, '--seed', '8'))];
    expect(one).toBeDefined();
    expect(other).toBe(one);
  });

  it('catches every engine that is broken on purpose where the core has no part in it', async () => {
    const [tried, caught] = caughtIn(await simulate('--broken', '--rest', ...JOBS));
    expect(tried).toBeGreaterThanOrEqual(6);
    expect(caught).toBe(tried);
  });

  it('catches by the core alone every engine whose core is broken on purpose', async () => {
    const [tried, caught] = caughtIn(await simulate('--core', '--broken', ...JOBS));
    expect(tried).toBeGreaterThanOrEqual(20);
    expect(caught).toBe(tried);
  });
});
