import type { CallContext } from '@wami/provider-port';
import type { Clock } from '../seams';
import { TargetLost, withTimeout } from './caller';

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
