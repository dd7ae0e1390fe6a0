import { randomUUID } from 'node:crypto';
import type { Seams } from './seams';

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The machine's time when this thread began, and what has passed since: whoever sets the machine's clock meanwhile moves no lease and no next time. */
const now = (): number => Math.floor(performance.timeOrigin + performance.now());

/** The real clock, randomness and ids. The only file of the engine that touches them. */
export const systemSeams: Seams = {
  clock: { now, sleep },
  random: { next: () => Math.random() },
  ids: { next: () => randomUUID() },
};
