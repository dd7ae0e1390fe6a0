import { ProviderError, type CallContext } from '@wami/provider-port';
import { noMetrics } from '../metrics';
import type { Clock } from '../seams';
import { systemSeams } from '../system-seams';
import { Pacer } from '../targets/pacer';
import { PageTurns } from '../targets/page-turns';
import { Caller, TargetLost, withTimeout } from './caller';

/** A clock whose timers are late, as they are after the whole process stalled. */
class LateClock implements Clock {
  time = 0;
  ring = (): void => undefined;

  now(): number {
    return this.time;
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.ring = resolve;
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

describe('the time of a call', () => {
  it('is over for each request that a call still wants to make, also before the timer rings', async () => {
    const clock = new LateClock();
    let context: CallContext | undefined;
    const call = withTimeout(clock, 100, new AbortController().signal, (given) => {
      context = given;
      return new Promise<never>(() => undefined);
    });
    expect(context?.signal.aborted).toBe(false);
    clock.time = 100;
    expect(context?.signal.aborted).toBe(true);
    clock.ring();
    await expect(call).rejects.toMatchObject({ code: 'Timeout', options: { effect: 'unknown' } });
  });

  it('is over when the target is lost, whatever the adapter does', async () => {
    const lost = new AbortController();
    let context: CallContext | undefined;
    const call = withTimeout(new LateClock(), 100, lost.signal, (given) => {
      context = given;
      return new Promise<never>(() => undefined);
    });
    lost.abort();
    expect(context?.signal.aborted).toBe(true);
    await expect(call).rejects.toBeInstanceOf(TargetLost);
  });
});

describe('pages of listings', () => {
  it('of all targets together are on their way few at a time, and one that fails lets the next one go', async () => {
    const lost = new AbortController().signal;
    const pageTurns = new PageTurns(2);
    let [underWay, most] = [0, 0];
    async function* list(failing: boolean): AsyncGenerator<readonly number[]> {
      for (let page = 0; page < 3; page++) {
        most = Math.max(most, (underWay += 1));
        await systemSeams.clock.sleep(1);
        underWay -= 1;
        if (failing) throw new ProviderError('Unavailable', 'down');
        yield [page];
      }
    }
    const read = async (failing: boolean): Promise<readonly number[]> => {
      const pacer = new Pacer(systemSeams.clock, lost, undefined, () => undefined);
      const caller = new Caller({ account: '1', seams: systemSeams, metrics: noMetrics, timeoutMs: 5_000, lost, mayCall: () => true, pacer, pageTurns });
      const pages: number[] = [];
      await caller.pages(() => list(failing), (page) => void pages.push(...page));
      return pages;
    };
    const readings = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => read(i % 3 === 0)));
    expect(readings.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as ProviderError).code))).toEqual(Array.from({ length: 9 }, (_, i) => (i % 3 === 0 ? 'Unavailable' : [0, 1, 2])));
    expect(most).toBe(2);
  });
});
