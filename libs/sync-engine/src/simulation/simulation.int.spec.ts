import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(900_000);

const ROOT = join(__dirname, '../../../..');
const SEEDS = 60;
const KINDS_OF_FAULTS = [
  'answer lost', 'batch twice', 'call lost', 'connection lost-after', 'connection lost-before', 'crash after', 'crash before', 'credentials rejected',
  'effect after time-out', 'foreign edit', 'stall', 'stop', 'throttled', 'unavailable',
];

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

const hashOf = (printed: string): string | undefined => /^hash (\w{64})$/m.exec(printed)?.[1];

describe('the engine in simulation', () => {
  it(`keeps what it promises over ${SEEDS} seeds, and every kind of fault came`, async () => {
    const printed = await simulate('--seeds', String(SEEDS));
    expect(printed).toMatch(new RegExp(`^${SEEDS} seeds in .*: 0 failed$`, 'm'));
    const faults = /^faults: (.*)$/m.exec(printed)?.[1]?.split(', ') ?? [];
    expect(faults.map((fault) => fault.replace(/ [1-9]\d*$/, ''))).toEqual(KINDS_OF_FAULTS);
  });

  it('has one course for one seed: in one process after others, and in another process', async () => {
    expect(await simulate('--seeds', '8', '--twice')).toMatch(/^8 seeds twice in .*: 0 failed$/m);
    const [one, other] = [hashOf(await simulate('--seed', '8')), hashOf(await simulate('--seed', '8'))];
    expect(one).toBeDefined();
    expect(other).toBe(one);
  });

  it('catches every engine that is broken on purpose', async () => {
    const printed = await simulate('--broken');
    const [, tried, caught] = /broken engines: (\d+), caught: (\d+)/.exec(printed) ?? [];
    expect(Number(tried)).toBeGreaterThanOrEqual(30);
    expect(caught).toBe(tried);
  });
});
