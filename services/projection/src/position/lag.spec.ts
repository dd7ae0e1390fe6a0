import type { PositionVector } from '@wami/contracts';
import { silentLogger } from '@wami/platform';
import type { Applied } from './applied';
import { Lag } from './lag';

describe('the lag behind a writer that never rests', () => {
  let now = 1_000_000;
  let written = 0;
  let applied = 0;
  let lag: Lag;

  function open(already: number): void {
    [now, written, applied] = [1_000_000, already, 0];
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const reader = { current: (): Promise<PositionVector> => Promise.resolve({ identity: `1.${applied}` }) } as unknown as Applied;
    lag = new Lag(reader, { heads: () => Promise.resolve({ identity: `1.${written}` }) }, silentLogger, 400_000);
  }
  afterEach(async () => {
    await lag.close();
    jest.restoreAllMocks();
  });

  it('is the time since the newest moment whose writes are all there, though some are always missing', async () => {
    open(0);
    for (let second = 0; second < 30; second++) {
      now += 1000;
      written += 10;
      await lag.look();
      applied = written - 5;
    }
    expect(await lag.look()).toBe(1);
    expect(lag.reason).toBeUndefined();
  });

  it('grows by the second where nothing is taken in, from the newest event on where it was never 0', async () => {
    open(10);
    expect(await lag.look()).toBe(600);
    for (let second = 0; second < 200; second++) {
      now += 1000;
      written++;
      await lag.look();
    }
    expect(lag.seconds()).toBe(800);
    expect(lag.reason).toBe('800 s behind the writers');
    applied = written;
    expect(await lag.look()).toBe(0);
  });
});
